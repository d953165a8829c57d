/** What reads query tags, and the instances that are indexed for them. */
import type { DatabaseSync } from 'node:sqlite';
import { type InstanceMetadata, levels } from '../../imaging/imaging-index.ts';
import type { QueryTag, QueryTagError, QueryTags } from '../../imaging/query-tags.ts';

export function queryTags(database: DatabaseSync): QueryTags {
  const rows = database
    .prepare(
      `SELECT (SELECT tags_version FROM store) AS version, q.*,
         (SELECT count(*) FROM query_tag_error AS e WHERE e.tag = q.tag) AS errors
       FROM (SELECT 1) LEFT JOIN query_tag AS q ORDER BY q.number`,
    )
    .all();
  const tags = rows.filter(({ tag }) => tag !== null);
  return {
    version: Number(rows[0]?.version),
    tags: tags.map(({ tag, vr, creator, level, status, enabled, operation, errors }) => ({
      tag: Number(tag),
      vr: String(vr),
      ...(creator !== null && { creator: String(creator) }),
      level: levels[Number(level)] ?? 'instance',
      status: status as QueryTag['status'],
      enabled: enabled === 1,
      operation: String(operation),
      errors: Number(errors),
    })),
  };
}

export function queryTagErrors(
  database: DatabaseSync,
  { tag, limit, offset }: { tag: number; limit: number; offset: number },
): QueryTagError[] {
  return database
    .prepare(
      `SELECT t.partition, t.uid AS study, s.uid AS series, i.uid AS instance, e.time, e.fault
       FROM query_tag_error AS e CROSS JOIN instance AS i ON i.version = e.version
       CROSS JOIN series AS s ON s.id = i.series CROSS JOIN study AS t ON t.id = s.study
       WHERE e.tag = ? ORDER BY e.version LIMIT ? OFFSET ?`,
    )
    .all(tag, limit, offset)
    .map(({ partition, study, series, instance, time, fault }) => ({
      partition: String(partition),
      study: String(study),
      series: String(series),
      instance: String(instance),
      time: Number(time),
      fault: Number(fault),
    }));
}

export function metadataBelow(database: DatabaseSync, below: number, limit: number): InstanceMetadata[] {
  return database
    .prepare('SELECT version, metadata FROM instance WHERE version < ? ORDER BY version DESC LIMIT ?')
    .all(below, limit)
    .map(({ version, metadata }) => ({ version: Number(version), metadata: metadata as Uint8Array }));
}
