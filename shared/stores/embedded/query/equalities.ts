/** Tests that ask for equal columns only; many of them make one list. */

import { fold } from '../../resources/index-entry.ts';
import type { ValueTest } from '../../resources/query.ts';
import { type Name, raw, type Scalar, type Sql, sql } from './sql.ts';

/** `lead`: the first column is the one that the index table is ordered by, so the test finds its rows by itself. */
export interface Equalities {
  readonly columns: readonly string[];
  readonly values: readonly (Scalar | Name)[];
  readonly lead: boolean;
}

/** Undefined for a test that is more than equal columns. */
export function equalities(test: ValueTest): Equalities | undefined {
  switch (test.kind) {
    case 'string':
      if (test.match === 'is') return columns({ folded: test.folded }, 'folded');
      return test.match === 'exact' ? columns({ folded: fold(test.exact), exact: test.exact }, 'folded') : undefined;
    case 'token':
      return test.text === undefined ? columns({ code: test.code, system: optional(test.system) }, 'code') : undefined;
    case 'uri':
      return test.match === 'exact' ? columns({ uri: test.uri }, 'uri') : undefined;
    case 'reference':
      return columns({ id: test.id, type: optional(test.type), base: optional(test.base) }, 'id');
    default:
      return undefined;
  }
}

/** `undefined` is not tested, `null` asks for «has none», which is stored as 0. */
function optional(name: string | null | undefined): Name | number | undefined {
  if (name === undefined) return undefined;
  return name === null ? 0 : { name };
}

export function equal(row: Sql, tested: Equalities | undefined): readonly Sql[] {
  if (tested === undefined) return [];
  return tested.columns.map((column, at) => sql`${row}.${raw(column)} = ${tested.values[at] ?? null}`);
}

/** The columns of a quantity's unit that the test asks for; its number is a range. */
export function unitOf(test: ValueTest & { readonly kind: 'quantity' }): Equalities {
  return columns({ code: test.code, system: optional(test.system) }, 'low');
}

/** The columns of a token that a test of its text asks for besides. */
export function codeOf(test: ValueTest & { readonly kind: 'token' }): Equalities {
  return columns({ code: test.code, system: optional(test.system) }, 'text');
}

function columns(tested: Readonly<Record<string, Scalar | Name | undefined>>, lead: string): Equalities {
  const present = Object.entries(tested).filter((entry): entry is [string, Scalar | Name] => entry[1] !== undefined);
  return {
    columns: present.map(([column]) => column),
    values: present.map(([, value]) => value),
    lead: present[0]?.[0] === lead,
  };
}
