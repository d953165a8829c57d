/** The writes of one change, inside the writer's transaction. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { IndexEntry, SimpleValue } from '../resources/index-entry.ts';
import type { Change, Stamp } from '../resources/resource-store.ts';
import { indexTables } from './schema.ts';

interface Current {
  position: number;
  version: number;
  updated: number;
}

/** Applies changes with statements that are prepared once. */
export class ChangeWriter {
  private readonly database: DatabaseSync;
  private readonly statements = new Map<string, StatementSync>();
  private readonly parameters = new Map<string, number>();

  constructor(database: DatabaseSync) {
    this.database = database;
  }

  /** Undefined when the expected version is not the current one. `next` gives the stamp for a new version. */
  apply(change: Change, next: () => { position: number; updated: number }): Stamp | undefined {
    const { type, id } = change.key;
    const current = this.statement('SELECT position, version, updated FROM resource WHERE type = ? AND id = ?').get(
      type,
      id,
    ) as Current | undefined;
    if ((current?.version ?? 0) !== change.expected) return undefined;
    if (change.kind === 'put') return this.put(change, current, next());
    if (!current) return { version: 0, updated: 0, position: 0 };
    if (change.kind === 'erase') {
      this.removeCurrent(current.position);
      this.statement('DELETE FROM version WHERE type = ? AND id = ?').run(type, id);
    } else {
      this.statement('DELETE FROM version WHERE type = ? AND id = ? AND version < ?').run(type, id, current.version);
    }
    return { ...current };
  }

  /** Forgets what it knows of rows that a rollback has taken back. */
  forget(): void {
    this.parameters.clear();
  }

  private put(
    change: Extract<Change, { kind: 'put' }>,
    current: Current | undefined,
    { position, updated }: { position: number; updated: number },
  ): Stamp {
    const { type, id } = change.key;
    const version = change.expected + 1;
    const deleted = change.body === undefined ? 1 : 0;
    if (current) {
      this.removeCurrent(current.position);
      if (!change.keepPrevious) this.statement('DELETE FROM version WHERE position = ?').run(current.position);
    }
    this.statement('INSERT INTO version VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
      position,
      type,
      id,
      version,
      updated,
      change.method,
      deleted,
      change.body ?? new Uint8Array(),
    );
    this.statement('INSERT INTO resource VALUES (?, ?, ?, ?, ?, ?)').run(position, type, id, version, updated, deleted);
    for (const [ordinal, entry] of change.index.entries()) this.insertEntry(position, ordinal, entry);
    return { version, updated, position };
  }

  private removeCurrent(position: number): void {
    this.statement('DELETE FROM resource WHERE position = ?').run(position);
    for (const kind of indexTables) this.statement(`DELETE FROM ${kind}_index WHERE position = ?`).run(position);
  }

  private insertEntry(position: number, ordinal: number, entry: IndexEntry): void {
    const param = this.parameter(entry.param);
    const insert = (marks: string) =>
      this.statement(`INSERT OR IGNORE INTO ${entry.kind}_index VALUES (?, ?, ${marks})`);
    switch (entry.kind) {
      case 'string':
        insert('?, ?').run(position, param, entry.folded, entry.exact);
        return;
      case 'token':
        insert('?, ?, ?').run(position, param, entry.code ?? '', entry.system ?? '', entry.text ?? '');
        return;
      case 'date':
      case 'number':
        insert('?, ?').run(position, param, entry.low, entry.high);
        return;
      case 'quantity':
        insert('?, ?, ?, ?').run(position, param, entry.code ?? '', entry.system ?? '', entry.low, entry.high);
        return;
      case 'uri':
        insert('?').run(position, param, entry.uri);
        return;
      case 'reference':
        insert('?, ?, ?').run(position, param, entry.id, entry.type ?? '', entry.base ?? '');
        return;
      case 'composite': {
        const columns = [0, 1, 2].flatMap((part) => componentValues(entry.parts[part]));
        insert(['?', ...columns.map(() => '?')].join(', ')).run(position, param, ordinal, ...columns);
      }
    }
  }

  private parameter(key: string): number {
    const known = this.parameters.get(key);
    if (known !== undefined) return known;
    this.statement('INSERT OR IGNORE INTO parameter (key) VALUES (?)').run(key);
    const { id } = this.statement('SELECT id FROM parameter WHERE key = ?').get(key) as { id: number };
    this.parameters.set(key, id);
    return id;
  }

  private statement(text: string): StatementSync {
    const known = this.statements.get(text);
    if (known) return known;
    const made = this.database.prepare(text);
    this.statements.set(text, made);
    return made;
  }
}

/** text, system, low, high of one component of a composite value. */
function componentValues(value: SimpleValue | undefined): [string, string, number | null, number | null] {
  switch (value?.kind) {
    case undefined:
      return ['', '', null, null];
    case 'string':
      return [value.folded, '', null, null];
    case 'token':
      return [value.code ?? '', value.system ?? '', null, null];
    case 'uri':
      return [value.uri, '', null, null];
    case 'reference':
      return [value.id, value.type ?? '', null, null];
    case 'quantity':
      return [value.code ?? '', value.system ?? '', value.low, value.high];
    case 'date':
    case 'number':
      return ['', '', value.low, value.high];
  }
}
