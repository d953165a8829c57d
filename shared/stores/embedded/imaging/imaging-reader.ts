/** What reads the index. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type {
  ChangesQuery,
  Counts,
  Found,
  ImagingChange,
  ImagingQuery,
  InstanceMetadata,
  InstanceScope,
  Partition,
  StoredInstance,
} from '../../imaging/imaging-index.ts';
import { inScope } from './scope.ts';
import { searchSql, wordsMatch } from './search-sql.ts';

type Row = Record<string, string | number | Uint8Array | null>;

const changeColumns =
  'c.sequence, c.time, c.action, c.partition, c.study, c.series, c.instance, c.version, i.version AS current';
const changeJoins = `change AS c
  LEFT JOIN study AS t ON t.partition = c.partition AND t.uid = c.study
  LEFT JOIN series AS s ON s.study = t.id AND s.uid = c.series
  LEFT JOIN instance AS i ON i.series = s.id AND i.uid = c.instance`;

const statementsKept = 100;

export class ImagingReader {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.function('words_match', { deterministic: true }, (words, asked) =>
      wordsMatch(String(words), String(asked)) ? 1 : 0,
    );
  }

  /** Searches of one form differ in their parameters only. */
  #prepared(text: string): StatementSync {
    const known = this.#statements.get(text);
    if (known) return known;
    if (this.#statements.size >= statementsKept) this.#statements.clear();
    const statement = this.#database.prepare(text);
    this.#statements.set(text, statement);
    return statement;
  }

  partitions(): Partition[] {
    const rows = this.#prepared('SELECT key, name, created FROM partition ORDER BY key').all();
    return rows.map(({ key, name, created }) => ({ key: Number(key), name: String(name), created: Number(created) }));
  }

  instances(scope: InstanceScope, limit: number, after = 0): StoredInstance[] {
    const { version: at, column } = inScope(scope);
    const columns = `t.partition, t.uid AS study, s.uid AS series, i.uid AS instance, ${at} AS version,
      ${column('length')} AS length, ${column('transfer_syntax')} AS transferSyntax, ${column('frames')} AS frames`;
    return this.#inScope(columns, scope, limit, after).map((row) => {
      const { partition, study, series, instance, version, length, transferSyntax, frames } = row;
      return {
        key: keyOf({ partition, study, series, instance } as Row),
        version: Number(version),
        length: Number(length),
        transferSyntax: String(transferSyntax),
        frames: (frames as Uint8Array | null) ?? undefined,
      };
    });
  }

  metadata(scope: InstanceScope, limit: number, after = 0): InstanceMetadata[] {
    const { version: at, column } = inScope(scope);
    const rows = this.#inScope(`${at} AS version, ${column('metadata')} AS metadata`, scope, limit, after);
    return rows.map(({ version, metadata }) => ({ version: Number(version), metadata: metadata as Uint8Array }));
  }

  stamp(scope: InstanceScope): { count: number; version: number } {
    const { joins, where, parameters, version } = inScope(scope);
    const row = this.#prepared(
      `SELECT count(*) AS count, coalesce(max(${version}), 0) AS version FROM ${joins} WHERE ${where}`,
    ).get(...parameters);
    return { count: Number(row?.count), version: Number(row?.version) };
  }

  search(query: ImagingQuery, limit: number, offset: number): Found[] {
    const { text, parameters } = searchSql(query);
    const rows = this.#prepared(`${text} LIMIT ? OFFSET ?`).all(...parameters, limit, offset) as Row[];
    return rows.map((row) => ({
      scope: {
        partition: query.scope.partition,
        study: String(row.study),
        ...(row.series !== undefined && { series: String(row.series) }),
        ...(row.instance !== undefined && { instance: String(row.instance) }),
      },
      shown: {
        study: String(row.studyShown),
        ...(row.seriesShown !== undefined && { series: String(row.seriesShown) }),
        ...(row.instanceShown !== undefined && { instance: String(row.instanceShown) }),
      },
      version: Number(row.version),
    }));
  }

  counts(scope: InstanceScope): Counts {
    const { joins, where, parameters } = inScope(scope);
    const row = this.#prepared(
      `SELECT count(DISTINCT s.id) AS series, count(*) AS instances FROM ${joins} WHERE ${where}`,
    ).get(...parameters);
    const modalities = this.#prepared(
      `SELECT DISTINCT v.text FROM ${joins} CROSS JOIN value AS v ON v.level = 1 AND v.owner = s.id AND v.tag = ${0x00080060}
         WHERE ${where} AND v.text IS NOT NULL ORDER BY v.text`,
    ).all(...parameters);
    return {
      series: Number(row?.series),
      instances: Number(row?.instances),
      modalities: modalities.map(({ text }) => String(text)),
    };
  }

  changes({ after = 0, since, before, skip = 0, limit }: ChangesQuery): ImagingChange[] {
    const where = ['c.sequence > ?'];
    const parameters: number[] = [after];
    if (since !== undefined) {
      where.push('c.time >= ?');
      parameters.push(since);
    }
    if (before !== undefined) {
      where.push('c.time < ?');
      parameters.push(before);
    }
    return this.#changes(`WHERE ${where.join(' AND ')} ORDER BY c.sequence LIMIT ? OFFSET ?`, [
      ...parameters,
      limit,
      skip,
    ]);
  }

  lastChange(): ImagingChange | undefined {
    return this.#changes('ORDER BY c.sequence DESC LIMIT 1', [])[0];
  }

  leftovers({ removedBefore, begunBefore }: { removedBefore: number; begunBefore: number }, limit: number): number[] {
    return this.#prepared(
      `SELECT version FROM leftover WHERE stored = 1 AND time < ?1 UNION ALL
         SELECT version FROM leftover WHERE stored = 0 AND time < ?2 LIMIT ?3`,
    )
      .all(removedBefore, begunBefore, limit)
      .map(({ version }) => Number(version));
  }

  #inScope(columns: string, scope: InstanceScope, limit: number, after: number): Row[] {
    const { joins, where, parameters, version } = inScope(scope);
    return this.#prepared(
      `SELECT ${columns} FROM ${joins} WHERE ${where} AND ${version} > ? ORDER BY ${version} LIMIT ?`,
    ).all(...parameters, after, limit) as Row[];
  }

  #changes(rest: string, parameters: readonly number[]): ImagingChange[] {
    const rows = this.#prepared(`SELECT ${changeColumns} FROM ${changeJoins} ${rest}`).all(...parameters);
    return (rows as Row[]).map((row) => ({
      sequence: Number(row.sequence),
      time: Number(row.time),
      action: row.action as ImagingChange['action'],
      key: keyOf(row),
      version: Number(row.version),
      current: row.current === null ? undefined : Number(row.current),
    }));
  }
}

function keyOf({ partition, study, series, instance }: Row): StoredInstance['key'] {
  return { partition: String(partition), study: String(study), series: String(series), instance: String(instance) };
}
