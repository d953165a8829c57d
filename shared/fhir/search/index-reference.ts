import type { ReferenceValue } from '../../stores/resources/index-entry.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { isObject } from '../resource/json.ts';
import { textOf } from './element-text.ts';
import type { ElementIndexer, IndexedElement, IndexedParameter } from './index-element.ts';
import { bareCanonical } from './index-uri.ts';
import { literalReference } from './literal-reference.ts';

/**
 * FHIR R4 3.1.1.4.9. References to contained resources (`#x`), `urn:` and logical references are not indexed, as in AHDS.
 * Parameters that are limited to some types (`.where(resolve() is Patient)`) take only references to these.
 */
export function referenceIndexer(
  { type, element }: IndexedElement,
  { targets }: IndexedParameter,
  definitions: Definitions,
): ElementIndexer | undefined {
  const only = singleTarget(definitions, element);
  const index = (text: string | undefined, base: string): ReferenceValue[] => {
    if (text === undefined || text.startsWith('#') || text.startsWith('urn:')) return [];
    const literal = literalReference(text, base, definitions.isResourceType);
    const isBareId = literal.type === null && /^[A-Za-z0-9\-.]{1,64}$/.test(literal.id);
    const reference = isBareId ? { ...literal, type: only } : literal;
    const isPossible = reference.type === null ? !isBareId || targets.length > 1 : targets.includes(reference.type);
    return isPossible || targets.length === 0 ? [{ kind: 'reference', ...reference }] : [];
  };
  if (type === 'Reference') return (value, base) => (isObject(value) ? index(textOf(value.reference), base) : []);
  if (type === 'uri' || type === 'url') return (value, base) => index(textOf(value), base);
  if (type === 'canonical') {
    return (value, base) => {
      const text = textOf(value);
      return index(text === undefined ? undefined : bareCanonical(text), base);
    };
  }
  if (type === 'Resource') {
    return (value) => {
      const [type, id] = isObject(value) ? [textOf(value.resourceType), textOf(value.id)] : [];
      return type === undefined || id === undefined ? [] : [{ kind: 'reference', base: null, type, id }];
    };
  }
  return undefined;
}

/** The type of a reference that does not say it, where its element allows only one. */
function singleTarget(definitions: Definitions, element: string): string | null {
  const dot = element.lastIndexOf('.');
  const targets = definitions.type(element.slice(0, dot))?.elements.get(element.slice(dot + 1))?.targets ?? [];
  return targets.length === 1 ? (targets[0] ?? null) : null;
}
