/** What one row of an index table is tested for. */
import { fold, type IndexKind } from '../../resources/index-entry.ts';
import type { Range, ValueTest } from '../../resources/query.ts';
import { all, any, type Fragment, name, sql } from './fragment.ts';

/** Where the parts of a value stand: columns of a table, or of one component in `composite_index`. */
export interface Columns {
  readonly text: Fragment;
  readonly system: Fragment;
  readonly low: Fragment;
  readonly high: Fragment;
  /** Only the tables of their own kind have these. */
  readonly exact: Fragment;
  readonly display: Fragment;
  readonly base: Fragment;
}

const textColumn: Record<IndexKind, string> = {
  string: 'folded',
  token: 'code',
  date: 'low',
  number: 'low',
  quantity: 'code',
  uri: 'uri',
  reference: 'id',
  composite: 'a_text',
};

/** The columns of the table of `kind` under `alias`. */
export function columnsOf(kind: IndexKind, alias: string): Columns {
  const column = (text: string) => name(`${alias}.${text}`);
  return {
    text: column(textColumn[kind]),
    system: column(kind === 'reference' ? 'type' : 'system'),
    low: column('low'),
    high: column('high'),
    exact: column('exact'),
    display: column('text'),
    base: column('base'),
  };
}

/** The columns of a component (0, 1, 2) of `composite_index` under `alias`. */
export function componentColumns(component: number, alias: string): Columns {
  const column = (text: string) => name(`${alias}.${'abc'[component]}_${text}`);
  const text = column('text');
  return {
    text,
    system: column('system'),
    low: column('low'),
    high: column('high'),
    exact: text,
    display: text,
    base: text,
  };
}

export function compileTest(test: ValueTest, columns: Columns): Fragment {
  switch (test.kind) {
    case 'string':
      if (test.match === 'exact')
        return sql`(${columns.text} = ${fold(test.exact)} AND ${columns.exact} = ${test.exact})`;
      return test.match === 'contains'
        ? sql`instr(${columns.text}, ${test.folded}) > 0`
        : startsWith(columns.text, test.folded);
    case 'token':
      return all([
        ...(test.code === undefined ? [] : [sql`${columns.text} = ${test.code}`]),
        ...(test.system === undefined ? [] : [sql`${columns.system} = ${test.system ?? ''}`]),
        ...(test.text === undefined ? [] : [startsWith(columns.display, test.text)]),
      ]);
    case 'date':
    case 'number':
      return compileRange(test.range, columns);
    case 'quantity':
      return all([
        ...(test.code === undefined ? [] : [sql`${columns.text} = ${test.code}`]),
        ...(test.system === undefined ? [] : [sql`${columns.system} = ${test.system ?? ''}`]),
        compileRange(test.range, columns),
      ]);
    case 'uri':
      if (test.match === 'exact') return sql`${columns.text} = ${test.uri}`;
      return test.match === 'below'
        ? startsWith(columns.text, test.uri)
        : sql`(${columns.text} <> '' AND substr(${test.uri}, 1, length(${columns.text})) = ${columns.text})`;
    case 'reference':
      return all([
        ...(test.id === undefined ? [] : [sql`${columns.text} = ${test.id}`]),
        ...(test.type === undefined ? [] : [sql`${columns.system} = ${test.type ?? ''}`]),
        ...(test.base === undefined ? [] : [sql`${columns.base} = ${test.base ?? ''}`]),
      ]);
  }
}

export function compileRange(range: Range, columns: Pick<Columns, 'low' | 'high'>): Fragment {
  const bounds = range.bounds.map(({ end, is, value }) => sql`${columns[end]} ${name(is)} ${value}`);
  return range.join === 'every' ? all(bounds) : any(bounds);
}

/** As a range, so that an index serves it; the last code point is above every text that goes on. */
function startsWith(column: Fragment, prefix: string): Fragment {
  if (prefix === '') return sql`${column} <> ''`;
  return sql`(${column} >= ${prefix} AND ${column} < ${`${prefix}\u{10FFFF}`})`;
}
