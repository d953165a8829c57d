/** How far a consumer group has come in a partition, in a file of its own that is replaced as a whole. */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import path from 'node:path';

export interface Checkpoint {
  /** Of the last event that is done with. */
  readonly sequenceNumber: number;
  readonly offset: string;
}

export interface CheckpointPlace {
  readonly hub: string;
  readonly consumerGroup: string;
  readonly partitionId: string;
}

export class Checkpoints {
  readonly #folder: string;

  /** `folder`: that of the hubs. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async load(place: CheckpointPlace): Promise<Checkpoint | undefined> {
    try {
      return JSON.parse(await readFile(this.#file(place), 'utf8')) as Checkpoint;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async save(place: CheckpointPlace, checkpoint: Checkpoint): Promise<void> {
    const file = this.#file(place);
    await mkdir(path.dirname(file), { recursive: true });
    const handle = await open(`${file}.new`, 'w');
    try {
      await handle.writeFile(JSON.stringify(checkpoint));
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(`${file}.new`, file);
  }

  #file({ hub, consumerGroup, partitionId }: CheckpointPlace): string {
    const group = encodeURIComponent(consumerGroup.toLowerCase());
    return path.join(this.#folder, hub.toLowerCase(), 'checkpoints', group, `${partitionId}.json`);
  }
}
