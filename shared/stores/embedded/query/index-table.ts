/** The index table of each kind of value and the column that its values sort by. */
import type { IndexKind, SimpleValue } from '../../resources/index-entry.ts';
import { raw, type Sql } from './sql.ts';

type SimpleKind = SimpleValue['kind'];

export const indexTable: Readonly<Record<SimpleKind, Sql>> = {
  string: raw('string_index'),
  token: raw('token_index'),
  date: raw('date_index'),
  number: raw('number_index'),
  quantity: raw('quantity_index'),
  uri: raw('uri_index'),
  reference: raw('reference_index'),
  point: raw('point_index'),
};

/** Holds the tokens that have a text, once more, by their text. */
export const tokenTextTable: Sql = raw('token_text_index');

/** Holds the quantities whose unit can be converted, once more, in base units. */
export const canonicalQuantityTable: Sql = raw('canonical_quantity_index');

/** Ranges sort by where they begin, in both directions, as AHDS does. */
export const sortColumn: Readonly<Record<SimpleKind, Sql>> = {
  string: raw('folded'),
  token: raw('code'),
  date: raw('low'),
  number: raw('low'),
  quantity: raw('low'),
  uri: raw('uri'),
  reference: raw('id'),
  point: raw('z'),
};

export function isSimple(kind: IndexKind): kind is SimpleKind {
  return kind !== 'composite';
}

/** The parts of a composite value are rows of the tables of their kinds under a key of their own. */
export function partKey(param: string, part: number): string {
  return `${param}$${part}`;
}
