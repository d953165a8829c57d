/**
 * The topics of a service: for each resource type `-change` (created or updated), `-create` and `-update`. Their canonical
 * URLs are below the service's address. A backport Subscription names one as its criteria and narrows it by filters.
 */
export interface Topic {
  readonly type: string;
  readonly on: 'change' | 'create' | 'update';
}

const topicPath = /^\/SubscriptionTopic\/([A-Za-z]+)-(change|create|update)$/;

export function topicUrl(base: string, { type, on }: Topic): string {
  return `${base}/SubscriptionTopic/${type}-${on}`;
}

/** A canonical URL may carry a version, which these topics do not have. Undefined: none of this service's topics. */
export function topicOf(canonical: string, base: string): Topic | undefined {
  if (!canonical.startsWith(base)) return undefined;
  const [, type, on] = topicPath.exec(canonical.slice(base.length)) ?? [];
  return type === undefined ? undefined : { type, on: on as Topic['on'] };
}

export function isTopicUrl(criteria: string): boolean {
  return /^(https?|urn):/i.test(criteria);
}
