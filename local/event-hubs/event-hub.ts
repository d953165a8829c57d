/** An Event Hub: its partitions, and which of them an event goes to. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EventHubSettings } from '../../shared/workspace/event-hubs-setting.ts';
import { StartError } from '../../shared/workspace/start-error.ts';
import { partitionOfKey } from './log/partition-key.ts';
import { type NewEvent, PartitionLog } from './log/partition-log.ts';

/** Where a send goes: a partition by its id, or one by a key, or the next. */
export interface Destination {
  readonly partitionId?: string | undefined;
  readonly partitionKey?: string | undefined;
}

/** What is read at a start of each partition to find its end, at most. */
const segmentBytes = 512 * 1024;

export class EventHub {
  readonly name: string;
  readonly created: Date;
  readonly consumerGroups: ReadonlySet<string>;
  readonly partitions: readonly PartitionLog[];
  #next = 0;

  private constructor(name: string, created: Date, settings: EventHubSettings, partitions: readonly PartitionLog[]) {
    this.name = name;
    this.created = created;
    this.consumerGroups = new Set(settings.consumerGroups.map((group) => group.toLowerCase()));
    this.partitions = partitions;
  }

  static async open(folder: string, name: string, settings: EventHubSettings): Promise<EventHub> {
    const created = await remember(folder, name, settings.partitions);
    const limits = {
      retentionMs: settings.retentionHours * 3_600_000,
      mostBytes: (settings.maxMegabytes * 1024 * 1024) / settings.partitions,
      segmentBytes,
    };
    const ids = Array.from({ length: settings.partitions }, (_, index) => String(index));
    const partitions = await Promise.all(ids.map((id) => PartitionLog.open(id, path.join(folder, id), limits)));
    return new EventHub(name, created, settings, partitions);
  }

  partition(id: string): PartitionLog | undefined {
    return this.partitions.find((partition) => partition.id === id);
  }

  /** Resolves when the events are on the disk; all of them are, in one partition and in order, or none. */
  async send({ partitionId, partitionKey }: Destination, events: readonly NewEvent[]): Promise<void> {
    const index = partitionKey === undefined ? this.#next++ : partitionOfKey(partitionKey, this.partitions.length);
    const chosen =
      partitionId === undefined ? this.partitions[index % this.partitions.length] : this.partition(partitionId);
    if (!chosen) throw new Error(`Event Hub ${this.name} has no partition ${partitionId}.`);
    await chosen.append(events);
  }

  async close(): Promise<void> {
    await Promise.all(this.partitions.map((partition) => partition.close()));
  }
}

/** When the hub was made. Event Hubs: a hub never gets fewer partitions, whose events nobody would read. */
async function remember(folder: string, name: string, partitions: number): Promise<Date> {
  const file = path.join(folder, 'hub.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const before = text === undefined ? undefined : (JSON.parse(text) as { created: string; partitions: number });
  if (before && before.partitions > partitions) {
    throw new StartError(
      `Event Hub ${name} has ${before.partitions} partitions, and ${partitions} in workspace.json: they cannot become fewer.`,
    );
  }
  const created = before?.created ?? new Date().toISOString();
  if (before?.partitions !== partitions) {
    await mkdir(folder, { recursive: true });
    await writeFile(`${file}.new`, JSON.stringify({ created, partitions }), { flush: true });
    await rename(`${file}.new`, file);
  }
  return new Date(created);
}
