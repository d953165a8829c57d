/** AMQP messages in and out of the log. */
import { createRequire } from 'node:module';
import type { Message, MessageUtil } from 'rhea';

const { message, types } = createRequire(import.meta.url)('rhea') as typeof import('rhea');
const util = message as MessageUtil;

const annotationNames = {
  sequence: 'x-opt-sequence-number',
  offset: 'x-opt-offset',
  enqueued: 'x-opt-enqueued-time',
  partitionKey: 'x-opt-partition-key',
} as const;

/** The encoded message with the annotations that Event Hubs gives each event. */
export function withPlace(event: Message, sequence: number, enqueued: number): Uint8Array {
  return util.encode({
    ...event,
    message_annotations: {
      ...event.message_annotations,
      [annotationNames.sequence]: types.wrap_long(sequence),
      [annotationNames.offset]: String(sequence),
      [annotationNames.enqueued]: types.wrap_timestamp(enqueued),
    },
  });
}

export function decoded(bytes: Uint8Array): Message {
  return util.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)) as unknown as Message;
}

/** The events of a batch: each data section is an encoded message. */
export function batched(envelope: Message): Message[] {
  const body = envelope.body as { content?: Buffer | Buffer[]; multiple?: boolean } | undefined;
  const sections = body?.multiple ? (body.content as Buffer[]) : body?.content ? [body.content as Buffer] : [];
  return sections.map((section) => decoded(section));
}

export function partitionKeyOf(event: Message): string | undefined {
  const key = event.message_annotations?.[annotationNames.partitionKey];
  return typeof key === 'string' ? key : undefined;
}

export function withPartitionKey(event: Message, key: string): Message {
  return { ...event, message_annotations: { ...event.message_annotations, [annotationNames.partitionKey]: key } };
}

/** The bytes of an event: its data section, or what another kind of body comes to as JSON. */
export function bodyBytes(event: Message): Uint8Array {
  const body: unknown = event.body;
  if (body === undefined || body === null) return new Uint8Array();
  if (Buffer.isBuffer(body)) return body;
  const { content } = body as { content?: unknown };
  if (Buffer.isBuffer(content)) return content;
  if (Array.isArray(content) && content.every(Buffer.isBuffer)) return Buffer.concat(content);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(content ?? body));
}

const propertyNames = {
  message_id: 'message-id',
  user_id: 'user-id',
  to: 'to',
  subject: 'subject',
  reply_to: 'reply-to',
  correlation_id: 'correlation-id',
  content_type: 'content-type',
  content_encoding: 'content-encoding',
  absolute_expiry_time: 'absolute-expiry-time',
  creation_time: 'creation-time',
  group_id: 'group-id',
  group_sequence: 'group-sequence',
  reply_to_group_id: 'reply-to-group-id',
} as const;

/** The AMQP properties that are there, under their AMQP names, and the annotations. */
export function systemPropertiesOf(event: Message): Record<string, unknown> {
  const properties = Object.entries(propertyNames).flatMap(([field, name]) => {
    const value = event[field as keyof Message] as unknown;
    return value === undefined || value === null ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(properties), ...event.message_annotations };
}
