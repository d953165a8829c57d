/** Prefixes of dates, numbers and quantities, and the ranges that they ask for. FHIR R4 3.1.1.4.5, spelled out by AHDS. */
import type { Bound, Range } from '../../stores/resources/query.ts';
import type { Decimal } from './decimal.ts';
import type { InstantRange } from './instant-range.ts';

export type Prefix = 'eq' | 'ne' | 'gt' | 'lt' | 'ge' | 'le' | 'sa' | 'eb' | 'ap';

const prefixed = /^(eq|ne|gt|lt|ge|le|sa|eb|ap)(?=[\d+-])/;

export function splitPrefix(text: string): { prefix: Prefix; rest: string } {
  const prefix = prefixed.exec(text)?.[1] as Prefix | undefined;
  return { prefix: prefix ?? 'eq', rest: prefix ? text.slice(2) : text };
}

const below = (end: Bound['end'], value: number): Bound => ({ end, is: '<', value });
const above = (end: Bound['end'], value: number): Bound => ({ end, is: '>', value });
const atMost = (end: Bound['end'], value: number): Bound => ({ end, is: '<=', value });
const atLeast = (end: Bound['end'], value: number): Bound => ({ end, is: '>=', value });
const every = (...bounds: Bound[]): Range => ({ join: 'every', bounds });
const some = (...bounds: Bound[]): Range => ({ join: 'some', bounds });

const overlap = (low: number, high: number): Range => every(atMost('low', high), atLeast('high', low));
const outside = (low: number, high: number): Range => some(below('low', low), above('high', high));

/**
 * `now` in milliseconds since 1970: `ap` is within a tenth of the time between it and the date.
 * AHDS differs from FHIR: `eq` is overlap, not containment (its switch for containment is off as shipped).
 */
export function dateRange(prefix: Prefix, { low, high }: InstantRange, now: number): Range {
  switch (prefix) {
    case 'eq':
      return overlap(low, high);
    case 'ne':
      return outside(low, high);
    case 'gt':
      return every(above('high', high));
    case 'lt':
      return every(below('low', low));
    case 'ge':
      return every(atLeast('high', low));
    case 'le':
      return every(atMost('low', high));
    case 'sa':
      return every(above('low', high));
    case 'eb':
      return every(below('high', low));
    case 'ap': {
      const margin = Math.round(Math.abs(now - high) * 0.1);
      return overlap(low - margin, high + margin);
    }
  }
}

/** FHIR R4 3.1.1.4.5: the stored range lies within the argument's. `ne` is its opposite already. */
export function contained({ low, high }: InstantRange): Range {
  return every(atLeast('low', low), atMost('high', high));
}

/** AHDS: only `eq`, `ne` and `ap` look at the precision of the number; `sa` and `eb` are `gt` and `lt`. */
export function numberRange(prefix: Prefix, { value, low, high }: Decimal): Range {
  switch (prefix) {
    case 'eq':
      return overlap(low, high);
    case 'ne':
      return outside(low, high);
    case 'gt':
    case 'sa':
      return every(above('high', value));
    case 'lt':
    case 'eb':
      return every(below('low', value));
    case 'ge':
      return every(atLeast('high', value));
    case 'le':
      return every(atMost('low', value));
    case 'ap': {
      const margin = Math.abs(value) * 0.1;
      return overlap(low - margin, high + margin);
    }
  }
}
