import { FhirError } from '../outcome.ts';
import type { Subset } from './subset.ts';

/** What `_summary` and `_elements` of a request ask for; undefined: the whole resource. Malformed ones are 400. */
export function askedSubset(given: ReadonlyMap<string, string>): Subset | undefined {
  const summary = given.get('_summary') ?? 'false';
  const elements = given
    .get('_elements')
    ?.split(',')
    .filter((name) => name !== '');
  if (!['true', 'text', 'data', 'count', 'false'].includes(summary)) {
    throw new FhirError('invalid', '_summary must be true, text, data, count or false.');
  }
  if (elements?.length === 0) throw new FhirError('invalid', '_elements must name at least one element.');
  if (elements && summary !== 'false') {
    throw new FhirError('invalid', '_elements and _summary cannot be combined.');
  }
  if (elements) return { elements };
  return summary === 'true' || summary === 'text' || summary === 'data' ? { summary } : undefined;
}
