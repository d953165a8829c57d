/** Full text: words in the narrative, or anywhere, by the FTS5 table whose row ids are positions. */
import type { Condition } from '../../resources/query.ts';
import type { CountRows } from './rows.ts';
import { type Access, countOf, rank } from './rows.ts';
import { type Sql, sql } from './sql.ts';
import { withinBudget } from './within-budget.ts';

type Text = Condition & { readonly kind: 'text' };

/** Comes in the order of positions, in both directions. */
export function byText(condition: Text, row: Sql, count: CountRows): Access {
  const found = sql`(SELECT rowid AS position FROM text_index WHERE text_index MATCH ${match(condition)})`;
  const branches = [{ from: sql`${found} AS ${row}`, where: [withinBudget(row)] }];
  return { rank: rank.starts, ordered: true, branches, rows: countOf(branches, count), onResource: false };
}

export function hasText(condition: Text, position: Sql): Sql {
  return sql`EXISTS (SELECT 1 FROM text_index WHERE text_index MATCH ${match(condition)} AND rowid = ${position})`;
}

/** FTS5's query syntax: a string in double quotes is a phrase, whatever stands in it; `narrative :` names the column. */
function match({ in: part, phrase }: Text): string {
  const quoted = `"${phrase.replaceAll('"', '""')}"`;
  return part === 'narrative' ? `narrative : ${quoted}` : quoted;
}
