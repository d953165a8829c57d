/** Measurements for tests, by times as people write them. */

import { ticksOfDateTime } from '../fhir-mapping/effective-period.ts';
import type { Measurement } from '../measurement.ts';
import type { Ticks } from '../ticks.ts';

export function at(time: string): Ticks {
  const ticks = ticksOfDateTime(time);
  if (ticks === undefined) throw new Error(`${time} is no time.`);
  return ticks;
}

/** Received when it was measured, unless `about` says otherwise. */
export function measurement(
  type: string,
  time: string,
  values: Readonly<Record<string, string>>,
  about: Partial<Measurement> = {},
): Measurement {
  const properties = Object.entries(values).map(([name, value]) => ({ name, value }));
  return { type, occurrence: at(time), ingestion: at(time), deviceId: 'd', properties, ...about };
}
