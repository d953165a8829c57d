/** Writes one commit inside the transaction of its batch: guards first, then the changes in order. */
import type { DatabaseSync } from 'node:sqlite';
import type { ParameterChange } from '../../resources/parameter-status.ts';
import type { Change, CommitResult, Guard, ResourceKey, Rewrite, Stamp } from '../../resources/resource-store.ts';
import { WritableNames } from '../names.ts';
import { nextPosition, updatedAt } from '../position.ts';
import { ParameterRecords } from '../read/parameter-records.ts';
import { Searches } from '../read/searches.ts';
import { IndexRows } from './index-rows.ts';

interface Current {
  readonly position: number;
  readonly version: number;
  readonly deleted: number;
}

const none: Current = { position: 0, version: 0, deleted: 1 };
const noBody = new Uint8Array(0);

function prepareAll(database: DatabaseSync) {
  return {
    current: database.prepare('SELECT position, version, deleted FROM resource WHERE id = ? AND type = ?'),
    keyAt: database.prepare(
      'SELECT n.text AS type, r.id FROM resource AS r CROSS JOIN name AS n ON n.id = r.type WHERE r.position = ?',
    ),
    addVersion: database.prepare(
      'INSERT INTO version (position, type, id, version, method, deleted, body) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    addResource: database.prepare('INSERT INTO resource (position, type, id, version, deleted) VALUES (?, ?, ?, ?, ?)'),
    moveResource: database.prepare('UPDATE resource SET position = ?, version = ?, deleted = ? WHERE position = ?'),
    removeResource: database.prepare('DELETE FROM resource WHERE position = ?'),
    removeVersion: database.prepare('DELETE FROM version WHERE position = ?'),
    removeOtherVersions: database.prepare('DELETE FROM version WHERE type = ? AND id = ? AND position <> ?'),
    lastPosition: database.prepare('SELECT last_position FROM store'),
    saveLastPosition: database.prepare('UPDATE store SET last_position = ?'),
    saveParameter: database.prepare(
      'INSERT OR REPLACE INTO parameter (url, state, resource, version) VALUES (?, ?, ?, ?)',
    ),
  };
}

export class CommitWriter {
  readonly #names: WritableNames;
  readonly #index: IndexRows;
  readonly #searches: Searches;
  readonly #parameters: ParameterRecords;
  readonly #run: ReturnType<typeof prepareAll>;
  #last: number;

  constructor(database: DatabaseSync) {
    this.#names = new WritableNames(database);
    this.#index = new IndexRows(database, this.#names);
    this.#searches = new Searches(database, this.#names);
    this.#parameters = new ParameterRecords(database);
    this.#run = prepareAll(database);
    this.#last = Number(this.#run.lastPosition.get()?.last_position);
  }

  /** To be called after a rollback: names that it took back have no number any more. Positions are not used again. */
  rolledBack(): void {
    this.#names.forget();
  }

  /** Once per batch, before it is committed: positions never repeat, whatever is erased and wherever the clock goes. */
  finishBatch(): void {
    this.#run.saveLastPosition.run(this.#last);
  }

  /** A result that is not done may leave changes behind: the caller takes them back. */
  write(changes: readonly Change[], guards: readonly Guard[], now: number, parameters?: ParameterChange): CommitResult {
    if (parameters !== undefined && parameters.at !== this.#parameters.version())
      return { done: false, key: undefined };
    if (!guards.every((guard) => this.#stillFinds(guard))) return { done: false, key: undefined };
    const stamps: Stamp[] = [];
    const indexedWith = changes.some(isChecked) ? this.#parameters.version() : undefined;
    for (const change of changes) {
      const type = this.#names.numbered(change.key.type);
      const current = (this.#run.current.get(change.key.id, type) as Current | undefined) ?? none;
      const outdated = isChecked(change) && change.indexedWith !== indexedWith;
      if (current.version !== change.expected || outdated) return { done: false, key: change.key };
      stamps.push(this.#apply(change, type, current, now));
    }
    if (parameters !== undefined) this.#saveParameters(parameters);
    return { done: true, stamps };
  }

  /** One stamp for each resource whose entries were replaced. */
  reindex(rewrites: readonly Rewrite[], indexedWith: number): CommitResult {
    if (indexedWith !== this.#parameters.version()) return { done: false, key: undefined };
    const stamps: Stamp[] = [];
    for (const { key, version, index } of rewrites) {
      const current = this.#run.current.get(key.id, this.#names.numbered(key.type)) as Current | undefined;
      if (current?.version !== version || current.deleted !== 0) continue;
      this.#index.remove(current.position);
      this.#index.add(current.position, index);
      stamps.push({ version, position: current.position, updated: updatedAt(current.position) });
    }
    return { done: true, stamps };
  }

  #saveParameters({ at, set }: ParameterChange): void {
    for (const { url, state, resource } of set) this.#run.saveParameter.run(url, state, resource, at + 1);
  }

  #apply(change: Change, type: number, current: Current, now: number): Stamp {
    const { version, position } = current;
    switch (change.kind) {
      case 'put':
        return this.#put(change, type, current, now);
      case 'erase':
        if (current.deleted === 0) this.#index.remove(position);
        this.#run.removeResource.run(position);
        this.#run.removeOtherVersions.run(type, change.key.id, none.position);
        break;
      case 'purge-history':
        this.#run.removeOtherVersions.run(type, change.key.id, position);
    }
    return { version, position, updated: updatedAt(position) };
  }

  #put(change: Change & { readonly kind: 'put' }, type: number, current: Current, now: number): Stamp {
    const { key, method, body, index, keepPrevious } = change;
    const position = nextPosition(this.#last, now);
    const version = current.version + 1;
    const deleted = body === undefined ? 1 : 0;
    this.#last = position;
    this.#run.addVersion.run(position, type, key.id, version, method, deleted, body ?? noBody);
    if (current.deleted === 0) this.#index.remove(current.position);
    if (current.version === 0) this.#run.addResource.run(position, type, key.id, version, deleted);
    else this.#run.moveResource.run(position, version, deleted, current.position);
    if (!keepPrevious) this.#run.removeVersion.run(current.position);
    if (deleted === 0) this.#index.add(position, index);
    return { version, position, updated: updatedAt(position) };
  }

  #stillFinds({ query, found }: Guard): boolean {
    const { rows } = this.#searches.find(query, 2, undefined);
    if (rows.length !== found.length) return false;
    return rows.every((row) => {
      const key = this.#run.keyAt.get(Number(row.position)) as ResourceKey | undefined;
      return found.some(({ type, id }) => type === key?.type && id === key.id);
    });
  }
}

/** Its index holds only when the search parameters are still those that it was made with. */
function isChecked(change: Change): change is Change & { readonly kind: 'put'; readonly indexedWith: number } {
  return change.kind === 'put' && change.indexedWith !== undefined;
}
