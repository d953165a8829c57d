/** Instances of a scope as SQL: `t` is the study, `s` the series, `i` the instance. */
import type { InstanceScope } from '../../imaging/imaging-index.ts';

export interface ScopeSql {
  readonly joins: string;
  readonly where: string;
  readonly parameters: readonly string[];
}

export function inScope({ partition, study, series, instance }: InstanceScope): ScopeSql {
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
  return { joins, where: where.join(' AND '), parameters };
}
