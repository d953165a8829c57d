import { defaultAllowedOrigins } from '../../endpoints/allowed-origins.ts';

/** The settings of a service's subscriptions, `"subscriptions"` in its entry of workspace.json; docs/subscriptions.md. */
export interface SubscriptionSettings {
  /** Origins in private networks that may be notified: `http://localhost:*`, `https://10.0.0.5`. */
  readonly allow: readonly string[];
  /** How long one attempt may take. */
  readonly timeoutSeconds: number;
  /** The pause after the first failure; it doubles with each further one, up to an hour. */
  readonly retrySeconds: number;
  /** Failures in a row after which the subscription's status is `error`; attempts go on. */
  readonly errorAfter: number;
  /** Failures in a row after which it is `off`, for good. */
  readonly offAfter: number;
}

export const defaultSubscriptionSettings: SubscriptionSettings = {
  allow: defaultAllowedOrigins,
  timeoutSeconds: 10,
  retrySeconds: 5,
  errorAfter: 5,
  offAfter: 20,
};

export const longestRetrySeconds = 3600;
/** Longest time that an attempt may be given, by the settings or by `backport-timeout`. */
export const longestTimeoutSeconds = 60;
