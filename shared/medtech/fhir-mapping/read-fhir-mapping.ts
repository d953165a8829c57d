/** A FHIR mapping file, read with all its mistakes at once. */

import type { MappingObject } from '../json/mapping-object.ts';
import { openMapping } from '../json/open-mapping.ts';
import type { MappingProblem } from '../mapping-problem.ts';
import type { CodeValueTemplate, FhirMapping } from './fhir-mapping.ts';
import { readTemplate } from './read-template.ts';

export interface FhirMappingRead {
  /** The templates that are valid. To be used only where no problem is an error. */
  readonly mapping: FhirMapping;
  readonly problems: readonly MappingProblem[];
}

export function readFhirMapping(text: string): FhirMappingRead {
  const problems: MappingProblem[] = [];
  const templates = new Map<string, CodeValueTemplate>();
  const root = openMapping(text, problems);
  if (!root) return { mapping: { templates }, problems };
  for (const container of isOf(root, 'CollectionFhir') ? (templateList(root) ?? []) : []) {
    if (!isOf(container, 'CodeValueFhir')) continue;
    const object = container.object('template');
    if (!object) {
      if (container.get('template') === undefined) container.missing('template');
      continue;
    }
    const errors = problems.length;
    const template = readTemplate(object);
    if (!template || problems.slice(errors).some(({ level }) => level === 'error')) continue;
    const key = template.typeName.toLowerCase();
    if (templates.has(key))
      object.error(`Duplicate template defined for type name: '${template.typeName}'.`, 'typeName');
    else templates.set(key, template);
  }
  return { mapping: { templates }, problems };
}

/** Both spellings, `CodeValueFhir` and `CodeValueFhirTemplate`, in any case. */
function isOf(container: MappingObject, type: string): boolean {
  const given = container.text('templateType');
  if (given === undefined) container.missing('templateType');
  else if ([type, `${type}Template`].some((each) => each.toLowerCase() === given.toLowerCase())) return true;
  else container.error(`No match found for template type '${given}': it must be ${type}.`, 'templateType');
  return false;
}

function templateList(root: MappingObject): MappingObject[] | undefined {
  if (root.get('template') === undefined) root.missing('template');
  return root.list('template');
}
