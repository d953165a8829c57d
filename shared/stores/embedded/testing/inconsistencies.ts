/** What is wrong inside a database that no process has open: rows that must belong together and do not. */
import { DatabaseSync } from 'node:sqlite';

const indexTables = [
  'string_index',
  'token_index',
  'token_text_index',
  'date_index',
  'number_index',
  'quantity_index',
  'canonical_quantity_index',
  'uri_index',
  'reference_index',
  'point_index',
];

const checks: Record<string, string> = {
  'a current version that is not the latest': `
    SELECT count(*) FROM resource AS r WHERE r.version <>
      (SELECT max(version) FROM version AS v WHERE v.type = r.type AND v.id = r.id)`,
  'a current version without its text': `
    SELECT count(*) FROM resource AS r LEFT JOIN version AS v ON v.position = r.position
    WHERE v.position IS NULL OR v.id <> r.id OR v.version <> r.version OR v.deleted <> r.deleted`,
  'a version without a resource': `
    SELECT count(*) FROM version AS v WHERE NOT EXISTS (SELECT 1 FROM resource AS r WHERE r.type = v.type AND r.id = v.id)`,
  'versions with a gap': `
    SELECT count(*) FROM (SELECT 1 FROM version GROUP BY type, id HAVING count(*) <> max(version))`,
  'versions whose positions are not in order': `
    SELECT count(*) FROM version AS a JOIN version AS b
    ON b.type = a.type AND b.id = a.id AND b.version = a.version + 1 WHERE b.position <= a.position`,
  'a position above the last one': 'SELECT count(*) FROM version WHERE position > (SELECT last_position FROM store)',
};
for (const table of indexTables) {
  checks[`rows of ${table} for no current resource`] = `
    SELECT count(*) FROM ${table} AS i WHERE NOT EXISTS (SELECT 1 FROM resource AS r WHERE r.position = i.position AND r.deleted = 0)`;
}

checks['words of no current resource'] = `
  SELECT count(*) FROM text_index_docsize AS i WHERE NOT EXISTS (SELECT 1 FROM resource AS r WHERE r.position = i.id AND r.deleted = 0)`;

/** Empty when all is well. `more`: further counts that must be 0, by what they count. */
export function inconsistencies(file: string, more: Readonly<Record<string, string>> = {}): string[] {
  const database = new DatabaseSync(file);
  try {
    const integrity = database.prepare('PRAGMA integrity_check').all();
    const found = integrity.map((row) => String(row.integrity_check)).filter((line) => line !== 'ok');
    for (const [what, statement] of Object.entries({ ...checks, ...more })) {
      const count = Number(Object.values(database.prepare(statement).get() ?? {})[0]);
      if (count !== 0) found.push(`${count} × ${what}`);
    }
    return found;
  } finally {
    database.close();
  }
}
