/** What a sender transfers, as events of the log. All but the broker's own annotations is kept byte for byte. */
import type { NewEvent } from '../log/partition-log.ts';
import { encodeAnnotations, string, symbol } from './encode.ts';
import { dataOf, mapEntries, type Section, sectionCodes, sectionsOf, textOf } from './sections.ts';
import { MalformedMessage } from './values.ts';

/** The message format of an envelope whose data sections are each an encoded message. */
export const batchFormat = 0x80013700;

export const partitionKeyName = 'x-opt-partition-key';

/** Event Hubs: characters of a partition key. */
const longestKey = 128;

/** The broker writes these itself. */
const brokersOwn = ['x-opt-sequence-number', 'x-opt-offset', 'x-opt-enqueued-time', partitionKeyName];

export interface IncomingMessage {
  readonly partitionKey: string | undefined;
  readonly events: readonly NewEvent[];
}

/** Throws `MalformedMessage`. */
export function incomingMessage(bytes: Buffer, format: number): IncomingMessage {
  const sections = sectionsOf(bytes);
  const key = partitionKeyOf(sections);
  if (format !== batchFormat) return { partitionKey: key, events: [newEvent(sections, key)] };
  const messages = sections.filter(({ code }) => code === sectionCodes.data).map((each) => sectionsOf(dataOf(each)));
  const partitionKey = key ?? (messages[0] && partitionKeyOf(messages[0]));
  return { partitionKey, events: messages.map((each) => newEvent(each, partitionKey)) };
}

function newEvent(sections: readonly Section[], partitionKey: string | undefined): NewEvent {
  const kept = annotationsOf(sections).filter(({ key }) => !brokersOwn.includes(key));
  if (partitionKey !== undefined) kept.push(entry(partitionKeyName, string(partitionKey)));
  const others = sections.filter(({ code }) => code >= sectionCodes.properties).map(({ whole }) => whole);
  const known = kept.map(({ bytes }) => bytes);
  return { encode: (place) => Buffer.concat([encodeAnnotations(known, place), ...others]) };
}

function partitionKeyOf(sections: readonly Section[]): string | undefined {
  const found = annotationsOf(sections).find(({ key }) => key === partitionKeyName);
  const key = found && textOf(found.value);
  if (key !== undefined && key.length > longestKey) {
    throw new MalformedMessage(`A partition key has at most ${longestKey} characters.`);
  }
  return key;
}

function annotationsOf(sections: readonly Section[]) {
  const annotations = sections.find(({ code }) => code === sectionCodes.messageAnnotations);
  return annotations ? mapEntries(annotations) : [];
}

function entry(key: string, value: Buffer) {
  return { key, value, bytes: Buffer.concat([symbol(key), value]) };
}
