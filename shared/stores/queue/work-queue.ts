/**
 * The port for background work: messages that outlive the process and are delivered at least once.
 * On Azure a Storage queue; its rules (visibility, dequeue count, poison) are the same here.
 */
/** A Storage queue's message has 64 KiB of base64. */
export const MOST_MESSAGE_BYTES = 48 * 1024;

export interface WorkMessage {
  readonly id: string;
  readonly text: string;
  /** 1 on the first delivery. */
  readonly dequeueCount: number;
  readonly insertedOn: Date;
  readonly expiresOn: Date;
  readonly nextVisibleOn: Date;
  /** Proves to `remove` and `release` that the caller is the latest receiver. */
  readonly popReceipt: string;
}

export interface WorkQueue {
  /** `text` at most `MOST_MESSAGE_BYTES`, else RangeError; visible after `delaySeconds` (default 0). Durable once it answers. */
  send(queue: string, text: string, delaySeconds?: number): Promise<void>;
  /** Up to `most` visible messages, hidden from other receivers for `visibilitySeconds`. */
  receive(queue: string, most: number, visibilitySeconds: number): Promise<WorkMessage[]>;
  /** False when another receiver has taken it meanwhile. */
  remove(queue: string, message: WorkMessage): Promise<boolean>;
  /** Makes the message visible again after `delaySeconds`. */
  release(queue: string, message: WorkMessage, delaySeconds: number): Promise<boolean>;
  close(): Promise<void>;
}
