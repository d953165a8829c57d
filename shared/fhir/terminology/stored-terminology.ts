/** What a service stores of terminology and no canonical URL leads to. */
import type { Condition } from '../../stores/resources/query.ts';
import type { Cursor, ResourceStore, StoredResource } from '../../stores/resources/resource-store.ts';
import { FhirError } from '../outcome.ts';
import { parseStored } from '../resource/text.ts';
import type { CodeSystemResource, ConceptMapResource } from './resources.ts';

type Searched = Pick<ResourceStore, 'search'>;

const maxSupplements = 100;
const maxConceptMaps = 100;
const maxConceptMapBytes = 16 * 1024 * 1024;
/** To find the code system that names a value set its own, this much is looked through. */
const maxScannedBytes = 64 * 1024 * 1024;

/** The supplements of the code system with that url. By their mode: a `urn:` that they supplement is not indexed. */
export async function storedSupplements(store: Searched, system: string): Promise<readonly CodeSystemResource[]> {
  const where: Condition = {
    kind: 'value',
    param: 'CodeSystem.content-mode',
    test: { kind: 'token', code: 'supplement' },
  };
  const { matches } = await store.search({ types: ['CodeSystem'], where, sort: [] }, maxSupplements);
  const found = matches.filter((stored) => mentions(stored, system)).map(parseStored) as CodeSystemResource[];
  return found.filter(({ supplements }) => supplements?.split('|')[0] === system);
}

/** The concept maps that map the code, from (`source`) or to it (`target`). */
export async function storedConceptMaps(
  store: Searched,
  side: 'source' | 'target',
  code: string,
): Promise<readonly ConceptMapResource[]> {
  const where: Condition = { kind: 'value', param: `ConceptMap.${side}-code`, test: { kind: 'token', code } };
  const { matches } = await store.search({ types: ['ConceptMap'], where, sort: [] }, maxConceptMaps);
  const bytes = matches.reduce((sum, { body }) => sum + body.length, 0);
  if (bytes > maxConceptMapBytes)
    throw new FhirError('too-costly', 'Too many maps have the code: one has to be named.');
  return matches.map(parseStored) as ConceptMapResource[];
}

/** `CodeSystem.valueSet` → the code system's url. R4 has no search parameter for it, so all are looked at. */
export async function systemsByValueSet(store: Searched): Promise<ReadonlyMap<string, string>> {
  const systems = new Map<string, string>();
  let after: Cursor | undefined;
  for (let left = maxScannedBytes; left > 0; ) {
    const page = await store.search({ types: ['CodeSystem'], where: undefined, sort: [] }, 10, after);
    for (const stored of page.matches) {
      left -= stored.body.length;
      const { url, valueSet } = namesOf(stored);
      if (url !== undefined && valueSet !== undefined) systems.set(valueSet, url);
    }
    if (!page.next) break;
    after = page.next;
  }
  return systems;
}

/** A code system that does not name its value set is not parsed. */
function namesOf(stored: StoredResource): CodeSystemResource {
  return mentions(stored, 'valueSet') ? (parseStored(stored) as CodeSystemResource) : { resourceType: 'CodeSystem' };
}

function mentions({ body }: StoredResource, text: string): boolean {
  return Buffer.from(body.buffer, body.byteOffset, body.length).includes(text);
}
