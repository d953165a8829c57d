import type { ValueTest } from '../../stores/resources/query.ts';
import { unescaped } from './escape.ts';

/** FHIR R4 3.1.1.4.13: exact and case-sensitive; `:above` and `:below` compare from the start. */
export function uriTest(text: string, modifier: string | undefined): ValueTest {
  const match = modifier === 'above' || modifier === 'below' ? modifier : 'exact';
  return { kind: 'uri', match, uri: unescaped(text) };
}

/** FHIR R4 3.1.1.4.13: URNs have no hierarchy. */
export function hasHierarchy(text: string): boolean {
  return !text.startsWith('urn:');
}
