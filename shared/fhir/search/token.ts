import type { ValueTest } from '../../stores/resources/query.ts';
import { splitEscaped, unescaped } from './escape.ts';
import { badValue } from './search-context.ts';
import { foldedText } from './string.ts';

/** FHIR R4 3.1.1.4.10: `code`, `system|code`, `|code` (has no system), `system|`. AHDS: case-sensitive throughout. */
export function tokenTest(text: string, modifier: string | undefined, code: string): ValueTest {
  if (modifier === 'text') return { kind: 'token', text: foldedText(unescaped(text), code) };
  const [first = '', second, ...more] = splitEscaped(text, '|').map(unescaped);
  if (second === undefined) return { kind: 'token', code: first };
  if (more.length > 0 || (first === '' && second === '')) throw badValue(code, 'a code, system|code, |code or system|');
  if (second === '') return { kind: 'token', system: first };
  return { kind: 'token', system: first === '' ? null : first, code: second };
}

/** FHIR R4 3.1.1.4.10: `system|code|value`, the type of an identifier and its value; `|code|value`: a type without a system. */
export function ofTypeTest(text: string, parameter: string): ValueTest {
  const [system = '', code = '', value = '', ...more] = splitEscaped(text, '|').map(unescaped);
  if (code === '' || value === '' || more.length > 0) throw badValue(parameter, 'system|code|value');
  return { kind: 'token', system: system === '' ? null : system, code: typedValue(code, value) };
}

/** The code under which the index has an identifier for `:of-type`. */
export function typedValue(typeCode: string, value: string): string {
  return `${typeCode.replace(/[\\|]/g, '\\$&')}|${value}`;
}
