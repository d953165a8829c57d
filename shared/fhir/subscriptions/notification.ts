/**
 * Notifications of topic-based subscriptions: a history Bundle that begins with the subscription's status as Parameters.
 * Source: Subscriptions R5 Backport 1.1, R4 notification bundle and R4 subscription status.
 */
import { randomUUID } from 'node:crypto';
import type { StoredResource } from '../../stores/resources/resource-store.ts';
import type { SubscriptionEvent } from '../../stores/subscriptions/subscription-store.ts';
import { type BundleEntry, bundleText } from '../resource/bundle-text.ts';
import { resourceText } from '../resource/text.ts';
import { backport, type PayloadContent } from './backport.ts';

export type NotificationKind = 'handshake' | 'heartbeat' | 'event-notification' | 'query-status' | 'query-event';

export interface Notification {
  readonly kind: NotificationKind;
  readonly id: string;
  /** Absolute URL of the service. */
  readonly base: string;
  /** Absent from the status of a subscription without topic. */
  readonly topic: string | undefined;
  readonly status: string;
  readonly eventsSinceStart: number;
  readonly events: readonly TellableEvent[];
  readonly content: PayloadContent;
  readonly now: Date;
}

export interface TellableEvent {
  readonly event: SubscriptionEvent;
  /** The version that the event is about; undefined when it is not wanted, or no longer kept. */
  readonly resource: StoredResource | undefined;
}

/** The Bundle as JSON text in chunks. */
export function notificationBundle(notification: Notification): Uint8Array[] {
  const { base, id, events, content, now } = notification;
  const statusId = randomUUID();
  const status: BundleEntry = {
    fullUrl: `urn:uuid:${statusId}`,
    resource: [Buffer.from(JSON.stringify(statusParameters(notification, statusId)))],
    request: { method: 'GET', url: `${base}/Subscription/${id}/$status` },
    response: { status: '200' },
  };
  const entries = content === 'empty' ? [] : events.map((each) => eventEntry(each, base));
  const text = bundleText({
    type: 'history',
    id: randomUUID(),
    lastUpdated: now.toISOString(),
    profile: backport.notificationProfile,
    entries: [status, ...distinct(entries)],
  });
  return text;
}

/** `status` as Parameters, with the events that it is about. */
export function statusParameters(notification: Omit<Notification, 'now'>, id: string) {
  const { kind, base, topic, status, eventsSinceStart, events, content } = notification;
  return {
    resourceType: 'Parameters',
    id,
    meta: { profile: [backport.statusProfile] },
    parameter: [
      { name: 'subscription', valueReference: { reference: `${base}/Subscription/${notification.id}` } },
      ...(topic === undefined ? [] : [{ name: 'topic', valueCanonical: topic }]),
      { name: 'status', valueCode: status },
      { name: 'type', valueCode: kind },
      { name: 'events-since-subscription-start', valueString: String(eventsSinceStart) },
      ...events.map(({ event }) => ({
        name: 'notification-event',
        part: [
          { name: 'event-number', valueString: String(event.number) },
          { name: 'timestamp', valueInstant: new Date(event.updated).toISOString() },
          ...(content === 'empty'
            ? []
            : [{ name: 'focus', valueReference: { reference: `${base}/${event.type}/${event.id}` } }]),
        ],
      })),
    ],
  };
}

function eventEntry({ event, resource }: TellableEvent, base: string): BundleEntry & { fullUrl: string } {
  const { type, id, created, version } = event;
  return {
    fullUrl: `${base}/${type}/${id}`,
    ...(resource && { resource: resourceText(resource) }),
    request: created ? { method: 'POST', url: type } : { method: 'PUT', url: `${type}/${id}` },
    response: { status: created ? '201' : '200', etag: `W/"${version}"` },
  };
}

/** Several versions of one resource in a bundle are entries of their own; without versions they would be the same twice. */
function distinct(entries: readonly BundleEntry[]): readonly BundleEntry[] {
  return [...new Map(entries.map((entry) => [entry.resource ? entry : entry.fullUrl, entry])).values()];
}
