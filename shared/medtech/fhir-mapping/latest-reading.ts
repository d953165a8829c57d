/**
 * Which reading a value of an Observation shows. AHDS lets the reading stay that arrives last; here it is the latest by its
 * time, in whatever order and however often events arrive, so that a replay changes nothing. Where the Observation's
 * effectivePeriod does not tell that time, an extension of its `meta` notes it.
 */

import { isObject } from '../../fhir/resource/json.ts';
import type { JsonObject, Resource } from '../../fhir/resource/types.ts';
import type { Reading } from '../group/reading.ts';
import { roundTripText, type Ticks } from '../ticks.ts';
import { type EffectivePeriod, ticksOfDateTime } from './effective-period.ts';

/** Of the reading that a value shows; of sampled data, of the latest that was ever taken. */
export interface LatestReading {
  readonly time: Ticks;
  /** When it reached the Event Hub, where that is known. */
  readonly received?: Ticks;
  /** Another value of the same time is known. */
  readonly contested?: boolean;
}

export type LatestReadings = Map<string, LatestReading>;

const noteUrl = 'urn:open-health-data-services:medtech:latest-reading';

/** `shown`: what was shown before `reading` went before it. */
export function latestOf({ time, received, contestedAt }: Reading, shown?: LatestReading): LatestReading {
  return { time, received, contested: contestedAt !== undefined || shown?.time === time };
}

/** True when the value that lost to `reading` would go before what is shown, if it came again alone: that it lost must be noted. */
export function hidesAnother({ time, contestedAt }: Reading, shown: LatestReading | undefined): boolean {
  if (contestedAt === undefined) return false;
  return shown?.received === undefined || time !== shown.time || contestedAt > shown.received;
}

/** True when `reading` goes before what is shown: `text`, of the reading `shown`. Of an unknown time it always does, as in AHDS. */
export function isLater(reading: Reading, shown: LatestReading | undefined, text: string | undefined): boolean {
  if (!shown || reading.time > shown.time) return true;
  if (reading.time < shown.time) return false;
  if (shown.received !== undefined) return reading.received > shown.received;
  return reading.text !== text || reading.contestedAt !== undefined;
}

/** What the Observation tells about its values. */
export function readNotes(observation: Resource): LatestReadings {
  const latest: LatestReadings = new Map();
  for (const note of notesOf(observation)) {
    const parts = new Map(listOf(note.extension).map((part) => [part.url, part]));
    const name = parts.get('value')?.valueString;
    const time = ticksOfDateTime(parts.get('time')?.valueDateTime);
    const received = ticksOfDateTime(parts.get('received')?.valueDateTime);
    if (typeof name !== 'string' || time === undefined) continue;
    latest.set(name, { time, ...(received !== undefined && { received }), contested: true });
  }
  return latest;
}

/** Puts the notes into `meta`; those that say no more than that the reading is of the period's end are left out. */
export function writeNotes(
  observation: Resource,
  latest: LatestReadings,
  { end }: EffectivePeriod,
  periodInterval: number,
): void {
  const isEvident = (shown: LatestReading) => periodInterval <= 0 && shown.time === end && !shown.contested;
  const notes = [...latest].filter(([, shown]) => !isEvident(shown)).map(([name, shown]) => noteOf(name, shown));
  const { extension, ...meta } = observation.meta ?? {};
  const others = listOf(extension).filter(({ url }) => url !== noteUrl);
  const all = [...others, ...notes];
  const kept: JsonObject = { ...meta, ...(all.length > 0 && { extension: all }) };
  if (Object.keys(kept).length > 0) observation.meta = kept;
  else delete observation.meta;
}

function noteOf(name: string, { time, received }: LatestReading): JsonObject {
  return {
    url: noteUrl,
    extension: [
      { url: 'value', valueString: name },
      { url: 'time', valueDateTime: roundTripText(time) },
      ...(received === undefined ? [] : [{ url: 'received', valueDateTime: roundTripText(received) }]),
    ],
  };
}

function notesOf({ meta }: Resource): JsonObject[] {
  return listOf(meta?.extension).filter(({ url }) => url === noteUrl);
}

function listOf(value: JsonObject[string]): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
