/**
 * A Subscription as a client writes it. What asks for delivery is checked at once and becomes `requested`, also where the
 * client says `active`: only the service makes a subscription active. `off` and `error` are stored as they are.
 * AHDS differs: it stores any Subscription and does nothing with it.
 */

import type { FhirRequest } from '../interactions/interaction.ts';
import { requireAccess } from '../interactions/require-access.ts';
import type { Resource } from '../resource/types.ts';
import { markSubscriber } from './subscriber.ts';
import { askedSubscription } from './subscription.ts';

export function admitSubscription(request: FhirRequest, resource: Resource): void {
  const { service, base, principal } = request;
  if (resource.status !== 'requested' && resource.status !== 'active') {
    markSubscriber(resource, undefined);
    return;
  }
  // Whoever subscribes will see resources.
  requireAccess(request, [['read'], ['search']]);
  askedSubscription(resource, { definitions: service.definitions, settings: service.subscriptions.settings, base });
  resource.status = 'requested';
  delete resource.error;
  markSubscriber(resource, { principal, base });
}
