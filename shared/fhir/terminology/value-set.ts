/**
 * A value set as a set of codes. R4, ValueSet.compose: the union of the includes less the excludes; within an include its
 * system's codes and each of the value sets that it names, intersected.
 */
import { FhirError } from '../outcome.ts';
import type { CodeSystem } from './code-system.ts';
import { conceptSet } from './concept-set.ts';
import { difference, intersection, type Member, type MemberSet, union, unknownSet, withinTime } from './member-set.ts';
import type { ConceptSet, ExpansionContains, ValueSetResource } from './resources.ts';
import type { ValueSetMembers } from './terminology.ts';

/** AHDS: a value set of more codes is not expanded. */
export const maxExpansion = 20_000;

export interface ValueSet extends ValueSetMembers {
  readonly resource: ValueSetResource;
  readonly set: MemberSet;
  has(system: string | undefined, code: string, abstract?: boolean): boolean | undefined;
  /** Each member once, or each that `accept` takes. Throws `FhirError` when they cannot be listed or are too many. */
  members(accept?: (member: Member) => boolean): readonly Member[];
  /** What it weighs in the cache. */
  readonly weight: number;
}

export interface Resolve {
  codeSystem(canonical: string): Promise<CodeSystem | undefined>;
  /** A set that is not known, or imports itself, is an `unknownSet`. */
  importedSet(canonical: string): Promise<MemberSet>;
}

export async function compileValueSet(resource: ValueSetResource, resolve: Resolve): Promise<ValueSet> {
  return valueSetOf(resource, await setOf(resource, resolve));
}

async function setOf({ compose, expansion }: ValueSetResource, resolve: Resolve): Promise<MemberSet> {
  const expanded = expansion?.contains && expandedSet(expansion);
  if (!compose)
    return expanded ?? unknownSet(new FhirError('not-supported', 'The value set says nothing of its codes.'));
  const activeOnly = compose.inactive === false;
  const includes = await includedSets(compose.include, resolve, activeOnly);
  const composed = compose.exclude
    ? difference(union(includes), union(await includedSets(compose.exclude, resolve, false)))
    : union(includes);
  return composed.unlistable && expanded ? eitherSays(expanded, composed) : composed;
}

/** What the expansion that came with the set leaves open is asked of its definition. */
function eitherSays(expanded: MemberSet, composed: MemberSet): MemberSet {
  return { ...expanded, has: (...code) => expanded.has(...code) ?? composed.has(...code) };
}

async function includedSets(sets: readonly ConceptSet[], resolve: Resolve, activeOnly: boolean): Promise<MemberSet[]> {
  const included: MemberSet[] = [];
  for (const include of sets) {
    const { system, version, valueSet = [] } = include;
    const parts: MemberSet[] = [];
    if (system !== undefined) {
      const canonical = version === undefined ? system : `${system}|${version}`;
      parts.push(await conceptSet({ ...include, system }, await resolve.codeSystem(canonical), activeOnly));
    }
    for (const one of valueSet) parts.push(await resolve.importedSet(one));
    included.push(intersection(parts));
  }
  return included;
}

const unfinished = /valueset-(unclosed|toocostly)$/;

/** An expansion as it was stored or published; one that is not whole is open. */
function expandedSet({ contains = [], extension = [], total }: NonNullable<ValueSetResource['expansion']>): MemberSet {
  const members = [...membersIn(contains)];
  const keys = new Set(members.flatMap(({ system, code }) => [`${system}|${code}`, `|${code}`]));
  const open = extension.some(({ url }) => unfinished.test(String(url))) || (Number(total) || 0) > members.length;
  return {
    has: (system = '', code) => keys.has(`${system}|${code}`) || (open ? undefined : false),
    members: () => withinTime(members),
    ...(open && { open: true as const }),
  };
}

function* membersIn(contains: readonly ExpansionContains[]): Generator<Member> {
  for (const { system, code, version, display, abstract, inactive, designation, contains: nested } of contains) {
    if (system !== undefined && code !== undefined) {
      yield {
        system,
        code,
        ...(version !== undefined && { version }),
        ...(display !== undefined && { display }),
        ...(abstract && { abstract }),
        ...(inactive && { inactive }),
        ...(designation && { designations: designation }),
      };
    }
    if (nested) yield* membersIn(nested);
  }
}

/** The value set that is `set`; its list is made when it is first asked for. */
export function valueSetOf(resource: ValueSetResource, set: MemberSet): ValueSet {
  let listed: readonly Member[] | FhirError | undefined = set.unlistable;
  const listAll = (): readonly Member[] | FhirError => {
    listed ??= listMembers(set);
    return listed;
  };
  const members = (accept?: (member: Member) => boolean): readonly Member[] => {
    if (accept && Array.isArray(listed)) return listed.filter(accept);
    const found = accept && !set.unlistable ? listMembers(set, accept) : listAll();
    if (found instanceof FhirError) throw found;
    return found;
  };
  const ownWeight = 100 + sizeOf(resource);
  return {
    resource,
    url: resource.url ?? '',
    set,
    has: set.has,
    members,
    list: () => {
      const all = listAll();
      return all instanceof FhirError ? undefined : all;
    },
    get weight() {
      return ownWeight + (listed === undefined || listed instanceof FhirError ? 0 : listed.length);
    },
  };
}

/** Codes that the resource holds itself. */
function sizeOf({ compose, expansion }: ValueSetResource): number {
  const listed = [...(compose?.include ?? []), ...(compose?.exclude ?? [])].map(({ concept = [] }) => concept.length);
  return listed.reduce((sum, count) => sum + count, expansion?.contains?.length ?? 0);
}

function listMembers(set: MemberSet, accept?: (member: Member) => boolean): readonly Member[] | FhirError {
  const found = new Map<string, Member>();
  try {
    for (const member of set.members()) {
      if (accept && !accept(member)) continue;
      const key = `${member.system}|${member.code}`;
      if (!found.has(key)) found.set(key, member);
      if (found.size > maxExpansion) {
        return new FhirError('too-costly', `The value set has more than ${maxExpansion} codes.`);
      }
    }
  } catch (error) {
    if (error instanceof FhirError) return error;
    throw error;
  }
  return [...found.values()];
}
