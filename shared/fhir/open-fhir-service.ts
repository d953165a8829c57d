import { openResourceStore, openWorkQueue } from '../stores/embedded/open-embedded-stores.ts';
import type { Change, ResourceStore } from '../stores/resources/resource-store.ts';
import { StartError } from '../workspace/start-error.ts';
import { storedCanonicals } from './conformance/stored-canonicals.ts';
import type { Definitions } from './definitions/definitions.ts';
import { loadDefinitions } from './definitions/load.ts';
import { compileIndexer } from './search/index-resource.ts';
import { sendWork } from './send-work.ts';
import type { FhirService, FhirSettings } from './service.ts';
import { openTerminology } from './terminology/open-terminology.ts';
import { compileValidator } from './validation/compile-validator.ts';

type Versioning = NonNullable<FhirSettings['versioning']>;

/** Opens the FHIR service `name` on its store below `dataDir`. */
export async function openFhirService(options: {
  readonly name: string;
  readonly entry: FhirSettings;
  readonly dataDir: string;
}): Promise<FhirService> {
  const { name, entry, dataDir } = options;
  const definitions = loadDefinitions();
  const now = () => new Date();
  const store = await openResourceStore({ dataDir, service: name });
  const queue = await openWorkQueue(dataDir);
  const canonicals = storedCanonicals(store, now);
  const { commit, onCommit } = observedCommit(store);
  onCommit(canonicals.changed);
  return {
    name,
    store,
    commit,
    onCommit,
    definitions,
    settings: {
      maxBundleEntries: entry.maxBundleEntries,
      ...(entry.versioning && { versioning: checkedVersioning(name, entry.versioning, definitions) }),
    },
    signingKey: store.signingKey,
    index: compileIndexer(definitions),
    validate: compileValidator(definitions),
    canonicals,
    terminology: openTerminology(definitions),
    send: sendWork(queue, name),
    now,
    close: async () => {
      await store.close();
      await queue.close();
    },
  };
}

function checkedVersioning(name: string, versioning: Versioning, definitions: Definitions): Versioning {
  const unknown = Object.keys(versioning).find((type) => type !== 'default' && !definitions.isResourceType(type));
  if (unknown === undefined) return versioning;
  throw new StartError(`workspace.json: $.services.${name}.versioning.${unknown} must be a resource type of R4.`);
}

function observedCommit(store: ResourceStore): Pick<FhirService, 'commit' | 'onCommit'> {
  const listeners: ((changes: readonly Change[]) => void)[] = [];
  return {
    commit: async (changes, guards) => {
      const result = await store.commit(changes, guards);
      if (result.done) for (const listener of listeners) listener(changes);
      return result;
    },
    onCommit: (listener) => void listeners.push(listener),
  };
}
