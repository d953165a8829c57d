/**
 * Numbers for the texts that rows repeat: resource types, parameter keys, code systems, base URLs. 0 stands for «none».
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Texts that a connection remembers; a service with more distinct systems starts over. */
const REMEMBERED = 50_000;
/** What an unknown name is bound as: equal to no stored number. */
export const UNKNOWN_NAME = -1;

export class Names {
  readonly #find: StatementSync;
  readonly #known = new Map<string, number>();

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('SELECT id FROM name WHERE text = ?');
  }

  /** The text's number, or `UNKNOWN_NAME`. */
  number(text: string): number {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const id = this.#find.get(text)?.id;
    return typeof id === 'number' ? this.remember(text, id) : UNKNOWN_NAME;
  }

  protected remember(text: string, id: number): number {
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    this.#known.set(text, id);
    return id;
  }

  /** After a rollback: numbers that it took back must not be used. */
  forget(): void {
    this.#known.clear();
  }
}

/** The writing connection's names: an unknown one is given the next number. */
export class WritableNames extends Names {
  readonly #add: StatementSync;

  constructor(database: DatabaseSync) {
    super(database);
    this.#add = database.prepare('INSERT INTO name (text) VALUES (?)');
  }

  numbered(text: string): number {
    const known = this.number(text);
    return known === UNKNOWN_NAME ? this.remember(text, Number(this.#add.run(text).lastInsertRowid)) : known;
  }

  /** 0 for null. */
  optional(text: string | null): number {
    return text === null ? 0 : this.numbered(text);
  }
}
