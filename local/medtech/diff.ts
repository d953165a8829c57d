import { parseArgs } from 'node:util';
import { formatJson } from '../../shared/fhir/resource/json.ts';
import type { JsonObject } from '../../shared/fhir/resource/types.ts';
import { withDigits } from '../../shared/medtech/fhir-mapping/decimal-holders.ts';
import type { Difference } from '../../shared/medtech/mapping-tool/differences.ts';
import { type Change, type Changes, mappingChange } from '../../shared/medtech/mapping-tool/mapping-change.ts';
import { abridged } from './abridged.ts';
import { commonOptions, oneArgument, readEvents, ToolError, usableMappings, workspaceMappings } from './tool-files.ts';

const usage = 'diff EVENTS --device FILE --fhir FILE [--old-device FILE] [--old-fhir FILE] [--all] [--json]';
const options = {
  ...commonOptions,
  'old-device': { type: 'string' },
  'old-fhir': { type: 'string' },
  all: { type: 'boolean', default: false },
} as const;
/** Changes of a kind that are shown without `--all`. */
const shownChanges = 10;

/**
 * `diff EVENTS`: what becomes of recorded events with other mappings. Those that are not named are the workspace's.
 * 0: the same, 1: not, 2: cannot be read.
 */
export async function diff(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const events = readEvents(oneArgument(positionals, usage));
  if (values.device === undefined && values.fhir === undefined) throw new ToolError(usage);
  const known = values['old-device'] && values['old-fhir'] ? {} : workspaceMappings();
  const old = { device: values['old-device'] ?? known.device, fhir: values['old-fhir'] ?? known.fhir };
  const now = { device: values.device ?? old.device, fhir: values.fhir ?? old.fhir };
  const { measurements, observations, failures } = mappingChange(usableMappings(old), usableMappings(now), events);
  if (values.json) {
    const result = { measurements, observations, failures } as unknown as JsonObject;
    console.log(formatJson(withDigits(result)));
  } else {
    const most = values.all ? Number.POSITIVE_INFINITY : shownChanges;
    console.log(
      [...lines('measurements', measurements, most), ...lines('observations', observations, most)].join('\n'),
    );
    for (const failure of failures.added.slice(0, most)) console.log(`fails now: ${failure}`);
    for (const failure of failures.removed.slice(0, most)) console.log(`fails no more: ${failure}`);
  }
  const counts = [measurements, observations].flatMap(({ added, removed, changed }) => [added, removed, changed]);
  return [...counts, failures.added, failures.removed].every((list) => list.length === 0) ? 0 : 1;
}

function lines(name: string, { added, removed, changed, unchanged }: Changes, most: number): string[] {
  const counts = `${added.length} added, ${removed.length} removed, ${changed.length} changed, ${unchanged} the same`;
  const section = (changes: readonly Change[], text: (change: Change) => string[]) => [
    ...changes.slice(0, most).flatMap(text),
    ...(changes.length > most ? [`  and ${changes.length - most} more (--all shows them)`] : []),
  ];
  return [
    `${name}: ${counts}`,
    ...section(added, ({ key, after }) => [`  + ${key}: ${abridged(after)}`]),
    ...section(removed, ({ key, before }) => [`  - ${key}: ${abridged(before)}`]),
    ...section(changed, ({ key, differences = [] }) => [`  ~ ${key}`, ...differences.map(differenceLine)]),
  ];
}

function differenceLine({ place, expected, actual }: Difference): string {
  return `      ${place}: ${abridged(expected)} becomes ${abridged(actual)}`;
}
