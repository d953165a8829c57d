/** A seeded random source: the same seed gives the same people on every machine. */
export interface Random {
  /** 0 ≤ x < 1. */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  /** Around `mean`, mostly within two `spread`s, with `digits` decimals. */
  around(mean: number, spread: number, digits: number): number;
  pick<T>(from: readonly T[]): T;
}

/** Mulberry32: 32 bits of state are enough for data that only has to look alike. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    whole: (low, high) => low + Math.floor(next() * (high - low + 1)),
    around: (mean, spread, digits) => {
      const bell = next() + next() + next() + next() - 2;
      return Number((mean + bell * spread * 1.7).toFixed(digits));
    },
    pick: <T>(from: readonly T[]) => from[Math.floor(next() * from.length)] as T,
  };
}
