/** The service changes a Subscription's status by a new version, as a client's PUT would. A client's own change wins. */
import { pause } from '../interactions/write-plan.ts';
import { parseStored, resourceBody } from '../resource/text.ts';
import type { FhirService } from '../service.ts';
import { subscriberOf } from './subscriber.ts';

export type ServerStatus = 'active' | 'error' | 'off';

const attempts = 30;

/**
 * True when the Subscription has the status now. False when a client has changed it since the version `request`: it was
 * deleted, turned off, or asked for anew; then nothing is written.
 */
export async function setStatus(
  service: FhirService,
  { id, request }: { readonly id: string; readonly request: number },
  status: ServerStatus,
  error?: string,
): Promise<boolean> {
  const key = { type: 'Subscription', id };
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const current = await service.store.read(key);
    if (!current || current.deleted) return false;
    const resource = parseStored(current);
    const subscriber = subscriberOf(resource);
    if (!subscriber || resource.status === 'off') return false;
    if (resource.status === 'requested' && current.version !== request) return false;
    if (resource.status === status && resource.error === error) return true;
    resource.status = status;
    if (error === undefined) delete resource.error;
    else resource.error = error;
    const { done } = await service.commit([
      {
        kind: 'put',
        key,
        expected: current.version,
        method: 'PUT',
        body: resourceBody(resource),
        index: service.index(resource, subscriber.base),
        keepPrevious: true,
      },
    ]);
    if (done) return true;
    await pause(attempt);
  }
  throw new Error('A Subscription is being changed by many writers at once.');
}
