import type { ElementIndexer, IndexedElement } from './index-element.ts';
import { valueRange } from './index-quantity.ts';

const numbers = new Set(['decimal', 'integer', 'positiveInt', 'unsignedInt']);

/** FHIR R4 3.1.1.4.6. */
export function numberIndexer({ type }: IndexedElement): ElementIndexer | undefined {
  if (numbers.has(type)) {
    return (value) => (typeof value === 'number' ? [{ kind: 'number', low: value, high: value }] : []);
  }
  if (type !== 'Range') return undefined;
  return (value) => {
    const range = valueRange(value);
    return range ? [{ kind: 'number', low: range.low, high: range.high }] : [];
  };
}
