import { fold } from '../../stores/resources/index-entry.ts';
import type { ValueTest } from '../../stores/resources/query.ts';
import { unescaped } from './escape.ts';
import { badValue } from './search-context.ts';

/** FHIR R4 3.1.1.4.8: starts with, without regard to case and accents, unless a modifier says otherwise. */
export function stringTest(text: string, modifier: string | undefined, code: string): ValueTest {
  const value = unescaped(text);
  if (modifier === 'exact') return { kind: 'string', match: 'exact', exact: value };
  return { kind: 'string', match: modifier === 'contains' ? 'contains' : 'starts', folded: foldedText(value, code) };
}

/** What folds to nothing, such as blanks, would find everything. */
export function foldedText(value: string, code: string): string {
  const folded = fold(value);
  if (folded === '') throw badValue(code, 'a text');
  return folded;
}
