/** The index rows of one resource: put in with its version, taken out with it. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { IndexEntry, SimpleValue } from '../../resources/index-entry.ts';
import type { WritableNames } from '../names.ts';
import { partKey } from '../query/index-table.ts';
import { finite } from '../query/range.ts';

/** Columns in the order in which `#insert` gives their values. The same value twice is one row. */
const tables = {
  string_index: 'param, position, part, folded, exact',
  token_index: 'param, position, part, code, system',
  token_text_index: 'param, position, part, text, code, system',
  date_index: 'param, position, part, low, high',
  number_index: 'param, position, part, low, high',
  quantity_index: 'param, position, part, low, high, code, system',
  canonical_quantity_index: 'param, position, part, unit, low, high',
  uri_index: 'param, position, part, uri',
  reference_index: 'param, position, part, id, type, base',
  point_index: 'param, position, part, x, y, z',
} as const;
type Table = keyof typeof tables;

export class IndexRows {
  readonly #names: WritableNames;
  readonly #inserts: Readonly<Record<Table, StatementSync>>;
  readonly #deletes: readonly StatementSync[];
  readonly #insertText: StatementSync;
  readonly #deleteText: StatementSync;
  readonly #hasText: StatementSync;

  constructor(database: DatabaseSync, names: WritableNames) {
    this.#names = names;
    const prepared = Object.entries(tables).map(([table, columns]) => {
      const values = columns.replace(/\w+/g, '?');
      return [table, database.prepare(`INSERT OR IGNORE INTO ${table} (${columns}) VALUES (${values})`)];
    });
    this.#inserts = Object.fromEntries(prepared);
    this.#insertText = database.prepare('INSERT INTO text_index (rowid, narrative, content) VALUES (?, ?, ?)');
    this.#deleteText = database.prepare('DELETE FROM text_index WHERE rowid = ?');
    this.#hasText = database.prepare('SELECT 1 FROM text_index_docsize WHERE id = ?');
    this.#deletes = Object.keys(tables).map((table) => database.prepare(`DELETE FROM ${table} WHERE position = ?`));
  }

  add(position: number, entries: readonly IndexEntry[]): void {
    let composites = 0;
    let narrative: string | undefined;
    let content: string | undefined;
    for (const entry of entries) {
      if (entry.kind === 'text') {
        if (entry.param === 'Resource._text') narrative = entry.text;
        else content = entry.text;
        continue;
      }
      if (entry.kind !== 'composite') {
        this.#addValue(entry.param, position, 0, entry);
        continue;
      }
      composites += 1;
      for (const [at, value] of entry.parts.entries()) {
        this.#addValue(partKey(entry.param, at), position, composites, value);
      }
    }
    if (narrative !== undefined || content !== undefined) {
      this.#insertText.run(position, narrative ?? '', content ?? '');
    }
  }

  remove(position: number): void {
    for (const statement of this.#deletes) statement.run(position);
    // FTS5 has work to do in every transaction that touches it: a service without full text never does.
    if (this.#hasText.get(position) !== undefined) this.#deleteText.run(position);
  }

  /** `part` is 0 for a plain value; the parts of one composite value share a number of their own. */
  #addValue(key: string, position: number, part: number, value: SimpleValue): void {
    const param = this.#names.numbered(key);
    const insert = this.#inserts;
    switch (value.kind) {
      case 'string':
        insert.string_index.run(param, position, part, value.folded, value.exact);
        break;
      case 'token': {
        const system = this.#names.optional(value.system);
        const code = value.code ?? '';
        insert.token_index.run(param, position, part, code, system);
        if (value.text !== null) insert.token_text_index.run(param, position, part, value.text, code, system);
        break;
      }
      case 'date':
        insert.date_index.run(param, position, part, value.low, value.high);
        break;
      case 'number':
        insert.number_index.run(param, position, part, finite(value.low), finite(value.high));
        break;
      case 'quantity': {
        const system = this.#names.optional(value.system);
        insert.quantity_index.run(
          param,
          position,
          part,
          finite(value.low),
          finite(value.high),
          value.code ?? '',
          system,
        );
        if (value.canonical) {
          const { unit, low, high } = value.canonical;
          const number = this.#names.numbered(unit);
          insert.canonical_quantity_index.run(param, position, part, number, finite(low), finite(high));
        }
        break;
      }
      case 'uri':
        insert.uri_index.run(param, position, part, value.uri);
        break;
      case 'reference': {
        const type = this.#names.optional(value.type);
        insert.reference_index.run(param, position, part, value.id, type, this.#names.optional(value.base));
        break;
      }
      case 'point':
        insert.point_index.run(param, position, part, value.x, value.y, value.z);
    }
  }
}
