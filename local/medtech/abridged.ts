import { formatJson } from '../../shared/fhir/resource/json.ts';
import type { JsonValue } from '../../shared/fhir/resource/types.ts';

/** JSON on one line, without the many empty slots of sampled data. */
export function abridged(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  return formatJson(value).replace(/(?<![^ "])E(?: E){4,}(?![^ "])/g, (run) => `E…${(run.length + 1) / 2} times…`);
}
