/** A stored event as the parts that a trigger hands on. */
import rhea, { type Message } from 'rhea';
import { dataOf, sectionCodes, sectionsOf } from './sections.ts';

export interface DecodedEvent {
  /** The data sections together; of another kind of body its text, or its JSON. */
  readonly body: Uint8Array;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The AMQP properties that are there, under their AMQP names, and the annotations. */
  readonly systemProperties: Readonly<Record<string, unknown>>;
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

export function decodeEvent(bytes: Buffer): DecodedEvent {
  const message = rhea.message.decode(bytes) as unknown as Message;
  const named = Object.entries(propertyNames).flatMap(([field, name]) => {
    const value: unknown = message[field as keyof Message];
    return value === undefined || value === null ? [] : [[name, plain(value)]];
  });
  return {
    body: bodyOf(bytes, message),
    properties: plainMap(message.application_properties),
    systemProperties: { ...Object.fromEntries(named), ...plainMap(message.message_annotations) },
  };
}

function bodyOf(bytes: Buffer, { body }: Message): Uint8Array {
  const data = sectionsOf(bytes).filter(({ code }) => code === sectionCodes.data);
  if (data.length > 0) return Buffer.concat(data.map(dataOf));
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify((body as { content?: unknown }).content ?? body));
}

function plainMap(map: Readonly<Record<string, unknown>> | undefined): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map ?? {}).map(([name, value]) => [name, plain(value)]));
}

/** As .NET's host writes it into JSON: bytes in base64. */
function plain(value: unknown): unknown {
  return Buffer.isBuffer(value) ? value.toString('base64') : value;
}
