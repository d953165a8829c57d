/** A resource that was sent as a change of the store: validated, indexed, its text made. */
import type { Change } from '../../stores/resources/resource-store.ts';
import { FhirError } from '../outcome.ts';
import { notePatients } from '../patients-touched.ts';
import { resourceBody } from '../resource/text.ts';
import type { Resource } from '../resource/types.ts';
import { admitSubscription } from '../subscriptions/admit.ts';
import type { FhirRequest } from './interaction.ts';

/** Validates a resource and makes it a change: a new version under `id` on top of version `expected` (0: none). */
export function putChange(
  request: FhirRequest,
  resource: Resource,
  key: { type: string; id: string; expected: number; method: 'POST' | 'PUT' | 'PATCH'; keepPrevious?: boolean },
  body: Uint8Array = checkedBody(request, resource, key.id),
): Change {
  const { service, base } = request;
  notePatients(request.audit, [body], base);
  return {
    kind: 'put',
    key: { type: key.type, id: key.id },
    expected: key.expected,
    method: key.method,
    body,
    index: service.index(resource, base),
    indexedWith: service.parameters.version,
    keepPrevious: key.keepPrevious ?? true,
  };
}

/** The resource's text for the store, once it is found valid. Throws with every issue otherwise. */
export function checkedBody(request: FhirRequest, resource: Resource, id: string): Uint8Array {
  resource.id = id;
  const issues = request.service.validate(resource);
  if (issues.length > 0) throw new FhirError('invalid', issues);
  if (resource.resourceType === 'Subscription') admitSubscription(request, resource);
  return resourceBody(resource);
}
