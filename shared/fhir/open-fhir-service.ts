import { openResourceStore } from '../stores/embedded/open-embedded-stores.ts';
import { loadDefinitions } from './definitions/load.ts';
import { compileIndexer } from './search/index-resource.ts';
import type { FhirService, FhirSettings } from './service.ts';
import { compileValidator } from './validation/compile-validator.ts';

/** Opens the FHIR service `name` on its store below `dataDir`. */
export async function openFhirService(options: {
  readonly name: string;
  readonly entry: FhirSettings;
  readonly dataDir: string;
}): Promise<FhirService> {
  const { name, entry, dataDir } = options;
  const definitions = loadDefinitions();
  const store = await openResourceStore({ dataDir, service: name });
  return {
    name,
    store,
    definitions,
    settings: { maxBundleEntries: entry.maxBundleEntries },
    signingKey: store.signingKey,
    index: compileIndexer(definitions),
    validate: compileValidator(definitions),
    now: () => new Date(),
  };
}
