/** What the CapabilityStatement says of Subscription besides what it says of every type: Subscriptions R5 Backport 1.1. */
import type { Definitions } from '../definitions/definitions.ts';
import { backport } from './backport.ts';
import { topicUrl } from './topic.ts';

const guide = 'http://hl7.org/fhir/uv/subscriptions-backport';

export function subscriptionCapability<T extends { readonly supportedProfile?: readonly string[] }>(
  capability: T,
  { resourceTypes }: Definitions,
  base: string,
) {
  const topics = resourceTypes.flatMap((type) =>
    (['change', 'create', 'update'] as const).map((on) => topicUrl(base, { type, on })),
  );
  return {
    extension: topics.map((valueCanonical) => ({ url: backport.topicCanonical, valueCanonical })),
    ...capability,
    supportedProfile: [...(capability.supportedProfile ?? []), `${guide}/StructureDefinition/backport-subscription`],
    operation: ['status', 'events'].map((name) => {
      return { name, definition: `${guide}/OperationDefinition/backport-subscription-${name}` };
    }),
  };
}
