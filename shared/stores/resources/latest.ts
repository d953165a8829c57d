/**
 * The latest matches of each group of equal codes: what FHIR R4 `Observation/$lastn` asks of a store. A search sorted by
 * date would go through every match to reach the last of a rare code, and could not know which codes there are.
 */
import type { ParameterKey } from './index-entry.ts';
import type { Query } from './query.ts';

export interface LatestQuery {
  /** Its sort is not looked at. */
  readonly query: Query;
  /**
   * The token parameter that groups: matches that share a value, system and code, are of one group, directly or by way of
   * others. The folded text counts where no value has a code. Matches without any value are a group of their own.
   */
  readonly by: ParameterKey;
  /** The date parameter: the latest of a match's values, by where it begins. A match without one is older than those with one. */
  readonly date: ParameterKey;
  /** Of each group the latest `max`, and those that are as late as the last of them. */
  readonly max: number;
}

/** A match as an index has it. */
export interface DatedMatch {
  /** The values that group it as a JSON array of texts in a fixed order, never empty. */
  readonly values: string;
  readonly date: number | null;
  readonly position: number;
}

/**
 * Finds them while the matches stream by in any order, so that a store needs to keep few: `max` and ties for each distinct
 * set of values. Sets that share a value are put together at the end.
 */
export class LatestMatches {
  readonly #max: number;
  readonly #sets = new Map<string, DatedMatch[]>();
  #kept = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** How many matches are kept so far. */
  get kept(): number {
    return this.#kept;
  }

  add(match: DatedMatch): void {
    const set = this.#sets.get(match.values) ?? [];
    this.#sets.set(match.values, set);
    const last = set[this.#max - 1];
    if (last && byDate(match, last) > 0 && match.date !== last.date) return;
    const at = set.findIndex((each) => byDate(match, each) < 0);
    set.splice(at < 0 ? set.length : at, 0, match);
    this.#kept += 1 - cut(set, this.#max);
  }

  /** The groups, the one with the latest match first; each from its latest to its oldest. */
  groups(): DatedMatch[][] {
    const groups = joined([...this.#sets]).map((sets) => {
      const matches = sets.flat().sort(byDate);
      cut(matches, this.#max);
      return matches;
    });
    return groups.sort(([one], [other]) => (one && other ? byDate(one, other) : 0));
  }
}

/** Latest first; of equal dates the one that was changed last. */
function byDate(one: DatedMatch, other: DatedMatch): number {
  if (one.date === other.date) return other.position - one.position;
  return (other.date ?? Number.NEGATIVE_INFINITY) > (one.date ?? Number.NEGATIVE_INFINITY) ? 1 : -1;
}

/** Takes away what is behind the first `max` and not as late as the last of these; tells how many. */
function cut(sorted: DatedMatch[], max: number): number {
  const last = sorted[max - 1];
  const end = last ? sorted.findIndex((each, at) => at >= max && each.date !== last.date) : -1;
  return end < 0 ? 0 : sorted.splice(end).length;
}

/** Puts sets that share a value into one group. */
function joined(sets: readonly (readonly [values: string, matches: DatedMatch[]])[]): DatedMatch[][][] {
  const groupOf = new Map<string, Set<(typeof sets)[number]>>();
  for (const set of sets) {
    const met = valuesOf(set).flatMap((value) => [...(groupOf.get(value) ?? [])]);
    const group = new Set([...met, set]);
    for (const member of group) for (const value of valuesOf(member)) groupOf.set(value, group);
  }
  return [...new Set(groupOf.values())].map((group) => [...group].map(([, matches]) => matches));
}

function valuesOf([values]: readonly [values: string, unknown]): string[] {
  return JSON.parse(values);
}
