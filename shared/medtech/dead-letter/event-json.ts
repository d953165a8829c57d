/** An event as JSON and back, its body to the byte, its properties with their kinds. */
import type { DeviceEvent } from '../device-event.ts';
import { Float, Instant, isArray, isObject, type JsonObject, type JsonValue, PlainText } from '../json/value.ts';

/** What JSON has no word for is an object with this member, which tells its kind, and `value`. */
const kindMember = '@kind';

export type Plain = string | number | boolean | null | Plain[] | { [name: string]: Plain };

/** The event as a value for JSON.stringify. */
export function eventToJson(event: DeviceEvent): Plain {
  return {
    body: Buffer.from(event.body).toString('base64'),
    properties: membersToJson(event.properties),
    systemProperties: membersToJson(event.systemProperties),
    enqueued: String(event.enqueued),
    partitionId: event.partitionId,
    sequenceNumber: event.sequenceNumber,
    offset: event.offset,
  };
}

/** The event of what `eventToJson` has made. */
export function eventFromJson(value: Plain): DeviceEvent {
  const { body, properties, systemProperties, enqueued, partitionId, sequenceNumber, offset } = value as {
    [name in keyof DeviceEvent]: Plain;
  };
  return {
    body: Buffer.from(String(body), 'base64'),
    properties: fromJson(properties) as JsonObject,
    systemProperties: fromJson(systemProperties) as JsonObject,
    enqueued: BigInt(String(enqueued)),
    partitionId: String(partitionId),
    sequenceNumber: Number(sequenceNumber),
    offset: String(offset),
  };
}

function toJson(value: JsonValue): Plain {
  if (value instanceof PlainText) return kind('text', value.text);
  if (value instanceof Instant) return kind('date', String(value.ticks));
  if (value instanceof Float) return kind('float', String(value.value));
  if (typeof value === 'bigint') return kind('integer', String(value));
  if (typeof value === 'number') return Number.isFinite(value) ? value : kind('float', String(value));
  if (isArray(value)) return value.map(toJson);
  if (!isObject(value)) return value as string | boolean | null;
  const members = membersToJson(value);
  return kindMember in value ? kind('object', members) : members;
}

function membersToJson(object: JsonObject): { [name: string]: Plain } {
  return Object.fromEntries(Object.entries(object).map(([name, member]) => [name, toJson(member)]));
}

function kind(name: string, value: Plain): Plain {
  return { [kindMember]: name, value };
}

function fromJson(value: Plain): JsonValue {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== 'object' || value === null) return value;
  switch (value[kindMember]) {
    case 'text':
      return new PlainText(String(value.value));
    case 'date':
      return new Instant(BigInt(String(value.value)));
    case 'float':
      return floatOf(Number(value.value));
    case 'integer':
      return BigInt(String(value.value));
    case 'object':
      return membersFromJson(value.value as { [name: string]: Plain });
    default:
      return membersFromJson(value);
  }
}

function floatOf(number: number): number | Float {
  return Number.isInteger(number) ? new Float(number) : number;
}

function membersFromJson(members: { [name: string]: Plain }): JsonObject {
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, fromJson(member)]));
}
