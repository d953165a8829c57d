/** Work on the queue: one Function for each queue, run once or more for each of its messages. */
export interface BackgroundOperation {
  /** The Function's name and the queue's. */
  readonly name: string;
  /** Throws when the message is to be delivered again. */
  readonly run: (message: string) => Promise<void>;
}

/** Work that comes due by the clock, one run at a time. */
export interface TimedOperation {
  /** The Function's name. */
  readonly name: string;
  /** Six fields, seconds first, in UTC. */
  readonly schedule: string;
  readonly run: () => Promise<void>;
}

/** Work on the events of an Event Hub, a batch of one partition at a time, in their order. */
export interface EventOperation {
  /** The Function's name. */
  readonly name: string;
  readonly eventHub: string;
  readonly consumerGroup: string;
  /** `bodies` and `metadata` as the trigger has them. Throws when the batch is to come again. */
  readonly run: (bodies: unknown, metadata: Readonly<Record<string, unknown>>) => Promise<void>;
}
