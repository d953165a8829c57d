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
