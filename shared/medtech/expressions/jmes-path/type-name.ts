import { kindOf } from '../../json/kind.ts';
import type { JsonValue } from '../../json/value.ts';

/** The types of JMESPath: both kinds of numbers are `number`, dates are `string`. */
export function typeName(value: JsonValue): string {
  const kind = kindOf(value);
  if (kind === 'integer' || kind === 'float') return 'number';
  return kind === 'date' ? 'string' : kind;
}
