/**
 * What a Subscription asks for. FHIR R4, Subscription; with a topic as criteria as in the Subscriptions R5 Backport guide.
 * Everything that cannot be done is refused here, when the client asks for it.
 */

import { endpointUrl } from '../../endpoints/endpoint-address.ts';
import type { Condition } from '../../stores/resources/query.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { FhirError } from '../outcome.ts';
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue, Resource } from '../resource/types.ts';
import { allOf } from '../search/conditions.ts';
import { parseCriteria } from '../search/criteria.ts';
import { backport, type PayloadContent, payloadContents } from './backport.ts';
import { endpointHeaders } from './endpoint-headers.ts';
import { longestTimeoutSeconds, type SubscriptionSettings } from './settings.ts';
import { isTopicUrl, type Topic, topicOf } from './topic.ts';

export interface AskedSubscription {
  readonly type: string;
  /** Undefined: every resource of the type. */
  readonly where: Condition | undefined;
  readonly on: Topic['on'];
  readonly endpoint: URL;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** Undefined: nothing is sent but the fact. */
  readonly format: 'json' | 'xml' | undefined;
  readonly timeoutSeconds: number;
  /** Milliseconds since 1970. */
  readonly end: number | undefined;
  /** Only of a topic-based subscription. */
  readonly topic: AskedTopic | undefined;
}

export interface AskedTopic {
  readonly canonical: string;
  readonly content: PayloadContent;
  readonly maxCount: number;
  readonly heartbeatSeconds: number | undefined;
}

export interface Surroundings {
  readonly definitions: Definitions;
  readonly settings: SubscriptionSettings;
  /** Absolute URL of the service, as the subscriber knows it. */
  readonly base: string;
}

/** Events that one notification holds unless `backport-max-count` says less. */
const mostEvents = 100;
const formats: ReadonlyMap<string, 'json' | 'xml'> = new Map([
  ['application/fhir+json', 'json'],
  ['application/json', 'json'],
  ['application/fhir+xml', 'xml'],
  ['application/xml', 'xml'],
]);

/** Throws `FhirError` with what is wrong. The resource is valid R4. */
export function askedSubscription(resource: Resource, around: Surroundings): AskedSubscription {
  const channel = (isObject(resource.channel) ? resource.channel : {}) as JsonObject;
  if (channel.type !== 'rest-hook') {
    throw new FhirError('not-supported', 'Subscription.channel.type must be rest-hook: no other channel is offered.');
  }
  const end = resource.end === undefined ? undefined : Date.parse(String(resource.end));
  const timeout = numberIn(channel, backport.timeout);
  return {
    ...criteriaOf(resource, around),
    endpoint: endpointUrl(String(channel.endpoint ?? ''), around.settings.allow, 'Subscription.channel.endpoint'),
    headers: endpointHeaders(Array.isArray(channel.header) ? channel.header.map(String) : []),
    format: formatOf(channel.payload),
    timeoutSeconds: Math.min(timeout ?? around.settings.timeoutSeconds, longestTimeoutSeconds),
    end,
    topic: topicAsked(resource, channel),
  };
}

/** The type that criteria are about; undefined when they are malformed. */
export function typeOfCriteria(criteria: unknown): string | undefined {
  const text = String(criteria);
  const [, topic] = /\/SubscriptionTopic\/([A-Za-z]+)-[a-z]+$/.exec(text) ?? [];
  return topic ?? /^([A-Za-z]+)(?:\?|$)/.exec(text)?.[1];
}

function criteriaOf(resource: Resource, around: Surroundings): Pick<AskedSubscription, 'type' | 'where' | 'on'> {
  const criteria = String(resource.criteria);
  if (!isTopicUrl(criteria)) return { ...searchOf(criteria, around), on: 'change' };
  const topic = topicOf(criteria, around.base);
  if (!topic || !around.definitions.isResourceType(topic.type)) {
    throw new FhirError('not-supported', 'Subscription.criteria names a topic that this service does not have.');
  }
  const filters = extensionsOf(resource._criteria, backport.filterCriteria).map(({ valueString }) => {
    const { type, where } = searchOf(String(valueString), around);
    if (type === topic.type) return where;
    throw new FhirError('invalid', `A filter must be a search of ${topic.type}, which the topic is about.`);
  });
  const conditions = filters.filter((condition) => condition !== undefined);
  return { ...topic, where: conditions.length === 0 ? undefined : allOf(conditions) };
}

/** `Observation?code=…`: a search of one type in which everything is understood. */
function searchOf(text: string, { definitions, base }: Surroundings): { type: string; where: Condition | undefined } {
  const [, type = '', query = ''] = /^([A-Za-z]+)(?:\?(.*))?$/s.exec(text) ?? [];
  if (!definitions.isResourceType(type)) {
    throw new FhirError('invalid', 'The criteria of a Subscription must be a search of one resource type.');
  }
  const pairs = [...new URLSearchParams(query)];
  const { where } = parseCriteria({ definitions, type, pairs, base, strict: true }).query;
  return { type, where };
}

function topicAsked(resource: Resource, channel: JsonObject): AskedTopic | undefined {
  const canonical = String(resource.criteria);
  if (!isTopicUrl(canonical)) return undefined;
  const [asked] = extensionsOf(channel._payload, backport.payloadContent);
  const content = payloadContents.find((each) => each === (asked?.valueCode ?? 'empty'));
  if (!content) throw new FhirError('value', `The content of a notification is ${payloadContents.join(', ')}.`);
  const heartbeat = numberIn(channel, backport.heartbeatPeriod);
  return {
    canonical,
    content,
    maxCount: Math.min(numberIn(channel, backport.maxCount) ?? mostEvents, mostEvents),
    heartbeatSeconds: heartbeat,
  };
}

function formatOf(payload: JsonValue | undefined): AskedSubscription['format'] {
  if (payload === undefined || payload === '') return undefined;
  const [type = ''] = String(payload).split(';');
  const format = formats.get(type.trim().toLowerCase());
  if (format) return format;
  throw new FhirError('not-supported', 'Subscription.channel.payload must be application/fhir+json or fhir+xml.');
}

/** A whole number above 0. */
function numberIn(element: JsonObject, url: string): number | undefined {
  const [found] = extensionsOf(element, url);
  if (!found) return undefined;
  const value = Number(found.valueUnsignedInt ?? found.valuePositiveInt ?? found.valueInteger);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new FhirError('value', `The extension ${url} must hold a whole number above 0.`);
}

function extensionsOf(element: JsonValue | undefined, url: string): JsonObject[] {
  if (!isObject(element) || !Array.isArray(element.extension)) return [];
  return element.extension.filter(isObject).filter((extension) => extension.url === url);
}
