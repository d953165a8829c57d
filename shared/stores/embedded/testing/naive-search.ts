/** What a condition means, by looking at every resource: slow, and too simple to be wrong in the same way as the SQL. */
import type { IndexEntry } from '../../resources/index-entry.ts';
import { type Indexed, meets as meetsAlone } from '../../resources/meets.ts';
import type { Condition } from '../../resources/query.ts';

export type { Indexed };

export function meets(resource: Indexed, condition: Condition, all: readonly Indexed[]): boolean {
  return meetsAlone(resource, condition, (link) => {
    if (link.kind === 'referenced') {
      const { by, where } = link;
      return all.some(
        (other) =>
          other.index.some((entry) => by.includes(entry.param) && refers(entry, resource)) &&
          (where === undefined || meets(other, where, all)),
      );
    }
    if (link.kind === 'referenced-by') {
      return all.some(
        (other) =>
          other.type === link.source &&
          other.index.some((entry) => entry.param === link.param && refers(entry, resource)) &&
          meets(other, link.where, all),
      );
    }
    return resource.index.some(
      (entry) =>
        entry.param === link.param &&
        all.some((other) => link.types.includes(other.type) && refers(entry, other) && meets(other, link.where, all)),
    );
  });
}

function refers(entry: IndexEntry, { type, id }: Indexed): boolean {
  return entry.kind === 'reference' && entry.base === null && entry.type === type && entry.id === id;
}
