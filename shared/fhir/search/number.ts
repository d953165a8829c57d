import type { ValueTest } from '../../stores/resources/query.ts';
import { parseDecimal } from './decimal.ts';
import { unescaped } from './escape.ts';
import { numberRange, splitPrefix } from './prefix.ts';
import { badValue } from './search-context.ts';

/** FHIR R4 3.1.1.4.6. */
export function numberTest(text: string, code: string): ValueTest {
  const { prefix, rest } = splitPrefix(unescaped(text));
  const number = parseDecimal(rest);
  if (!number) throw badValue(code, 'a number');
  return { kind: 'number', range: numberRange(prefix, number) };
}
