import type { ValueTest } from '../../stores/resources/query.ts';
import { unescaped } from './escape.ts';
import { literalReference } from './literal-reference.ts';
import { notOffered, type SearchContext } from './search-context.ts';

/**
 * FHIR R4 3.1.1.4.9: `id`, `Type/id` or an absolute URL; `:Type` gives an id its type.
 * AHDS: a relative reference finds resources of that type and id on any server, an absolute one only those on its own.
 */
export function referenceTest(context: SearchContext, text: string, modifier: string | undefined): ValueTest {
  const value = unescaped(text);
  const { base, type, id } = literalReference(value, context.base, context.definitions.isResourceType);
  if (modifier !== undefined && type !== null && type !== modifier) {
    throw notOffered(`The modifier ':${modifier}' contradicts the type in the value.`);
  }
  const isAbsolute = type !== null && /^https?:/.test(value);
  const ofType = type ?? modifier;
  return { kind: 'reference', ...(isAbsolute && { base }), ...(ofType !== undefined && { type: ofType }), id };
}
