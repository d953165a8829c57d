/** Runs compiled statements on one connection; keeps the latest ones prepared. */
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite';
import type { Names } from '../names.ts';
import type { List, Parameter, Scalar, Sql } from '../query/sql.ts';

const KEPT = 200;

export type Row = Record<string, SQLOutputValue>;

export class Statements {
  readonly #database: DatabaseSync;
  readonly #names: Names;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, names: Names) {
    this.#database = database;
    this.#names = names;
  }

  rows({ text, parameters }: Sql): Row[] {
    return this.#prepare(text).all(...parameters.map((parameter) => this.#bound(parameter)));
  }

  /** The rows one after the other, never all of them at once. */
  each({ text, parameters }: Sql): Iterable<Row> {
    return this.#prepare(text).iterate(...parameters.map((parameter) => this.#bound(parameter)));
  }

  /** The one number that a counting statement gives. */
  number(statement: Sql): number {
    const [row] = this.rows(statement);
    return Number(row === undefined ? 0 : Object.values(row)[0]);
  }

  #prepare(text: string): StatementSync {
    const statement = this.#prepared.get(text) ?? this.#database.prepare(text);
    this.#prepared.delete(text);
    this.#prepared.set(text, statement);
    if (this.#prepared.size > KEPT) {
      const [oldest] = this.#prepared.keys();
      if (oldest !== undefined) this.#prepared.delete(oldest);
    }
    return statement;
  }

  #bound(parameter: Parameter): Scalar {
    if (typeof parameter !== 'object' || parameter === null) return parameter;
    if ('name' in parameter) return this.#names.number(parameter.name);
    return JSON.stringify(parameter.list, (_, item) => this.#numbered(item));
  }

  #numbered(item: List['list'] | List['list'][number]): unknown {
    return typeof item === 'object' && item !== null && 'name' in item ? this.#names.number(item.name) : item;
  }
}
