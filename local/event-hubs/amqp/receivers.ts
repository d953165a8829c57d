/** Who reads a partition for a consumer group: one receiver with the highest epoch, or several without any. */
import { type LinkError, linkErrors } from './link-errors.ts';

/** Event Hubs: receivers without an epoch, of a partition and a consumer group. */
const mostWithoutEpoch = 5;

interface Reader {
  readonly epoch: number | undefined;
  readonly disconnect: (error: LinkError) => void;
}

export class Receivers {
  readonly #readers = new Map<string, Set<Reader>>();

  /** Lets the reader in, at the cost of those with a lower epoch or none, or says why not. */
  enter(partition: string, reader: Reader): { readonly leave: () => void } | LinkError {
    const readers = this.#readers.get(partition) ?? new Set();
    const refusal = this.#refusal(readers, reader);
    if (refusal) return refusal;
    if (reader.epoch !== undefined) {
      for (const each of readers) {
        readers.delete(each);
        each.disconnect(linkErrors.stolen(each.epoch));
      }
    }
    readers.add(reader);
    this.#readers.set(partition, readers);
    return { leave: () => readers.delete(reader) };
  }

  #refusal(readers: ReadonlySet<Reader>, { epoch }: Reader): LinkError | undefined {
    const highest = [...readers].find((each) => each.epoch !== undefined)?.epoch;
    if (highest !== undefined && (epoch === undefined || epoch < highest)) return linkErrors.stolen(epoch);
    if (epoch === undefined && readers.size >= mostWithoutEpoch) return linkErrors.tooManyReceivers(mostWithoutEpoch);
    return undefined;
  }
}
