/** Versions as they are stored. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ResourceKey, StoredResource, WriteMethod } from '../../resources/resource-store.ts';
import { updatedAt } from '../position.ts';

const columns = `
  SELECT v.position, n.text AS type, v.id, v.version, v.method, v.deleted, v.body
  FROM version AS v CROSS JOIN name AS n ON n.id = v.type`;

export class StoredVersions {
  readonly #current: StatementSync;
  readonly #one: StatementSync;
  readonly #at: StatementSync;

  constructor(database: DatabaseSync) {
    this.#current = database.prepare(
      `${columns} WHERE v.position = (SELECT position FROM resource WHERE id = ? AND type = (SELECT id FROM name WHERE text = ?))`,
    );
    this.#one = database.prepare(
      `${columns} WHERE v.id = ? AND v.type = (SELECT id FROM name WHERE text = ?) AND v.version = ?`,
    );
    this.#at = database.prepare(`${columns} WHERE v.position = ?`);
  }

  current({ type, id }: ResourceKey): StoredResource | undefined {
    return stored(this.#current.get(id, type));
  }

  version({ type, id }: ResourceKey, version: number): StoredResource | undefined {
    return stored(this.#one.get(id, type, version));
  }

  at(position: number): StoredResource | undefined {
    return stored(this.#at.get(position));
  }
}

function stored(row: ReturnType<StatementSync['get']>): StoredResource | undefined {
  if (row === undefined) return undefined;
  const { position, type, id, version, method, deleted, body } = row as unknown as StoredRow;
  return { type, id, version, updated: updatedAt(position), method, deleted: deleted !== 0, body, position };
}

/** What the columns hold, as the schema and the only writer guarantee. */
interface StoredRow {
  readonly position: number;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly method: WriteMethod;
  readonly deleted: number;
  readonly body: Uint8Array;
}
