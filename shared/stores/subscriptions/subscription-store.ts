/**
 * The port behind the delivery of subscriptions: how far each one has come, and the events that it was or will be told.
 *
 * The outbox is the resource store itself: a version is committed with the resource, and its place in the order of commits
 * is what a subscription's `read` position runs along. So a write costs nothing more, and no event can be lost between the
 * commit and its delivery. An event gets its number here before it is sent, so that it has the same number when it is sent
 * again. What an adapter must have is a position that grows with the commits of a resource, as the change feed of a Cosmos
 * container gives it: at least once, and in order per resource. Writes are compare-and-swap on one subscription: two workers cannot both move it.
 */

/** A change that met a subscription's criteria. */
export interface SubscriptionEvent {
  /** 1, 2, 3 … without gaps, per subscription. */
  readonly number: number;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  /** When the change was committed, in milliseconds since 1970. */
  readonly updated: number;
  readonly created: boolean;
}

export interface SubscriptionState {
  /** The version of the Subscription that asked for this delivery. */
  readonly request: number;
  /** That request has been activated: the endpoint has answered the handshake, where there is one. */
  readonly activated: boolean;
  /** Position of the last version that was looked at; everything before it is numbered or did not match. */
  readonly read: number;
  /** Number of the last event. */
  readonly numbered: number;
  /** Number of the last event that the endpoint has taken. */
  readonly delivered: number;
  /** Failed attempts in a row. */
  readonly failures: number;
  /** No attempt before; milliseconds since 1970, as all times here. */
  readonly retryAt: number;
  /** When the endpoint last took anything. */
  readonly lastSent: number;
  /** The one delayed message that counts; any other is out of date. */
  readonly alarm?: { readonly at: number; readonly token: string } | undefined;
  /** Until when a worker has it for itself; 0: nobody has it. */
  readonly leasedUntil: number;
}

export interface KeptState extends SubscriptionState {
  /** 1 after the first save, one more after each. */
  readonly revision: number;
}

export interface SubscriptionStore {
  read(id: string): Promise<KeptState | undefined>;
  /**
   * Replaces the state and adds `events`, together, when the revision still is `expected` (0: there is none); else false and
   * nothing is changed. Events older than the latest `eventsKept` delivered ones may go. Durable once it answers.
   */
  save(id: string, state: SubscriptionState, expected: number, events?: readonly SubscriptionEvent[]): Promise<boolean>;
  /** In order, from number `from` on, at most `limit`. */
  events(id: string, from: number, limit: number): Promise<SubscriptionEvent[]>;
  /** Forgets the subscription and its events. */
  remove(id: string): Promise<void>;
  close(): Promise<void>;
}

/** Delivered events that `$events` can still show. */
export const eventsKept = 1000;
