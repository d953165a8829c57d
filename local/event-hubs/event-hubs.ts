/** The hubs of the namespace: their partitions and groups, and how events find their partition. */
import { createHash } from 'node:crypto';
import type { Message } from 'rhea';
import type { SenderTarget } from './addresses.ts';
import { partitionKeyOf, withPartitionKey, withPlace } from './amqp-message.ts';
import type { EventLog } from './event-log.ts';

export interface Hub {
  readonly name: string;
  readonly partitions: number;
  readonly groups: readonly string[];
}

export class EventHubs {
  readonly log: EventLog;
  readonly created = Date.now();
  readonly #hubs: ReadonlyMap<string, Hub>;
  #turn = 0;

  constructor(log: EventLog, hubs: readonly Hub[]) {
    this.log = log;
    this.#hubs = new Map(hubs.map((hub) => [hub.name.toLowerCase(), hub]));
  }

  get all(): readonly Hub[] {
    return [...this.#hubs.values()];
  }

  /** Names in any case. */
  find(name: string): Hub | undefined {
    return this.#hubs.get(name.toLowerCase());
  }

  has(name: string, partition = 0): boolean {
    return partition < (this.find(name)?.partitions ?? 0);
  }

  hasGroup(name: string, group: string): boolean {
    return this.find(name)?.groups.some((each) => each.toLowerCase() === group.toLowerCase()) ?? false;
  }

  /**
   * Durable once it answers. A partition key, of the event or its batch, leads to the same partition always; without one
   * the partitions take turns, the events of a batch stay together.
   */
  async append({ hub: name, partition }: SenderTarget, events: readonly Message[], envelope?: Message): Promise<void> {
    const hub = this.find(name);
    if (!hub || !this.has(name, partition)) throw new RangeError('There is no such Event Hub.');
    const key = envelope && partitionKeyOf(envelope);
    const turn = this.#turn++;
    await this.log.append(
      events.map((event) => {
        const own = partitionKeyOf(event) ?? key;
        const keyed = own === undefined ? event : withPartitionKey(event, own);
        return {
          hub: hub.name,
          partition: partition ?? (own === undefined ? turn % hub.partitions : partitionOf(own, hub.partitions)),
          encode: (sequence: number, enqueued: number) => withPlace(keyed, sequence, enqueued),
        };
      }),
    );
  }
}

function partitionOf(key: string, partitions: number): number {
  return createHash('sha256').update(key).digest().readUInt32BE(0) % partitions;
}
