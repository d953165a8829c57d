/** The terminology operations. AHDS has `$expand` alone, on the type and by GET on an instance; the right is that to read. */

import type { Interaction } from '../interactions/interaction.ts';
import type { InteractionRow } from '../interactions/interaction-row.ts';
import { lazily } from '../interactions/lazily.ts';

type Level = 'type' | 'instance';

function operation(type: string, name: string, levels: readonly Level[], interaction: Interaction): InteractionRow[] {
  const code = `${type.toLowerCase()}-${name}`;
  return levels.flatMap((level): InteractionRow[] => {
    const path = level === 'type' ? `${type}/$${name}` : `${type}/{id}/$${name}`;
    const title = level === 'type' ? code : `${code}-instance`;
    return [
      { name: title, method: 'GET', path, access: [['read']], body: 'none', interaction },
      { name: `${title}-post`, method: 'POST', path, access: [['read']], body: 'resource', interaction },
    ];
  });
}

const both = ['type', 'instance'] as const;

export const terminologyRows: readonly InteractionRow[] = [
  ...operation(
    'ValueSet',
    'expand',
    both,
    lazily(async () => (await import('./expand.ts')).expand),
  ),
  ...operation(
    'ValueSet',
    'validate-code',
    both,
    lazily(async () => (await import('./validate-code.ts')).validateCodeInValueSet),
  ),
  ...operation(
    'CodeSystem',
    'validate-code',
    both,
    lazily(async () => (await import('./validate-code.ts')).validateCodeInSystem),
  ),
  ...operation(
    'CodeSystem',
    'lookup',
    ['type'],
    lazily(async () => (await import('./lookup.ts')).lookup),
  ),
  ...operation(
    'CodeSystem',
    'subsumes',
    both,
    lazily(async () => (await import('./subsumes.ts')).subsumes),
  ),
  ...operation(
    'ConceptMap',
    'translate',
    both,
    lazily(async () => (await import('./translate.ts')).translate),
  ),
];
