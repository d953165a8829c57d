/**
 * `Subscription/$status` and `Subscription/[id]/$status`: how far subscriptions have come, as Parameters in a searchset.
 * Source: Subscriptions R5 Backport 1.1, operation backport-subscription-status.
 */
import { randomUUID } from 'node:crypto';
import type { Condition } from '../../stores/resources/query.ts';
import type { StoredResource } from '../../stores/resources/resource-store.ts';
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { isId } from '../interactions/resource-type.ts';
import { FhirError } from '../outcome.ts';
import { bundleText } from '../resource/bundle-text.ts';
import { parseStored } from '../resource/text.ts';
import { currentSubscription } from '../subscriptions/current-subscription.ts';
import { statusParameters } from '../subscriptions/notification.ts';
import { isTopicUrl } from '../subscriptions/topic.ts';
import { inParameters } from './parameters.ts';

/** Subscriptions that one answer tells about. */
const mostSubscriptions = 100;
const statuses = ['requested', 'active', 'error', 'off'];

/** Of one subscription. An id that does not exist is 404. */
export async function subscriptionStatus(request: FhirRequest): Promise<FhirResponse> {
  return answer(request, [await currentSubscription(request)]);
}

/** Of those named by `id` and `status`, each repeatable or with commas; of all without them. */
export async function subscriptionStatuses(request: FhirRequest): Promise<FhirResponse> {
  const given = inParameters(request);
  const values = (name: string) =>
    given.filter((one) => one.name === name).flatMap(({ value }) => String(value).split(','));
  const ids = values('id');
  const wanted = values('status');
  if (!ids.every(isId)) throw new FhirError('invalid', 'id must be the id of a Subscription.');
  if (!wanted.every((status) => statuses.includes(status))) {
    throw new FhirError('invalid', `status must be one of ${statuses.join(', ')}.`);
  }
  const where: Condition[] = [];
  if (ids.length > 0) where.push({ kind: 'id', ids });
  if (wanted.length > 0) {
    const is = (code: string): Condition => {
      return { kind: 'value', param: 'Subscription.status', test: { kind: 'token', code } };
    };
    where.push({ kind: 'or', of: wanted.map(is) });
  }
  const query = { types: ['Subscription'], where: { kind: 'and', of: where }, sort: [] } as const;
  const { matches } = await request.service.store.search(query, mostSubscriptions);
  return answer(request, matches);
}

async function answer(request: FhirRequest, subscriptions: readonly StoredResource[]): Promise<FhirResponse> {
  const { service, base, requestId } = request;
  const states = await service.subscriptions.states();
  const entries = await Promise.all(
    subscriptions.map(async (stored) => {
      const { criteria, status } = parseStored(stored);
      const state = await states.read(stored.id);
      const id = randomUUID();
      const parameters = statusParameters(
        {
          kind: 'query-status',
          id: stored.id,
          base,
          topic: isTopicUrl(String(criteria)) ? String(criteria) : undefined,
          status: String(status),
          eventsSinceStart: state?.numbered ?? 0,
          events: [],
          content: 'empty',
        },
        id,
      );
      return {
        fullUrl: `urn:uuid:${id}`,
        resource: [Buffer.from(JSON.stringify(parameters))],
        search: { mode: 'match' },
      } as const;
    }),
  );
  const lastUpdated = service.now().toISOString();
  const total = entries.length;
  return { status: 200, body: bundleText({ type: 'searchset', id: requestId, lastUpdated, total, entries }) };
}
