/** A REST request to send, as events: the body, `BrokerProperties`, custom properties as headers. */
import type { IncomingHttpHeaders } from 'node:http';
import rhea, { type Message } from 'rhea';
import { type IncomingMessage, incomingMessage, partitionKeyName } from '../amqp/incoming-message.ts';
import { MalformedMessage } from '../amqp/values.ts';

/** A mistake of the sender. */
export class RefusedEvent extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

type Properties = Readonly<Record<string, unknown>>;

interface EventParts {
  readonly body: Uint8Array;
  readonly contentType?: string | undefined;
  readonly broker: Properties;
  readonly custom: Properties;
}

const batchType = /^application\/vnd\.microsoft\.servicebus\.json\b/i;

export function eventsOf(headers: IncomingHttpHeaders, body: Buffer): IncomingMessage {
  const header = headers.brokerproperties;
  const broker = header === undefined ? {} : objectOf(json(String(header)));
  if (batchType.test(headers['content-type'] ?? '')) return batchOf(body, broker);
  return encoded({ body, contentType: headers['content-type'], broker, custom: customHeaders(headers) });
}

/** `[{ "Body": "…", "UserProperties": {…}, "BrokerProperties": {…} }]`; one partition gets them all. */
function batchOf(bytes: Buffer, broker: Properties): IncomingMessage {
  const list = json(bytes.toString('utf8'));
  if (!Array.isArray(list) || list.length === 0) throw new RefusedEvent(400, 'A batch is a list of events in JSON.');
  const messages = list.map((item) => {
    const { Body, UserProperties, BrokerProperties } = objectOf(item);
    if (typeof Body !== 'string') throw new RefusedEvent(400, 'The Body of each event of a batch is a text.');
    const own = { ...broker, ...objectOf(BrokerProperties ?? {}) };
    return encoded({ body: Buffer.from(Body, 'utf8'), broker: own, custom: userProperties(UserProperties) });
  });
  const keys = new Set(messages.map(({ partitionKey }) => partitionKey));
  if (keys.size > 1) throw new RefusedEvent(400, 'All events of a batch have the same partition key.');
  return { partitionKey: messages[0]?.partitionKey, events: messages.flatMap(({ events }) => [...events]) };
}

function encoded({ body, contentType, broker, custom }: EventParts): IncomingMessage {
  const text = (name: string): string | undefined => {
    const value = broker[name];
    if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
    throw new RefusedEvent(400, `${name} of BrokerProperties is a text.`);
  };
  const key = text('PartitionKey');
  const properties = {
    message_id: text('MessageId'),
    correlation_id: text('CorrelationId'),
    subject: text('Label'),
    to: text('To'),
    reply_to: text('ReplyTo'),
    content_type: text('ContentType') ?? contentType,
  };
  const message = {
    ...Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)),
    ...(key !== undefined && { message_annotations: { [partitionKeyName]: key } }),
    ...(Object.keys(custom).length > 0 && { application_properties: typed(custom) }),
    body: rhea.message.data_section(Buffer.from(body)),
  };
  try {
    return incomingMessage(rhea.message.encode(message as unknown as Message) as unknown as Buffer, 0);
  } catch (error) {
    if (error instanceof MalformedMessage) throw new RefusedEvent(400, error.message);
    throw error;
  }
}

/** rhea writes whole numbers as integers, and fails on those that are too large for one. */
function typed(properties: Properties): Properties {
  const entries = Object.entries(properties).map(([name, value]) => {
    const isLarge = typeof value === 'number' && !Number.isSafeInteger(value);
    return [name, isLarge ? rhea.types.wrap_double(value) : value];
  });
  return Object.fromEntries(entries);
}

/** Headers that say something of the request. */
const notCustom =
  /^(accept.*|authorization|brokerproperties|cache-control|connection|content-.*|cookie|date|expect|forwarded|host|if-.*|keep-alive|origin|pragma|priority|range|referer|sec-.*|te|trace(parent|state)|trailer|transfer-encoding|upgrade.*|user-agent|via|x-forwarded-.*|x-ms-.*)$/;

/** Azure: a text stands in double quotes, a number without. Names come in lower case from HTTP. */
function customHeaders(headers: IncomingHttpHeaders): Properties {
  const custom = Object.entries(headers).filter(([name]) => !notCustom.test(name));
  return Object.fromEntries(custom.map(([name, value]) => [name, customValue(String(value))]));
}

function customValue(text: string): unknown {
  const quoted = /^"(.*)"$/s.exec(text);
  if (quoted) return quoted[1];
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

/** AMQP: a property is a text, a number, true or false. */
function userProperties(value: unknown): Properties {
  const properties = objectOf(value ?? {});
  const isPlain = Object.values(properties).every((each) => ['string', 'number', 'boolean'].includes(typeof each));
  if (isPlain) return properties;
  throw new RefusedEvent(400, 'UserProperties are texts, numbers, true or false.');
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RefusedEvent(400, 'BrokerProperties and batches are JSON.');
  }
}

function objectOf(value: unknown): Properties {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RefusedEvent(400, 'BrokerProperties, UserProperties and events are JSON objects.');
  }
  return value as Properties;
}
