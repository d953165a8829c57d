/**
 * The structures and value sets that a check needs, compiled once. A check runs without waiting: what it asks for and is
 * not here yet is noted, loaded by `load`, and the check runs again. Stored structures are forgotten when one changes.
 * R4's own go before stored ones of the same canonical, as AHDS has it.
 */
import type { StoredCanonicals } from '../conformance/stored-canonicals.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { CodeSystemConcepts, Terminology, ValueSetMembers } from '../terminology/terminology.ts';
import { compactStructure } from './compact-structure.ts';
import { derivedTree, type ElementNode, treeOf } from './element-node.ts';
import {
  type KnownSearchParameter,
  publishedSearchParameters,
  storedSearchParameter,
} from './known-search-parameters.ts';
import { publishedStructure } from './published-structures.ts';
import type { Structure } from './structure.ts';

export interface Profile {
  readonly structure: Structure;
  readonly root: ElementNode;
}

/** What was looked for: undefined when it was not loaded yet, null when there is none. */
export type Lookup<T> = T | null | undefined;

export interface ProfileLibrary {
  profile(canonical: string): Lookup<Profile>;
  valueSet(canonical: string): Lookup<ValueSetMembers>;
  codeSystem(url: string): Lookup<CodeSystemConcepts>;
  searchParameter(canonical: string): Lookup<KnownSearchParameter>;
}

/** What one run of a check asked for in vain. */
export class Wanted {
  readonly profiles = new Set<string>();
  readonly valueSets = new Set<string>();
  readonly codeSystems = new Set<string>();
  readonly searchParameters = new Set<string>();

  get isEmpty(): boolean {
    return this.profiles.size + this.valueSets.size + this.codeSystems.size + this.searchParameters.size === 0;
  }
}

/** Profiles, value sets and code systems that are kept, each; also that there is none. */
const maxKept = 2000;
/** Profiles above one another. */
const maxBases = 20;

const coreStructure = 'http://hl7.org/fhir/StructureDefinition/';

export class CompiledProfiles {
  readonly #canonicals: StoredCanonicals;
  readonly #terminology: Terminology;
  readonly #published = new Map<string, Profile>();
  readonly #stored = new Map<string, Profile | null>();
  readonly #valueSets = new Map<string, ValueSetMembers | null>();
  readonly #codeSystems = new Map<string, CodeSystemConcepts | null>();
  readonly #definitions: Definitions;
  readonly #searchParameters = new Map<string, KnownSearchParameter | null>();
  #publishedParameters: ReadonlyMap<string, KnownSearchParameter> | undefined;
  #generations = '';

  constructor(definitions: Definitions, canonicals: StoredCanonicals, terminology: Terminology) {
    this.#definitions = definitions;
    this.#canonicals = canonicals;
    this.#terminology = terminology;
  }

  /** For one run of a check. Forgets first what may have changed. */
  library(wanted: Wanted): ProfileLibrary {
    this.#forgetChanged();
    const look = <T>(kept: ReadonlyMap<string, T | null>, key: string, missing: Set<string>): Lookup<T> => {
      const found = kept.get(key);
      if (found === undefined) missing.add(key);
      return found;
    };
    return {
      profile: (canonical) => this.#publishedProfile(canonical) ?? look(this.#stored, canonical, wanted.profiles),
      valueSet: (canonical) => look(this.#valueSets, canonical, wanted.valueSets),
      codeSystem: (url) => look(this.#codeSystems, url, wanted.codeSystems),
      searchParameter: (canonical) => look(this.#searchParameters, canonical, wanted.searchParameters),
    };
  }

  async load(wanted: Wanted): Promise<void> {
    for (const canonical of wanted.profiles) keep(this.#stored, canonical, (await this.#compile(canonical, 0)) ?? null);
    for (const canonical of wanted.valueSets) {
      keep(this.#valueSets, canonical, (await this.#terminology.valueSet(canonical)) ?? null);
    }
    for (const url of wanted.codeSystems) {
      keep(this.#codeSystems, url, (await this.#terminology.codeSystem(url)) ?? null);
    }
    for (const canonical of wanted.searchParameters) {
      keep(this.#searchParameters, canonical, await this.#findSearchParameter(canonical));
    }
  }

  async #findSearchParameter(canonical: string): Promise<KnownSearchParameter | null> {
    this.#publishedParameters ??= publishedSearchParameters(this.#definitions);
    const published = this.#publishedParameters.get(canonical.split('|')[0] ?? '');
    if (published) return published;
    const stored = await this.#canonicals.find('SearchParameter', canonical);
    return stored ? storedSearchParameter(stored) : null;
  }

  async #compile(canonical: string, depth: number): Promise<Profile | undefined> {
    const published = this.#publishedProfile(canonical);
    if (published) return published;
    if (depth > maxBases) return undefined;
    const stored = await this.#canonicals.find('StructureDefinition', canonical);
    const structure = stored && compactStructure(stored);
    if (!structure) return undefined;
    if (!structure.differential || structure.base === undefined) return { structure, root: treeOf(structure) };
    const base = await this.#compile(structure.base, depth + 1);
    return base && { structure, root: derivedTree(base.root, structure) };
  }

  #publishedProfile(canonical: string): Profile | undefined {
    const [url = ''] = canonical.split('|');
    const kept = this.#published.get(url);
    if (kept) return kept;
    const structure = url.startsWith(coreStructure) ? publishedStructure(url) : undefined;
    const profile = structure && { structure, root: treeOf(structure) };
    if (profile) this.#published.set(url, profile);
    return profile;
  }

  #forgetChanged(): void {
    const types = ['StructureDefinition', 'ValueSet', 'CodeSystem', 'SearchParameter'] as const;
    const generations = types.map((type) => this.#canonicals.generation(type)).join(' ');
    if (generations === this.#generations) return;
    this.#generations = generations;
    this.#stored.clear();
    this.#valueSets.clear();
    this.#codeSystems.clear();
    this.#searchParameters.clear();
  }
}

function keep<T>(kept: Map<string, T>, key: string, value: T): void {
  const [oldest] = kept.keys();
  if (kept.size >= maxKept && oldest !== undefined) kept.delete(oldest);
  kept.set(key, value);
}
