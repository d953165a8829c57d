/**
 * Brings every endpoint forward along the change feed, which is the outbox: an event is there because its entry is, and each
 * endpoint keeps the sequence that it has come to. What was sent but not noted is sent again, under the same id.
 */
import { NotDelivered } from '../../endpoints/post.ts';
import { UserError } from '../../operations/errors.ts';
import type { EventCursor } from '../../stores/event-cursors/event-cursors.ts';
import type { ImagingChange } from '../../stores/imaging/imaging-index.ts';
import type { DicomService } from '../service.ts';
import { confirmEndpoint } from './confirm-endpoint.ts';
import { eventOf } from './event-schemas.ts';
import type { Events } from './open-events.ts';
import { type EventEndpoint, longestRetrySeconds } from './settings.ts';

/** Entries that are read at a time; the position is noted behind them, so that at most so many come twice. */
const pageSize = 100;
/** A run gives way to the next one after this long. */
const runMs = 5_000;

/** To be run by one process at a time. */
export async function deliverEvents(service: DicomService): Promise<void> {
  const { events } = service;
  if (!events) return;
  await Promise.all(events.settings.endpoints.map((endpoint) => bringForward(service, events, endpoint)));
}

async function bringForward(service: DicomService, events: Events, endpoint: EventEndpoint): Promise<void> {
  const { cursors, settings, post } = events;
  const name = endpoint.url.href;
  const now = () => service.now().getTime();
  const until = now() + runMs;
  let cursor = await cursors.read(name);
  if (!cursor || cursor.retryAt > now()) return;
  const save = async (change: Partial<EventCursor>) => {
    cursor = { ...(cursor as EventCursor), ...change };
    await cursors.save(name, cursor);
  };
  try {
    if (!cursor.confirmed) {
      await confirmEndpoint(post, endpoint, settings);
      await save({ confirmed: true });
    }
    while (now() < until && !events.closing()) {
      const changes = await service.index.changes({ after: cursor.sequence, limit: pageSize });
      if (changes.length === 0) return;
      let sent = 0;
      try {
        for (; sent < changes.length && !events.closing(); sent += endpoint.maxEventsPerBatch) {
          await send(service, events, endpoint, changes.slice(sent, sent + endpoint.maxEventsPerBatch));
        }
      } finally {
        const last = changes[Math.min(sent, changes.length) - 1];
        if (last && !events.closing()) await save({ sequence: last.sequence, failures: 0, retryAt: 0 });
      }
    }
  } catch (error) {
    if (events.closing()) return;
    if (!(error instanceof NotDelivered) && !(error instanceof UserError)) throw error;
    const seconds = Math.min(settings.retrySeconds * 2 ** cursor.failures, longestRetrySeconds);
    await save({ failures: cursor.failures + 1, retryAt: now() + seconds * 1000 * (0.75 + Math.random() / 2) });
    console.error(`Events of the service ${service.name} wait for ${endpoint.url.origin}: ${error.message}`);
  }
}

async function send(
  { name, settings: { partitions } }: DicomService,
  { post, settings }: Events,
  { url, schema, maxEventsPerBatch }: EventEndpoint,
  changes: readonly ImagingChange[],
): Promise<void> {
  const all = changes.map((change) => eventOf(change, schema, { ...settings, partitions }));
  const single = schema === 'cloudevents' && maxEventsPerBatch === 1;
  const types = {
    eventgrid: 'application/json; charset=utf-8',
    cloudevents: `application/cloudevents${single ? '' : '-batch'}+json; charset=utf-8`,
  };
  await post({
    method: 'POST',
    url,
    headers: {
      'Content-Type': types[schema],
      'aeg-event-type': 'Notification',
      'aeg-subscription-name': name,
      'aeg-metadata-version': '1',
      'aeg-data-version': '1',
    },
    body: Buffer.from(JSON.stringify(single ? all[0] : all)),
    timeoutSeconds: settings.timeoutSeconds,
  });
}
