/** One FHIR service instance: everything its interactions work with. Made once at start (`open-fhir-service.ts`). */
import type { TokenAuthority } from '../access/smart/token-authority.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { IndexEntry } from '../stores/resources/index-entry.ts';
import type { Change, ResourceKey, ResourceStore, StoredResource } from '../stores/resources/resource-store.ts';
import type { StoredCanonicals } from './conformance/stored-canonicals.ts';
import type { Definitions } from './definitions/definitions.ts';
import type { VersioningPolicy } from './interactions/versioning.ts';
import type { Issue } from './outcome.ts';
import type { FullValidation } from './profiles/full-validation.ts';
import type { Resource } from './resource/types.ts';
import type { ParameterRegistry } from './search-parameters/parameter-registry.ts';
import type { SendWork } from './send-work.ts';
import type { Subscriptions } from './subscriptions/open-subscriptions.ts';
import type { TerminologyService } from './terminology/terminology-service.ts';

export interface FhirSettings {
  /** Entries that a batch or transaction may have. AHDS: 500. */
  readonly maxBundleEntries: number;
  /** Text is indexed for `_text` and `_content`. */
  readonly fullText?: boolean | undefined;
  /** `eq` of a date finds what lies within it (FHIR), not what overlaps it (AHDS as shipped, the default). */
  readonly dateContainment?: boolean | undefined;
  /** By resource type; `default` for the others, whose own default is `versioned`. */
  readonly versioning?: Readonly<Record<string, VersioningPolicy>>;
  /** Validate every create and update against its profiles unless the request says otherwise. AHDS: off. */
  readonly validateProfiles?: boolean;
}

export interface FhirService {
  /** The instance's name in workspace.json, its first path segment. */
  readonly name: string;
  /** To read and search. Writes go through `commit`. */
  readonly store: ResourceStore;
  /** What a write of the resource goes on top of: its current version, a tombstone included. */
  readonly current: (key: ResourceKey) => Promise<StoredResource | undefined>;
  /** The id of a resource that is about to be created. */
  readonly newId: () => string;
  /** `store.commit`, after which those who asked with `onCommit` are told. */
  readonly commit: ResourceStore['commit'];
  /** `listener` is told what each commit of this process has changed; it must not throw. */
  readonly onCommit: (listener: (changes: readonly Change[]) => void) => void;
  /** Their search parameters are those that searches may use now: custom ones too, disabled ones not. */
  readonly definitions: Definitions;
  readonly parameters: ParameterRegistry;
  readonly settings: FhirSettings;
  /** Signs continuation tokens; 32 random bytes that stay the same over restarts. */
  readonly signingKey: Uint8Array;
  /** The index entries of a resource. `base` is the service's absolute URL: references below it are its own. */
  readonly index: (resource: Resource, base: string) => IndexEntry[];
  /** What is wrong with the resource; empty when it may be stored. */
  readonly validate: (resource: Resource) => Issue[];
  /** Invariants and profiles too; loaded when it is first asked for. */
  readonly fullValidation: () => Promise<FullValidation>;
  readonly canonicals: StoredCanonicals;
  readonly terminology: TerminologyService;
  /** Asks for work by one of the rows of `background-rows.ts`. */
  readonly send: SendWork;
  /** Undefined: the service runs open. */
  readonly tokens: TokenAuthority | undefined;
  readonly jobs: Jobs;
  readonly subscriptions: Subscriptions;
  readonly now: () => Date;
  readonly close: () => Promise<void>;
}
