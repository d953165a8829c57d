/** The Event Hubs of a data folder, in `<dataDir>/event-hubs/<hub>`. Holds the folder's lock until it is closed. */
import path from 'node:path';
import { lockDataDir } from '../../shared/stores/embedded/lock-data-dir.ts';
import type { EventHubSettings } from '../../shared/workspace/event-hubs-setting.ts';
import { Checkpoints } from './checkpoints.ts';
import { EventHub } from './event-hub.ts';

const expireEveryMs = 60_000;

export class EventHubs {
  readonly hubs: ReadonlyMap<string, EventHub>;
  /** How far the triggers of this host have come. */
  readonly checkpoints: Checkpoints;
  readonly #release: () => void;
  readonly #expiring: NodeJS.Timeout;

  private constructor(hubs: ReadonlyMap<string, EventHub>, checkpoints: Checkpoints, release: () => void) {
    this.hubs = hubs;
    this.checkpoints = checkpoints;
    this.#release = release;
    this.#expiring = setInterval(() => this.#dropExpired(), expireEveryMs).unref();
  }

  static async open(dataDir: string, settings: ReadonlyMap<string, EventHubSettings>): Promise<EventHubs> {
    const release = lockDataDir(dataDir);
    try {
      const folder = path.join(dataDir, 'event-hubs');
      const opening = [...settings].map(async ([name, each]) => {
        return [name.toLowerCase(), await EventHub.open(path.join(folder, name.toLowerCase()), name, each)] as const;
      });
      return new EventHubs(new Map(await Promise.all(opening)), new Checkpoints(folder), release);
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Event Hubs: names in any case. */
  hub(name: string): EventHub | undefined {
    return this.hubs.get(name.toLowerCase());
  }

  async close(): Promise<void> {
    clearInterval(this.#expiring);
    await Promise.all([...this.hubs.values()].map((hub) => hub.close()));
    this.#release();
  }

  #dropExpired(): void {
    for (const { partitions } of this.hubs.values()) {
      for (const partition of partitions) {
        partition.dropExpired().catch((error) => console.error('Expired events could not be deleted:', error));
      }
    }
  }
}
