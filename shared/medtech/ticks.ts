/** Points in time as .NET keeps them, in steps of 100 ns: a device's seven digits of a second's fraction stay. */

/** Steps of 100 ns since 1970-01-01T00:00:00Z; negative before. */
export type Ticks = bigint;

export const ticksPerMs = 10_000n;
