import type { StoredResource } from '../../stores/resources/resource-store.ts';
import type { FhirRequest } from '../interactions/interaction.ts';
import { FhirError } from '../outcome.ts';

/** The Subscription that an operation's address names. Throws 404 when there is none, 410 when it was deleted. */
export async function currentSubscription(request: FhirRequest): Promise<StoredResource> {
  const { service, id = '', audit } = request;
  audit.resourceType = 'Subscription';
  audit.resourceId = id;
  const stored = await service.store.read({ type: 'Subscription', id });
  if (!stored) throw new FhirError('not-found', `Resource type 'Subscription' with id '${id}' couldn't be found.`);
  if (stored.deleted) throw new FhirError('deleted', `Resource type 'Subscription' with id '${id}' was deleted.`);
  return stored;
}
