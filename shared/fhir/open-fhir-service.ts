import { randomUUID } from 'node:crypto';
import type { TokenAuthority } from '../access/smart/token-authority.ts';
import { Jobs } from '../jobs/jobs.ts';
import { systemText } from '../operations/errors.ts';
import {
  openJobStore,
  openResourceStore,
  openSubscriptionStore,
  openWorkQueue,
} from '../stores/embedded/open-embedded-stores.ts';
import type { Change, ResourceStore } from '../stores/resources/resource-store.ts';
import { StartError } from '../workspace/start-error.ts';
import { storedCanonicals } from './conformance/stored-canonicals.ts';
import type { Definitions } from './definitions/definitions.ts';
import { loadDefinitions } from './definitions/load.ts';
import { jobsRow } from './jobs-row.ts';
import type { FullValidation, FullValidationParts } from './profiles/full-validation.ts';
import { ParameterRegistry, pollSeconds } from './search-parameters/parameter-registry.ts';
import { sendWork } from './send-work.ts';
import type { FhirService, FhirSettings } from './service.ts';
import { openSubscriptions } from './subscriptions/open-subscriptions.ts';
import { defaultSubscriptionSettings, type SubscriptionSettings } from './subscriptions/settings.ts';
import { openTerminology } from './terminology/open-terminology.ts';
import { compileValidator } from './validation/compile-validator.ts';

type Versioning = NonNullable<FhirSettings['versioning']>;

/** Opens the FHIR service `name` on its store below `dataDir`. */
export async function openFhirService(options: {
  readonly name: string;
  readonly entry: FhirSettings & { readonly subscriptions?: SubscriptionSettings };
  readonly dataDir: string;
  readonly tokens?: TokenAuthority | undefined;
}): Promise<FhirService> {
  const { name, entry, dataDir, tokens } = options;
  const published = loadDefinitions();
  const now = () => new Date();
  const store = await openResourceStore({ dataDir, service: name });
  const queue = await openWorkQueue(dataDir);
  const jobStore = await openJobStore(dataDir);
  const parameters = new ParameterRegistry(published, store, entry.fullText);
  await parameters.refresh();
  const { definitions } = parameters;
  const send = sendWork(queue, name);
  const jobs = new Jobs({
    service: name,
    store: jobStore,
    send: (message, delaySeconds) => send(jobsRow, message, delaySeconds),
    now: Date.now,
    onError: (error) => console.error(`A job of the service ${name} failed in a step: ${systemText(error)}`),
  });
  // The lock on the data folder says that no other process works on its jobs.
  await jobs.resume();
  const poll = setInterval(() => parameters.refresh().catch(() => {}), pollSeconds * 1000).unref();
  const canonicals = storedCanonicals(store, now);
  const { commit, onCommit } = observedCommit(store, parameters);
  onCommit(canonicals.changed);
  const terminology = openTerminology(published, { canonicals, store });
  const validate = compileValidator(published);
  let full: Promise<FullValidation> | undefined;
  const index: FhirService['index'] = (resource, base) => parameters.index(resource, base);
  const subscriptions = openSubscriptions({
    settings: entry.subscriptions ?? defaultSubscriptionSettings,
    store,
    openStates: () => openSubscriptionStore({ dataDir, service: name }),
    send,
    index,
  });
  onCommit(subscriptions.changed);
  subscriptions.start();
  return {
    name,
    store,
    current: (key) => store.read(key),
    newId: randomUUID,
    commit,
    onCommit,
    definitions,
    parameters,
    settings: {
      maxBundleEntries: entry.maxBundleEntries,
      validateProfiles: entry.validateProfiles ?? false,
      fullText: entry.fullText,
      dateContainment: entry.dateContainment,
      ...(entry.versioning && { versioning: checkedVersioning(name, entry.versioning, definitions) }),
    },
    signingKey: store.signingKey,
    index,
    validate,
    fullValidation: () => {
      full ??= openFullValidation({ definitions: published, validate, canonicals, terminology });
      return full;
    },
    canonicals,
    terminology,
    send,
    tokens,
    jobs,
    subscriptions,
    now,
    close: async () => {
      await (await full)?.close();
      clearInterval(poll);
      await subscriptions.close();
      await store.close();
      await jobStore.close();
      await queue.close();
    },
  };
}

function checkedVersioning(name: string, versioning: Versioning, definitions: Definitions): Versioning {
  const unknown = Object.keys(versioning).find((type) => type !== 'default' && !definitions.isResourceType(type));
  if (unknown === undefined) return versioning;
  throw new StartError(`workspace.json: $.services.${name}.versioning.${unknown} must be a resource type of R4.`);
}

async function openFullValidation(parts: Omit<FullValidationParts, 'invariants'>): Promise<FullValidation> {
  const { FullValidation } = await import('./profiles/full-validation.ts');
  const { InvariantRunner } = await import('./profiles/invariant-runner.ts');
  return new FullValidation({ ...parts, invariants: new InvariantRunner() });
}

function observedCommit(store: ResourceStore, parameters: ParameterRegistry): Pick<FhirService, 'commit' | 'onCommit'> {
  const listeners: ((changes: readonly Change[]) => void)[] = [];
  return {
    commit: async (changes, guards, parameterChange) => {
      const result = await store.commit(changes, guards, parameterChange);
      // A refused commit may have been made with search parameters that are not the present ones.
      if (parameterChange || !result.done) await parameters.refresh();
      if (result.done) for (const listener of listeners) listener(changes);
      return result;
    },
    onCommit: (listener) => void listeners.push(listener),
  };
}
