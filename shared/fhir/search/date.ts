import type { Range, ValueTest } from '../../stores/resources/query.ts';
import { unescaped } from './escape.ts';
import { instantRange } from './instant-range.ts';
import { contained, dateRange, splitPrefix } from './prefix.ts';
import { badValue, type SearchContext } from './search-context.ts';

export function dateTest(context: SearchContext, text: string, code: string): ValueTest {
  return { kind: 'date', range: dateArgument(context, text, code) };
}

/** FHIR R4 3.1.1.4.7. */
export function dateArgument(context: SearchContext, text: string, code: string): Range {
  const { prefix, rest } = splitPrefix(unescaped(text));
  const range = instantRange(rest);
  if (!range) throw badValue(code, 'a date');
  return prefix === 'eq' && context.dateContainment ? contained(range) : dateRange(prefix, range, context.now);
}
