/**
 * The part of the worklist that tells subscribers. What happens to a workitem comes with the change itself, in one commit:
 * the store finds who is subscribed and keeps the events for each, the newest of them, until they are said to have come.
 */
import type { WorkitemFilter, WorkitemKey } from './worklist.ts';

export interface Subscriber {
  readonly partition: string;
  readonly aeTitle: string;
}

/** One workitem, all of them, or those that pass the filters. */
export type SubscriptionTarget =
  | { readonly kind: 'one'; readonly uid: string }
  | { readonly kind: 'all' }
  | { readonly kind: 'filtered'; readonly filters: readonly WorkitemFilter[] };

export interface NewSubscription extends Subscriber {
  readonly target: SubscriptionTarget;
  /** The subscriber asks that workitems stay; nothing ever removes one. */
  readonly deletionLock: boolean;
  /** To be told at once. */
  readonly events: readonly Uint8Array[];
}

export interface SubscriptionLimits {
  readonly subscribers: number;
  readonly subscriptions: number;
}

export interface WorkitemEvent {
  /** Grows with the commits. */
  readonly number: number;
  /** UTF-8 JSON, opaque to the store. */
  readonly data: Uint8Array;
}

/** Events that are kept for a subscriber; older ones go. */
export const eventsKept = 1000;

export interface WorklistSubscriptions {
  /** Takes the place of a former one to the same target. False, and nothing written: there would be more than the limits. */
  subscribe(subscription: NewSubscription, limits: SubscriptionLimits): Promise<boolean>;
  /**
   * From one workitem, also where it is one of all; from `all` or `filtered`: from everything. False when the subscriber was
   * not subscribed to that.
   */
  unsubscribe(subscriber: Subscriber, target: Pick<SubscriptionTarget, 'kind'> & { uid?: string }): Promise<boolean>;
  /** Workitems that are created from now on do not count. False when there is no such subscription. */
  suspend(subscriber: Subscriber, kind: 'all' | 'filtered'): Promise<boolean>;
  /** Whether anybody is told of the workitem. */
  isWatched(key: WorkitemKey): Promise<boolean>;
  /** The next events behind `after`. Undefined without a subscription. */
  nextEvents(subscriber: Subscriber, after: number, limit: number): Promise<readonly WorkitemEvent[] | undefined>;
  /** Those up to `number` have come. */
  forgetEvents(subscriber: Subscriber, number: number): Promise<void>;
}
