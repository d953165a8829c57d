/**
 * Asks an endpoint whether it wants events, so that nobody is flooded who did not ask. Sources: Azure Event Grid, endpoint
 * validation with the Event Grid event schema, synchronous handshake; CloudEvents 1.0, HTTP 1.1 webhooks, 4.
 */
import { randomUUID } from 'node:crypto';
import { NotDelivered, type Post } from '../../endpoints/post.ts';
import type { EventEndpoint, EventSettings } from './settings.ts';

/** What receivers of Event Grid's events allow. */
const origin = 'eventgrid.azure.net';

/** Rejects with `NotDelivered` unless the endpoint agrees. */
export function confirmEndpoint(post: Post, endpoint: EventEndpoint, settings: EventSettings): Promise<void> {
  return endpoint.schema === 'eventgrid' ? validate(post, endpoint, settings) : askOptions(post, endpoint, settings);
}

async function validate(post: Post, { url }: EventEndpoint, { topic, timeoutSeconds }: EventSettings): Promise<void> {
  const validationCode = randomUUID();
  const event = {
    id: randomUUID(),
    topic,
    subject: '',
    data: { validationCode },
    eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
    eventTime: new Date().toISOString(),
    metadataVersion: '1',
    dataVersion: '2',
  };
  const { text } = await post({
    method: 'POST',
    url,
    headers: { 'Content-Type': 'application/json; charset=utf-8', 'aeg-event-type': 'SubscriptionValidation' },
    body: Buffer.from(JSON.stringify([event])),
    timeoutSeconds,
  });
  if (responseIn(text) !== validationCode)
    throw new NotDelivered('The endpoint did not answer with the validation code.');
}

function responseIn(text: string): unknown {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null && 'validationResponse' in answer && answer.validationResponse;
  } catch {
    return undefined;
  }
}

async function askOptions(post: Post, { url }: EventEndpoint, { timeoutSeconds }: EventSettings): Promise<void> {
  const { headers } = await post({
    method: 'OPTIONS',
    url,
    headers: { 'WebHook-Request-Origin': origin },
    body: new Uint8Array(),
    timeoutSeconds,
  });
  const allowed = String(headers['webhook-allowed-origin'] ?? '')
    .split(',')
    .map((text) => text.trim().toLowerCase());
  if (!allowed.includes('*') && !allowed.includes(origin)) {
    throw new NotDelivered('The endpoint does not allow the origin in WebHook-Allowed-Origin.');
  }
}
