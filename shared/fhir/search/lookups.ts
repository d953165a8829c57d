/**
 * What a search must know besides its own text: members of value sets, hierarchies of codes, entries of lists. A search is
 * compiled at once and without waiting: the first time it notes what it asks for and takes it for empty; what it asked for
 * is found, and it is compiled again.
 */
import type { ResourceKey, ResourceStore } from '../../stores/resources/resource-store.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { FhirError } from '../outcome.ts';
import { isObject } from '../resource/json.ts';
import { parseStored } from '../resource/text.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { literalReference } from './literal-reference.ts';

export interface LookupSources {
  readonly store: Pick<ResourceStore, 'read'>;
  readonly terminology: Terminology;
  readonly definitions: Definitions;
}

/** Codes by their system; `undefined`: not known here. */
export type CodeSet = ReadonlyMap<string, readonly string[]>;
/** Why a set cannot be used. */
export type Unusable = 'unknown' | 'not-listed';

const mostLookups = 20;
/** Codes in the sets of one search: looking up each by the index takes some 60 ms. */
const mostCodes = 20_000;
const mostListEntries = 10_000;

const noCodes: CodeSet = new Map();

/** Compiles with `parse`, a second time when it had to look something up. */
export async function withLookups<T>(sources: LookupSources, parse: (lookups: Lookups) => T): Promise<T> {
  const lookups = new Lookups(sources);
  const parsed = parse(lookups);
  return (await lookups.found()) ? parse(lookups) : parsed;
}

export class Lookups {
  readonly #sources: LookupSources;
  readonly #known = new Map<string, unknown>();
  readonly #wanted = new Map<string, () => Promise<unknown>>();
  #codes = 0;

  constructor(sources: LookupSources) {
    this.#sources = sources;
  }

  /** `canonical`: `url`, `url|version` or `ValueSet/id` of this service, whose own address is `base`. */
  valueSet(canonical: string, base: string): CodeSet | Unusable {
    return this.#counted(this.#ask(`in ${canonical}`, () => this.#members(canonical, base), noCodes));
  }

  /** The code itself and everything above or below it. */
  related(to: 'above' | 'below', system: string, code: string): CodeSet | Unusable {
    const find = async (): Promise<CodeSet | Unusable> => {
      const concepts = await this.#sources.terminology.codeSystem(system);
      if (!concepts) return 'unknown';
      const codes = to === 'above' ? concepts.ancestors(code) : concepts.descendants(code);
      return new Map([[concepts.url, codes.length === 0 ? [code] : codes]]);
    };
    return this.#counted(this.#ask(`${to} ${system}|${code}`, find, noCodes));
  }

  /** The resources that the List `id` names and has not struck out; none for a list that is not there. */
  list(id: string, base: string): readonly ResourceKey[] {
    return this.#ask(`list ${id}`, () => this.#entries(id, base), []);
  }

  /** Finds what was asked for; false when that was nothing. */
  async found(): Promise<boolean> {
    if (this.#wanted.size === 0) return false;
    for (const [key, find] of this.#wanted) this.#known.set(key, await find());
    this.#wanted.clear();
    this.#codes = 0;
    return true;
  }

  #ask<T>(key: string, find: () => Promise<T>, meanwhile: NoInfer<T>): T {
    if (this.#known.has(key)) return this.#known.get(key) as T;
    this.#wanted.set(key, find);
    if (this.#wanted.size > mostLookups) {
      throw new FhirError('too-costly', `A search takes at most ${mostLookups} value sets, hierarchies and lists.`);
    }
    return meanwhile;
  }

  #counted(set: CodeSet | Unusable): CodeSet | Unusable {
    if (typeof set !== 'string') for (const codes of set.values()) this.#codes += codes.length;
    if (this.#codes > mostCodes) {
      throw new FhirError('too-costly', `The value sets of a search hold at most ${mostCodes} codes together.`);
    }
    return set;
  }

  async #members(canonical: string, base: string): Promise<CodeSet | Unusable> {
    const url = await this.#urlOf(canonical, base);
    const members = url === undefined ? undefined : await this.#sources.terminology.valueSet(url);
    if (!members) return 'unknown';
    const concepts = members.list();
    if (!concepts) return 'not-listed';
    const bySystem = Map.groupBy(concepts, ({ system }) => system);
    return new Map([...bySystem].map(([system, all]) => [system, all.map(({ code }) => code)]));
  }

  async #urlOf(canonical: string, base: string): Promise<string | undefined> {
    const { base: foreign, type, id } = literalReference(canonical, base, (name) => name === 'ValueSet');
    const isOwn = type !== null && foreign === null;
    const stored = isOwn ? await this.#read('ValueSet', id) : undefined;
    if (stored) return typeof stored.url === 'string' ? stored.url : undefined;
    return canonical;
  }

  async #entries(id: string, base: string): Promise<readonly ResourceKey[]> {
    const list = await this.#read('List', id);
    const entries = Array.isArray(list?.entry) ? list.entry : [];
    if (entries.length > mostListEntries) {
      throw new FhirError('too-costly', `A list that is searched by has at most ${mostListEntries} entries.`);
    }
    return entries.flatMap((each) => {
      const item = isObject(each) && each.deleted !== true && isObject(each.item) ? each.item.reference : undefined;
      if (typeof item !== 'string') return [];
      const reference = literalReference(item, base, this.#sources.definitions.isResourceType);
      return reference.type === null || reference.base !== null ? [] : [{ type: reference.type, id: reference.id }];
    });
  }

  async #read(type: string, id: string) {
    const stored = await this.#sources.store.read({ type, id });
    return stored === undefined || stored.deleted ? undefined : parseStored(stored);
  }
}
