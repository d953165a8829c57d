/** What one subscription's endpoint is sent. */
import type { KeptState, SubscriptionEvent } from '../../stores/subscriptions/subscription-store.ts';
import { formatBody } from '../format-body.ts';
import { resourceText } from '../resource/text.ts';
import type { FhirService } from '../service.ts';
import { type Notification, type NotificationKind, notificationBundle, type TellableEvent } from './notification.ts';
import type { AskedSubscription } from './subscription.ts';

export interface Recipient {
  readonly service: FhirService;
  readonly id: string;
  /** Absolute URL of the service, as the subscriber knows it. */
  readonly base: string;
  readonly asked: AskedSubscription;
}

/** Bytes of resources after which a notification is full; one resource is always taken. */
const maxNotificationBytes = 5 * 1024 * 1024;

/** Events for the next attempt, with their resources where the subscriber wants those. */
export async function nextEvents(
  { service, asked }: Recipient,
  events: readonly SubscriptionEvent[],
): Promise<TellableEvent[]> {
  const whole = asked.topic ? asked.topic.content === 'full-resource' : asked.format !== undefined;
  if (!whole) return events.map((event) => ({ event, resource: undefined }));
  const taken: TellableEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const resource = await service.store.readVersion(event, event.version);
    bytes += resource?.body.length ?? 0;
    if (taken.length > 0 && bytes > maxNotificationBytes) break;
    taken.push({ event, resource });
  }
  return taken;
}

/** A notification of a topic-based subscription: a POST of the Bundle. */
export async function sendNotification(
  recipient: Recipient,
  kind: NotificationKind,
  state: Pick<KeptState, 'delivered'>,
  events: readonly TellableEvent[] = [],
): Promise<void> {
  const { service, id, base, asked } = recipient;
  const notification: Notification = {
    kind,
    id,
    base,
    topic: asked.topic?.canonical,
    status: kind === 'handshake' ? 'requested' : 'active',
    eventsSinceStart: events.at(-1)?.event.number ?? state.delivered,
    events,
    content: asked.topic?.content ?? 'empty',
    now: service.now(),
  };
  await send(recipient, 'POST', asked.endpoint, notificationBundle(notification), asked.format ?? 'json');
}

/**
 * An event of a plain R4 subscription. FHIR R4, Subscription: without payload an empty POST to the endpoint; with one the
 * resource, as an update at the endpoint taken as a FHIR service's address: `PUT [endpoint]/Observation/1`.
 */
export async function sendEvent(recipient: Recipient, { event, resource }: TellableEvent): Promise<void> {
  const { asked } = recipient;
  if (asked.format === undefined) return send(recipient, 'POST', asked.endpoint, [], undefined);
  // The version was purged or erased meanwhile; a later one, if there is any, is an event of its own.
  if (!resource) return;
  const url = new URL(asked.endpoint);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${event.type}/${event.id}`;
  return send(recipient, 'PUT', url, resourceText(resource), asked.format);
}

async function send(
  { service, asked }: Recipient,
  method: 'POST' | 'PUT',
  url: URL,
  json: readonly Uint8Array[],
  format: 'json' | 'xml' | undefined,
): Promise<void> {
  const formatted = format && (await formatBody(json, { format, pretty: false }, service.definitions));
  const chunks = formatted?.body as string | readonly Uint8Array[] | undefined;
  await service.subscriptions.post({
    method,
    url,
    headers: { ...asked.headers, ...(formatted && { 'content-type': formatted.contentType }) },
    body: typeof chunks === 'string' ? Buffer.from(chunks) : Buffer.concat(chunks ?? []),
    timeoutSeconds: asked.timeoutSeconds,
  });
}
