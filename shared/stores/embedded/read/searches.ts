/** Every read but a read by id: compiled and run on one connection, each on one snapshot. */
import type { DatabaseSync } from 'node:sqlite';
import { LatestMatches, type LatestQuery } from '../../resources/latest.ts';
import type { Include, Query } from '../../resources/query.ts';
import type {
  Cursor,
  HistoryQuery,
  Included,
  IncludeOptions,
  ResourceKey,
  SearchPage,
  StoredResource,
} from '../../resources/resource-store.ts';
import { snapshot } from '../connection.ts';
import type { Names } from '../names.ts';
import { compileHistory, compileHistoryCount } from '../query/history.ts';
import { compileInclude } from '../query/include.ts';
import { compileLatest } from '../query/latest.ts';
import { compileCount, compileSearch } from '../query/search.ts';
import type { Sql } from '../query/sql.ts';
import { type Row, Statements } from './statements.ts';
import { StoredVersions } from './stored-versions.ts';
import { TimeBudget, type TimeLimit } from './time-budget.ts';

/** Matches that one `latest` looks at. A million take about three seconds. */
const MOST_DATED = 1_000_000;

/** Of all that one `latest` answers. */
const MOST_LATEST_BYTES = 64 * 1024 * 1024;

export class Searches {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #versions: StoredVersions;
  readonly #budget: TimeBudget;
  readonly #count = (statement: Sql) => this.#statements.number(statement);

  constructor(database: DatabaseSync, names: Names) {
    this.#database = database;
    this.#budget = new TimeBudget(database);
    this.#statements = new Statements(database, names);
    this.#versions = new StoredVersions(database);
  }

  /** What `work` asks of this object must be done in time, else it throws `QueryTooLarge`. */
  within<T>(time: TimeLimit, work: () => T): T {
    return this.#budget.within(time, work);
  }

  search(query: Query, limit: number, after: Cursor | undefined, mostBytes?: number): SearchPage {
    return snapshot(this.#database, () => {
      const { rows, keys } = this.find(query, limit + 1, after);
      return this.#page(rows, { limit, keys, mostBytes });
    });
  }

  /** The rows of a search, `limit` at most; inside the caller's transaction. */
  find(query: Query, limit: number, after: Cursor | undefined): { rows: Row[]; keys: number } {
    const { statements, keys } = compileSearch(query, limit, after, this.#count);
    const rows: Row[] = [];
    for (const statement of statements) {
      if (rows.length < limit) rows.push(...this.#statements.rows(statement));
    }
    return { rows: rows.slice(0, limit), keys };
  }

  count(query: Query, most: number | undefined): number {
    return snapshot(this.#database, () => this.#statements.number(compileCount(query, this.#count, most)));
  }

  include(
    from: readonly ResourceKey[],
    include: readonly Include[],
    limit: number,
    options: IncludeOptions | undefined,
  ): Included {
    if (from.length === 0 || include.length === 0) return { resources: [], next: undefined };
    return snapshot(this.#database, () => {
      const rows = this.#statements.rows(compileInclude(from, include, limit + 1, options));
      const { matches, next } = this.#page(rows, { limit, keys: 0, mostBytes: options?.mostBytes });
      return { resources: matches, next };
    });
  }

  history(query: HistoryQuery, limit: number, after: Cursor | undefined, mostBytes?: number): SearchPage {
    return snapshot(this.#database, () =>
      this.#page(this.#statements.rows(compileHistory(query, limit + 1, after, this.#count)), {
        limit,
        keys: 0,
        mostBytes,
      }),
    );
  }

  countHistory(query: HistoryQuery): number {
    return snapshot(this.#database, () => this.#statements.number(compileHistoryCount(query, this.#count)));
  }

  /** Undefined: more than `most` would have to be kept, or too many looked at. */
  latest(query: LatestQuery, most: number): StoredResource[][] | undefined {
    return snapshot(this.#database, () => {
      const latest = new LatestMatches(query.max);
      let seen = 0;
      for (const { position, vals, date } of this.#statements.each(compileLatest(query, this.#count))) {
        seen += 1;
        latest.add({ values: String(vals), date: date === null ? null : Number(date), position: Number(position) });
        if (seen > MOST_DATED || latest.kept > most) return undefined;
      }
      return this.#groups(latest.groups());
    });
  }

  #page(
    rows: readonly Row[],
    {
      limit,
      keys,
      mostBytes = Number.POSITIVE_INFINITY,
    }: { limit: number; keys: number; mostBytes?: number | undefined },
  ): SearchPage {
    const matches: StoredResource[] = [];
    let bytes = 0;
    let taken = 0;
    for (const { position } of rows.slice(0, limit)) {
      if (bytes > mostBytes) break;
      taken += 1;
      const resource = this.#versions.at(Number(position));
      if (!resource) continue;
      matches.push(resource);
      bytes += resource.body.length;
    }
    const [first] = rows;
    const last = rows.length > taken ? rows[taken - 1] : undefined;
    return {
      matches,
      next: last && cursorAt(last, keys),
      first: first && cursorAt(first, keys),
    };
  }

  /** Undefined: they are too large together. */
  #groups(groups: readonly (readonly { readonly position: number }[])[]): StoredResource[][] | undefined {
    let bytes = 0;
    const found: StoredResource[][] = [];
    for (const group of groups) {
      const resources: StoredResource[] = [];
      for (const { position } of group) {
        const resource = this.#versions.at(position);
        if (resource) resources.push(resource);
        bytes += resource?.body.length ?? 0;
        if (bytes > MOST_LATEST_BYTES) return undefined;
      }
      found.push(resources);
    }
    return found;
  }
}

function cursorAt(row: Row, keys: number): Cursor {
  const values = Array.from({ length: keys }, (_, at) => row[`k${at}`]);
  return [
    ...values.map((value) => (typeof value === 'string' || typeof value === 'number' ? value : null)),
    Number(row.position),
  ];
}
