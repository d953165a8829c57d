/** Instances of a scope as SQL: `t` is the study, `s` the series, `i` the instance. */
import type { InstanceScope } from '../../imaging/imaging-index.ts';

export interface ScopeSql {
  readonly joins: string;
  /** The version of what is asked for. */
  readonly version: string;
  /** A column of the file. */
  readonly column: (name: string) => string;
  readonly where: string;
  readonly parameters: readonly string[];
}

export function inScope({ partition, study, series, instance, original = false }: InstanceScope): ScopeSql {
  const where = ['t.partition = ?'];
  const parameters = [partition];
  for (const [alias, uid] of [
    ['t', study],
    ['s', series],
    ['i', instance],
  ] as const) {
    if (uid === undefined) continue;
    where.push(`${alias}.uid = ?`);
    parameters.push(uid);
  }
  const joins = 'study AS t CROSS JOIN series AS s ON s.study = t.id CROSS JOIN instance AS i ON i.series = s.id';
  if (original) {
    return {
      joins: `${joins} LEFT JOIN original AS o ON o.version = i.original`,
      version: 'coalesce(i.original, i.version)',
      column: (name) => `iif(o.version IS NULL, i.${name}, o.${name})`,
      where: where.join(' AND '),
      parameters,
    };
  }
  const [version, column] = ['i.version', (name: string) => `i.${name}`];
  return { joins, version, column, where: where.join(' AND '), parameters };
}
