/**
 * Who asked for a subscription, and under which address they know the service. It stands in the Subscription's meta, so
 * that it is committed with it; only this service writes it. Deliveries have the rights that the subscriber has: a service
 * that runs open allows everything, and a limit by SMART scopes is a condition more that `askedSubscription` would add.
 */
import type { Principal } from '../../access/principal.ts';
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue, Resource } from '../resource/types.ts';

export interface Subscriber {
  readonly principal: string;
  /** Absolute URL of the service. */
  readonly base: string;
}

export const subscriberUrl = 'urn:open-health-data-services:subscriber';

/** Puts it into the resource's meta in place of any other; undefined takes it away. */
export function markSubscriber(resource: Resource, by: { principal: Principal; base: string } | undefined): void {
  const others = extensions(resource).filter((extension) => !isObject(extension) || extension.url !== subscriberUrl);
  const mark = by && {
    url: subscriberUrl,
    extension: [
      { url: 'principal', valueString: by.principal.id },
      { url: 'base', valueUrl: by.base },
    ],
  };
  const kept: JsonValue[] = mark ? [...others, mark] : others;
  const { extension: _, ...meta } = resource.meta ?? {};
  if (kept.length > 0) resource.meta = { ...meta, extension: kept };
  else if (resource.meta) resource.meta = meta;
}

export function subscriberOf(resource: Resource): Subscriber | undefined {
  const mark = extensions(resource).find(
    (extension): extension is JsonObject => isObject(extension) && extension.url === subscriberUrl,
  );
  const parts = Array.isArray(mark?.extension) ? mark.extension.filter(isObject) : [];
  const principal = parts.find(({ url }) => url === 'principal')?.valueString;
  const base = parts.find(({ url }) => url === 'base')?.valueUrl;
  return typeof principal === 'string' && typeof base === 'string' ? { principal, base } : undefined;
}

function extensions({ meta }: Resource): JsonValue[] {
  return Array.isArray(meta?.extension) ? meta.extension : [];
}
