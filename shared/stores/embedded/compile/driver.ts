/**
 * Which condition of a query finds the candidates, from its index, while the others only test them. The one that is
 * likely to find fewest is taken: a reference, then a token or uri, a string, and last a range, whose selectivity nobody
 * can tell.
 */
import type { ParameterKey } from '../../resources/index-entry.ts';
import type { Condition, ValueTest } from '../../resources/query.ts';

export interface Driver {
  readonly param: ParameterKey;
  /** One must hold; all are of one kind. */
  readonly tests: readonly ValueTest[];
}

const rankOfKind: Record<ValueTest['kind'], number> = {
  reference: 1,
  uri: 3,
  token: 3,
  string: 4,
  quantity: 6,
  number: 6,
  date: 7,
};

/** Takes the driver out of `where`: what is left is to be tested. Undefined where scanning the type is no worse. */
export function chooseDriver(where: Condition | undefined): { driver: Driver; rest: readonly Condition[] } | undefined {
  const conditions = where === undefined ? [] : where.kind === 'and' ? where.of : [where];
  // A list of ids or a chain finds its resources by itself.
  if (conditions.some(({ kind }) => kind === 'id' || kind === 'nothing')) return undefined;
  let best: { driver: Driver; at: number; rank: number } | undefined;
  for (const [at, condition] of conditions.entries()) {
    const driver = driverOf(condition);
    if (!driver) continue;
    const rank = rankOf(driver);
    if (rank !== undefined && (!best || rank < best.rank)) best = { driver, at, rank };
  }
  if (!best) return undefined;
  const { driver, at } = best;
  return { driver, rest: conditions.filter((_, index) => index !== at) };
}

function driverOf(condition: Condition): Driver | undefined {
  if (condition.kind === 'value') return { param: condition.param, tests: [condition.test] };
  if (condition.kind !== 'or') return undefined;
  const [first] = condition.of;
  if (first?.kind !== 'value') return undefined;
  const tests: ValueTest[] = [];
  for (const each of condition.of) {
    if (each.kind !== 'value' || each.param !== first.param || each.test.kind !== first.test.kind) return undefined;
    tests.push(each.test);
  }
  return { param: first.param, tests };
}

/** Undefined for a test that no index serves. Identifier-like tokens (system and code) are the best of all. */
function rankOf({ param, tests }: Driver): number | undefined {
  const ranks = tests.map((test) => {
    if (test.kind === 'token') {
      if (test.code === undefined) return undefined;
      return param.endsWith('.identifier') ? 0 : test.system === undefined ? rankOfKind.token + 1 : rankOfKind.token;
    }
    if (test.kind === 'string' && test.match === 'contains') return undefined;
    if (test.kind === 'uri' && test.match === 'above') return undefined;
    if (test.kind === 'reference' && test.id === undefined) return undefined;
    return rankOfKind[test.kind];
  });
  return ranks.some((rank) => rank === undefined) ? undefined : Math.max(...(ranks as number[]));
}
