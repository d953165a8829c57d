/**
 * `Subscription/[id]/$events`: what was or will be told, again, so that a subscriber that finds a gap in the numbers can
 * close it. Source: Subscriptions R5 Backport 1.1, operation backport-subscription-events.
 */
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { FhirError } from '../outcome.ts';
import { parseStored } from '../resource/text.ts';
import { payloadContents } from '../subscriptions/backport.ts';
import { currentSubscription } from '../subscriptions/current-subscription.ts';
import { notificationBundle } from '../subscriptions/notification.ts';
import { isTopicUrl } from '../subscriptions/topic.ts';
import { inParameters } from './parameters.ts';

const mostEvents = 100;

/**
 * `eventsSinceNumber` and `eventsUntilNumber` are inclusive; at most 100 events from the first on, and the last thousand
 * delivered ones are kept. `content` is `empty`, `id-only` or `full-resource`; `id-only` without it.
 */
export async function subscriptionEvents(request: FhirRequest): Promise<FhirResponse> {
  const { service, base } = request;
  const stored = await currentSubscription(request);
  const given = new Map(inParameters(request).map(({ name, value }) => [name, String(value)]));
  const from = eventNumber(given, 'eventsSinceNumber') ?? 1;
  const until = eventNumber(given, 'eventsUntilNumber') ?? Number.MAX_SAFE_INTEGER;
  const content = payloadContents.find((each) => each === (given.get('content') ?? 'id-only'));
  if (!content) throw new FhirError('invalid', `content must be one of ${payloadContents.join(', ')}.`);
  const states = await service.subscriptions.states();
  const state = await states.read(stored.id);
  const events = (await states.events(stored.id, from, mostEvents)).filter(({ number }) => number <= until);
  const tellable = await Promise.all(
    events.map(async (event) => ({
      event,
      resource: content === 'full-resource' ? await service.store.readVersion(event, event.version) : undefined,
    })),
  );
  const { criteria, status } = parseStored(stored);
  const body = notificationBundle({
    kind: 'query-event',
    id: stored.id,
    base,
    topic: isTopicUrl(String(criteria)) ? String(criteria) : undefined,
    status: String(status),
    eventsSinceStart: state?.numbered ?? 0,
    events: tellable,
    content,
    now: service.now(),
  });
  return { status: 200, body };
}

function eventNumber(given: ReadonlyMap<string, string>, name: string): number | undefined {
  const text = given.get(name);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new FhirError('invalid', `${name} must be a whole number, 0 or more.`);
  return Number(text);
}
