/**
 * The search parameters of one service at this moment: those of the specification and the custom ones, each in a state.
 * Enabled ones are searched by; Supported ones are indexed, so that nothing written while a reindex runs is missed.
 * A commit of this process is seen before it is answered, one of another within `pollSeconds`.
 */
import type { IndexEntry } from '../../stores/resources/index-entry.ts';
import type { ParameterState, StoredParameter } from '../../stores/resources/parameter-status.ts';
import type { ResourceStore } from '../../stores/resources/resource-store.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { FhirError } from '../outcome.ts';
import { parseStored } from '../resource/text.ts';
import type { Resource } from '../resource/types.ts';
import { compileIndexer } from '../search/index-resource.ts';
import { type CustomParameter, customParameter, type FindComponent } from './custom-parameter.ts';
import { type ParameterView, parameterView } from './parameter-view.ts';
import { publishedParameters } from './published-parameters.ts';

/** AHDS: every node looks for changed states so often. */
export const pollSeconds = 20;

interface Snapshot {
  readonly version: number;
  readonly records: ReadonlyMap<string, StoredParameter>;
  readonly custom: ReadonlyMap<string, CustomParameter>;
  /** What searches see. */
  readonly enabled: ParameterView;
  /** What searches see that take parameters whose reindex is not complete. */
  readonly partial: ParameterView;
  readonly index: (resource: Resource, base: string) => IndexEntry[];
}

export class ParameterRegistry {
  /** The definitions of the service: their search parameters are the Enabled ones, always the present ones. */
  readonly definitions: Definitions;
  /** With those that are Supported: `x-ms-use-partial-indices`. */
  readonly partial: Definitions;
  /** The specification's alone. */
  readonly published: Definitions;
  readonly #store: Pick<ResourceStore, 'read' | 'parameters'>;
  #now: Snapshot;
  #refreshing: Promise<void> = Promise.resolve();

  constructor(base: Definitions, store: Pick<ResourceStore, 'read' | 'parameters'>) {
    this.published = base;
    this.#store = store;
    const index = compileIndexer(base);
    this.#now = { version: 0, records: new Map(), custom: new Map(), enabled: base, partial: base, index };
    this.definitions = this.#following(({ enabled }) => enabled);
    this.partial = this.#following(({ partial }) => partial);
  }

  get version(): number {
    return this.#now.version;
  }

  get index(): Snapshot['index'] {
    return this.#now.index;
  }

  /** All records there are, deleted ones too. */
  get records(): Iterable<StoredParameter> {
    return this.#now.records.values();
  }

  get custom(): Iterable<CustomParameter> {
    return this.#now.custom.values();
  }

  record(url: string): StoredParameter | undefined {
    return this.#now.records.get(url);
  }

  customBy(url: string): CustomParameter | undefined {
    return this.#now.custom.get(url);
  }

  /** The record of the parameter that the SearchParameter with this id defines. */
  recordOf(id: string): StoredParameter | undefined {
    for (const record of this.#now.records.values()) {
      if (record.resource === id && record.state !== 'Deleted') return record;
    }
    return undefined;
  }

  isPublished(url: string): boolean {
    return publishedParameters(this.published).has(url);
  }

  /** Undefined for a URL that was never one of a parameter here. */
  state(url: string): ParameterState | 'Unsupported' | undefined {
    const published = publishedParameters(this.published).get(url);
    return this.record(url)?.state ?? (published && (published.usable ? 'Enabled' : 'Unsupported'));
  }

  /** Reads a definition as this service would use it. Throws `FhirError` when it cannot. */
  read(resource: Resource): Promise<CustomParameter> {
    return customParameter(this.published, resource, this.#component(this.#now.custom));
  }

  /** Looks whether the store has changed, and returns when that is seen here. Cheap when it has not. */
  refresh(): Promise<void> {
    this.#refreshing = this.#refreshing.then(
      () => this.#refresh(),
      () => this.#refresh(),
    );
    return this.#refreshing;
  }

  async #refresh(): Promise<void> {
    const before = this.#now;
    const stored = await this.#store.parameters(before.version);
    if (!stored) return;
    const records = new Map(stored.records.map((record) => [record.url, record]));
    const custom = new Map<string, CustomParameter>();
    // Composites are made of others: what cannot be made before these can be made in the second round.
    for (const record of [...stored.records, ...stored.records]) {
      if (this.isPublished(record.url) || record.state === 'Deleted' || custom.has(record.url)) continue;
      const known = before.records.get(record.url)?.version === record.version && before.custom.get(record.url);
      const parameter = known || (await this.#load(record, custom));
      if (parameter) custom.set(record.url, parameter);
    }
    this.#now = this.#snapshot(stored.version, records, custom);
  }

  /** Undefined when the resource has another url now: the parameter is on its way out. */
  async #load({ url, resource }: StoredParameter, others: ReadonlyMap<string, CustomParameter>) {
    const stored = resource === null ? undefined : await this.#store.read({ type: 'SearchParameter', id: resource });
    if (!stored || stored.deleted) return undefined;
    const definition = parseStored(stored);
    if (definition.url !== url) return undefined;
    try {
      return await customParameter(this.published, definition, this.#component(others));
    } catch (error) {
      // A release that takes less than the one that stored it must still start.
      if (error instanceof FhirError) return undefined;
      throw error;
    }
  }

  #snapshot(version: number, records: Snapshot['records'], custom: Snapshot['custom']): Snapshot {
    const all = [...custom.values()];
    const stateOf = (url: string) => records.get(url)?.state ?? 'Enabled';
    const enabled = parameterView(this.published, all, (url) => stateOf(url) === 'Enabled');
    const partial = parameterView(this.published, all, (url) => ['Enabled', 'Supported'].includes(stateOf(url)));
    const engine = new Map(all.flatMap((parameter) => [...parameter.engine]));
    return {
      version,
      records,
      custom,
      enabled,
      partial,
      index: compileIndexer({ ...this.published, ...partial }, engine),
    };
  }

  #component(custom: ReadonlyMap<string, CustomParameter>): FindComponent {
    return (url) => custom.get(url) ?? publishedParameters(this.published).get(url);
  }

  #following(view: (snapshot: Snapshot) => ParameterView): Definitions {
    const now = () => view(this.#now);
    return {
      ...this.published,
      searchParameters: (type) => now().searchParameters(type),
      get sharedSearchParameters() {
        return now().sharedSearchParameters;
      },
    };
  }
}
