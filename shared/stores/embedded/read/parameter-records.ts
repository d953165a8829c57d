/** The records of search parameters. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoredParameter, StoredParameters } from '../../resources/parameter-status.ts';

export class ParameterRecords {
  readonly #newest: StatementSync;
  readonly #all: StatementSync;

  constructor(database: DatabaseSync) {
    this.#newest = database.prepare('SELECT max(version) AS version FROM parameter');
    this.#all = database.prepare('SELECT url, state, resource, version FROM parameter ORDER BY url');
  }

  version(): number {
    return Number(this.#newest.get()?.version ?? 0);
  }

  /** Undefined when the version is still `known`. */
  changedSince(known: number | undefined): StoredParameters | undefined {
    if (known !== undefined && known === this.version()) return undefined;
    const records = this.#all.all() as unknown as StoredParameter[];
    return { version: records.reduce((newest, { version }) => Math.max(newest, version), 0), records };
  }
}
