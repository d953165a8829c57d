import { textOf } from './element-text.ts';
import type { ElementIndexer, IndexedElement } from './index-element.ts';

const uris = new Set(['uri', 'url', 'oid', 'uuid', 'canonical']);

/** FHIR R4 3.1.1.4.13. */
export function uriIndexer({ type }: IndexedElement): ElementIndexer | undefined {
  if (!uris.has(type)) return undefined;
  const form = type === 'canonical' ? bareCanonical : (uri: string) => uri;
  return (value) => {
    const uri = textOf(value);
    return uri === undefined ? [] : [{ kind: 'uri', uri: form(uri) }];
  };
}

/** `url|version#fragment` → `url`. AHDS: a canonical is found by its bare URL, whatever version it names. */
export function bareCanonical(canonical: string): string {
  const end = canonical.search(/[|#]/);
  return end <= 0 ? canonical : canonical.slice(0, end);
}
