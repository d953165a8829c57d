/** The concept maps that are known: those that the service stores before those of R4. */
import type { Definitions } from '../definitions/definitions.ts';
import type { FhirService } from '../service.ts';
import type { ConceptMapResource } from './resources.ts';
import { storedConceptMaps } from './stored-terminology.ts';

export async function findConceptMap(
  { canonicals, definitions }: FhirService,
  canonical: string,
): Promise<ConceptMapResource | undefined> {
  const stored = await canonicals.find('ConceptMap', canonical);
  if (stored) return stored as ConceptMapResource;
  const [url = '', version] = canonical.split('|');
  const published = definitions.published('ConceptMap', url);
  return version === undefined || published?.version === version ? (published as ConceptMapResource) : undefined;
}

/** The maps that may have a mapping from the code (`source`) or to it (`target`). */
export async function conceptMapsFor(
  { store, definitions }: FhirService,
  side: 'source' | 'target',
  code: string,
): Promise<readonly ConceptMapResource[]> {
  const stored = await storedConceptMaps(store, side, code);
  const urls = new Set(stored.map(({ url }) => url));
  return [...stored, ...allPublished(definitions).filter(({ url }) => !urls.has(url))];
}

const published = new WeakMap<Definitions, readonly ConceptMapResource[]>();

function allPublished(definitions: Definitions): readonly ConceptMapResource[] {
  const before = published.get(definitions);
  if (before) return before;
  const urls = definitions.publishedUrls('ConceptMap');
  const maps = urls.map((url) => definitions.published('ConceptMap', url) as ConceptMapResource);
  published.set(definitions, maps);
  return maps;
}
