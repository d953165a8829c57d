/**
 * Query text and its parameters, grown together: a value that is put into a template becomes a `?`, so that no value can
 * enter the text. Names (types, parameter keys, systems) stand as themselves until the query runs: the store numbers them.
 */

/** A text that the store's `name` table numbers. One that it does not know becomes -1, which equals nothing stored. */
export interface Name {
  readonly name: string;
}

export type Scalar = string | number | null;

/** Bound as one JSON array, read by `json_each`: the query's text does not depend on the list's length. */
export interface List {
  readonly list: readonly (Scalar | Name | readonly (Scalar | Name)[])[];
}

export type Parameter = Scalar | Name | List;

export interface Sql {
  readonly text: string;
  readonly parameters: readonly Parameter[];
}

/** Nested `Sql` is spliced in, everything else becomes a parameter. */
export function sql(strings: TemplateStringsArray, ...values: readonly (Sql | Parameter)[]): Sql {
  const parameters: Parameter[] = [];
  let text = strings[0] ?? '';
  values.forEach((value, index) => {
    if (isSql(value)) {
      text += value.text;
      for (const parameter of value.parameters) parameters.push(parameter);
    } else {
      text += '?';
      parameters.push(value);
    }
    text += strings[index + 1];
  });
  return { text, parameters };
}

/** Text that is part of the program: table, column and alias names. Never a caller's value. */
export function raw(text: string): Sql {
  return { text, parameters: [] };
}

export function join(parts: readonly Sql[], separator: string): Sql {
  return {
    text: parts.map((part) => part.text).join(separator),
    parameters: parts.flatMap((part) => part.parameters),
  };
}

export const always: Sql = raw('1');
export const never: Sql = raw('0');

/** All of them hold; nothing to hold is true. */
export function all(parts: readonly Sql[]): Sql {
  return parts.length === 0 ? always : join(parts, ' AND ');
}

/** One of them holds. Bracketed in halves: SQLite refuses expressions that are nested 1,000 deep. */
export function some(parts: readonly Sql[]): Sql {
  const [first] = parts;
  if (first === undefined) return never;
  if (parts.length === 1) return first;
  const middle = parts.length >> 1;
  return sql`(${some(parts.slice(0, middle))} OR ${some(parts.slice(middle))})`;
}

/** What `IN` compares a column of numbered names with: one name as itself, several as a list. */
export function names(texts: readonly string[]): Sql {
  const [first] = texts;
  if (texts.length === 1 && first !== undefined) return sql`(${{ name: first }})`;
  return sql`(SELECT value FROM json_each(${{ list: texts.map((name) => ({ name })) }}))`;
}

function isSql(value: Sql | Parameter): value is Sql {
  return typeof value === 'object' && value !== null && 'text' in value;
}
