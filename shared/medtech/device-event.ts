import type { JsonValue } from './json/value.ts';
import type { Ticks } from './ticks.ts';

/** An event of an Event Hub, in the names of AMQP, whichever client or trigger has read it. */
export interface DeviceEvent {
  readonly body: Uint8Array;
  /** Application properties; texts are `PlainText` where they look like dates. */
  readonly properties: Readonly<Record<string, JsonValue>>;
  /** AMQP properties (`message-id`, `content-type`) and annotations (`x-opt-offset`, `iothub-connection-device-id`). */
  readonly systemProperties: Readonly<Record<string, JsonValue>>;
  readonly enqueued: Ticks;
  readonly partitionId: string;
  readonly sequenceNumber: number;
  readonly offset: string;
}
