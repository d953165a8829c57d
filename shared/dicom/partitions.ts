/** Data partitions: parts of a service that know nothing of each other. Source: AHDS, data partitioning. */
import type { ImagingIndex, Partition } from '../stores/imaging/imaging-index.ts';
import { DicomError } from './errors.ts';

/** Where everything lies while a service has no other. */
export const defaultPartition = 'Microsoft.Default';

const pattern = /^[A-Za-z0-9._-]{1,64}$/;

export interface Partitions {
  /**
   * The partition that an address names: 400 for a name that is none, or that is not there. `make`: one that is not there
   * is made, as AHDS does when something is stored.
   */
  named(name: string, make: boolean): Promise<string>;
  all(): Promise<readonly Partition[]>;
}

export function openPartitions(index: ImagingIndex): Partitions {
  // Partitions are never removed, so that one that was seen once stays.
  const known = new Set([defaultPartition]);
  return {
    named: async (name, make) => {
      if (!pattern.test(name)) {
        throw new DicomError('invalid', "A partition's name has 1 to 64 letters, digits and the characters . - _");
      }
      if (!known.has(name)) {
        if (make) await index.addPartition(name);
        else if (!(await index.partitions()).some((each) => each.name === name)) {
          throw new DicomError('invalid', 'There is no partition of this name.');
        }
        known.add(name);
      }
      return name;
    },
    all: () => index.partitions(),
  };
}
