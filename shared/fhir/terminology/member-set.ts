/** Sets of codes, of which membership may be unknown and which may be impossible to list. */
import { FhirError } from '../outcome.ts';
import type { Designation } from './resources.ts';
import type { CodedConcept } from './terminology.ts';
import { every, some } from './three-valued.ts';

export interface Member extends CodedConcept {
  readonly version?: string;
  readonly abstract?: true;
  readonly inactive?: true;
  readonly designations?: readonly Designation[];
}

export interface MemberSet {
  /**
   * `undefined` where it cannot be told. A `system` that is undefined is any. A concept that only groups others (abstract)
   * is a member only for who asks for `abstract` ones, or where it is listed by name.
   */
  has(system: string | undefined, code: string, abstract?: boolean): boolean | undefined;
  /** In order; one may come twice. Not to be called when the set cannot be listed. */
  members(): Iterable<Member>;
  /** Why the set cannot be listed. */
  readonly unlistable?: FhirError;
  /** More codes than those listed may be members. */
  readonly open?: true;
}

/** To go through a set with all that its members are tested for may take this long. */
const maxListingMs = 5000;

/** Members as they come, until whoever takes them has taken too long. Throws `too-costly`. */
export function* withinTime<Value>(values: Iterable<Value>): Generator<Value> {
  const end = performance.now() + maxListingMs;
  for (const value of values) {
    if (performance.now() > end) throw new FhirError('too-costly', 'To list the value set takes too long.');
    yield value;
  }
}

/** Nothing is known of the set but why. */
export function unknownSet(why: FhirError): MemberSet {
  return { has: () => undefined, members: () => [], unlistable: why };
}

/** In one of the sets. */
export function union(sets: readonly MemberSet[]): MemberSet {
  const [only] = sets;
  if (only && sets.length === 1) return only;
  return {
    has: (system, code, abstract) => some(sets, (set) => set.has(system, code, abstract)),
    *members() {
      for (const set of sets) yield* set.members();
    },
    ...pick('unlistable', sets),
    ...pick('open', sets),
  };
}

/** In all of the sets: the first that can be listed, less what is not in the others. */
export function intersection(sets: readonly MemberSet[]): MemberSet {
  const listed = sets.find(({ unlistable }) => !unlistable) ?? sets[0];
  if (!listed || sets.length === 1) return listed ?? union([]);
  const others = sets.filter((set) => set !== listed);
  return {
    has: (system, code, abstract) => every(sets, (set) => set.has(system, code, abstract)),
    *members() {
      for (const member of listed.members()) {
        const { system, code } = member;
        if (certain(every(others, (set) => set.has(system, code, true)))) yield member;
      }
    },
    ...pick('unlistable', [listed]),
    ...pick('open', sets),
  };
}

/** In `set` and not in `excluded`. */
export function difference(set: MemberSet, excluded: MemberSet): MemberSet {
  const isOut = (system: string | undefined, code: string) => excluded.has(system, code, true);
  return {
    has: (system, code, abstract) => {
      const isIn = set.has(system, code, abstract);
      if (isIn === false) return false;
      const out = isOut(system, code);
      return out === false ? isIn : out === true ? false : undefined;
    },
    *members() {
      for (const member of set.members()) if (!certain(isOut(member.system, member.code))) yield member;
    },
    ...pick('unlistable', [set]),
    ...pick('open', [set]),
  };
}

function pick<Name extends 'unlistable' | 'open'>(name: Name, sets: readonly MemberSet[]): Partial<MemberSet> {
  const value = sets.find((set) => set[name])?.[name];
  return value ? { [name]: value } : {};
}

/** Throws where it is unknown whether a code is a member: then the set cannot be listed. */
export function certain(value: boolean | undefined): boolean {
  if (value === undefined) {
    throw new FhirError(
      'too-costly',
      'The value set depends on codes that are not known here or take too long to test.',
    );
  }
  return value;
}
