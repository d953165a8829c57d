/**
 * A batch of the Functions Event Hub trigger as events. The trigger has the bodies, and beside them arrays of all else; the
 * Functions library has turned the first letter of every key into a small one, also of the sender's own properties.
 */
import type { DeviceEvent } from '../device-event.ts';
import { asPlainText } from '../json/as-plain-text.ts';
import { Instant, type JsonValue } from '../json/value.ts';
import { ticksFromMs } from '../ticks.ts';

/** The host adds these to the annotations, under names that AMQP does not have. */
const added = ['sequenceNumber', 'offset', 'partitionKey', 'enqueuedTimeUtc'];
/** Timestamps of AMQP, which JSON has made texts or milliseconds; all other texts were texts. */
const times = new Set(['x-opt-enqueued-time', 'iothub-enqueuedtime', 'absolute-expiry-time', 'creation-time']);

export function triggerEvents(bodies: unknown, metadata: Readonly<Record<string, unknown>>): DeviceEvent[] {
  const partitionId = String((metadata.partitionContext as { partitionId?: unknown } | undefined)?.partitionId ?? '0');
  const at = (name: string, index: number): unknown => (metadata[name] as readonly unknown[] | undefined)?.[index];
  return (Array.isArray(bodies) ? bodies : [bodies]).map((body, index): DeviceEvent => {
    const enqueuedMs = Date.parse(String(at('enqueuedTimeUtcArray', index)));
    const sequenceNumber = Number(at('sequenceNumberArray', index) ?? 0);
    const offset = String(at('offsetArray', index) ?? '');
    const partitionKey = at('partitionKeyArray', index);
    const system = Object.entries((at('systemPropertiesArray', index) ?? {}) as Record<string, JsonValue>);
    const enqueued = Number.isNaN(enqueuedMs) ? 0 : enqueuedMs;
    return {
      body: bytesOf(body),
      properties: plainTexts((at('propertiesArray', index) ?? {}) as Record<string, JsonValue>),
      systemProperties: {
        ...Object.fromEntries(system.filter(([name]) => !added.includes(name)).map(annotation)),
        'x-opt-sequence-number': sequenceNumber,
        'x-opt-offset': offset,
        'x-opt-enqueued-time': new Date(enqueued).toISOString(),
        ...(typeof partitionKey === 'string' && { 'x-opt-partition-key': partitionKey }),
      },
      enqueued: ticksFromMs(enqueued),
      partitionId,
      sequenceNumber,
      offset,
    };
  });
}

/** Bytes; a host that was not asked for them has made a text or a value of JSON. */
function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));
}

/** A sender's texts stay texts. */
export function plainTexts(properties: Readonly<Record<string, JsonValue>>): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, plainText(value)]));
}

function plainText(value: JsonValue): JsonValue {
  return typeof value === 'string' ? asPlainText(value) : value;
}

function annotation([name, value]: readonly [string, JsonValue]): [string, JsonValue] {
  if (!times.has(name)) return [name, plainText(value)];
  return [name, typeof value === 'number' ? new Instant(ticksFromMs(value)) : value];
}
