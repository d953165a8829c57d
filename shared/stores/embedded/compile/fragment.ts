/** A piece of SQL with its parameters in the order of their question marks. */
export interface Fragment {
  readonly text: string;
  readonly parameters: readonly (string | number)[];
}

/** SQL from a template whose values are fragments (put in as text) or plain values (put in as parameters). */
export function sql(strings: TemplateStringsArray, ...values: readonly (Fragment | string | number)[]): Fragment {
  let text = strings[0] ?? '';
  const parameters: (string | number)[] = [];
  for (const [index, value] of values.entries()) {
    if (typeof value === 'object') {
      text += value.text;
      parameters.push(...value.parameters);
    } else {
      text += '?';
      parameters.push(value);
    }
    text += strings[index + 1] ?? '';
  }
  return { text, parameters };
}

/** A name of ours (table, column, alias) as SQL text. Never anything that came from outside. */
export function name(text: string): Fragment {
  return { text, parameters: [] };
}

export function joined(fragments: readonly Fragment[], separator: string): Fragment {
  return {
    text: fragments.map(({ text }) => text).join(separator),
    parameters: fragments.flatMap(({ parameters }) => parameters),
  };
}

/** All must hold; nothing to hold is true. */
export function all(fragments: readonly Fragment[]): Fragment {
  if (fragments.length === 0) return name('1');
  return fragments.length === 1 ? (fragments[0] as Fragment) : sql`(${joined(fragments, ' AND ')})`;
}

/** At least one must hold; none is false. */
export function any(fragments: readonly Fragment[]): Fragment {
  if (fragments.length === 0) return name('0');
  return fragments.length === 1 ? (fragments[0] as Fragment) : sql`(${joined(fragments, ' OR ')})`;
}

export function values(list: readonly (string | number)[]): Fragment {
  return { text: list.map(() => '?').join(', '), parameters: list };
}
