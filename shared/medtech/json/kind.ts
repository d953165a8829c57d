import { isDateText } from './date-text.ts';
import { Float, Instant, isArray, type JsonValue, PlainText } from './value.ts';

export type Kind = 'integer' | 'float' | 'date' | 'string' | 'boolean' | 'null' | 'array' | 'object';

/** The kind of a value by the table in value.ts. */
export function kindOf(value: JsonValue): Kind {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) ? 'integer' : 'float';
    case 'bigint':
      return 'integer';
    case 'string':
      return isDateText(value) ? 'date' : 'string';
    case 'boolean':
      return 'boolean';
    default:
      if (value === null) return 'null';
      if (isArray(value)) return 'array';
      if (value instanceof Float) return 'float';
      if (value instanceof PlainText) return 'string';
      return value instanceof Instant ? 'date' : 'object';
  }
}
