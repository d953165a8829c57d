/** The operations of the Subscriptions R5 Backport guide. What they tell about are resources, so they need the right to read. */
import type { InteractionRow } from '../interactions/interaction-row.ts';
import { lazily } from '../interactions/lazily.ts';

const toRead = [['read']] as const;

const status = lazily(async () => (await import('./subscription-status.ts')).subscriptionStatus);
const statuses = lazily(async () => (await import('./subscription-status.ts')).subscriptionStatuses);
const events = lazily(async () => (await import('./subscription-events.ts')).subscriptionEvents);

function both(name: string, path: string, interaction: InteractionRow['interaction']): InteractionRow[] {
  return [
    { name, method: 'GET', path, access: toRead, body: 'none', interaction },
    { name: `${name}-post`, method: 'POST', path, access: toRead, body: 'optional', interaction },
  ];
}

export const subscriptionRows: readonly InteractionRow[] = [
  ...both('subscription-status', 'Subscription/{id}/$status', status),
  ...both('subscription-statuses', 'Subscription/$status', statuses),
  ...both('subscription-events', 'Subscription/{id}/$events', events),
];
