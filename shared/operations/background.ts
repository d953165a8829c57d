/** Work on the queue: one Function for each queue, run once or more for each of its messages. */
export interface BackgroundOperation {
  /** The Function's name and the queue's. */
  readonly name: string;
  /** Throws when the message is to be delivered again. */
  readonly run: (message: string) => Promise<void>;
}
