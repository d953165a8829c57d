/** A JMESPath as tokens. */

import { asPlainText } from '../../json/as-plain-text.ts';
import { JsonSyntaxError } from '../../json/json-syntax-error.ts';
import { readJson } from '../../json/read-body.ts';
import type { JsonValue } from '../../json/value.ts';
import { ExpressionSyntaxError } from '../expression.ts';

export type Token =
  | { readonly kind: 'symbol'; readonly text: string; readonly at: number }
  /** `quoted`: in double quotes, so never the name of a function. */
  | { readonly kind: 'name'; readonly text: string; readonly quoted: boolean; readonly at: number }
  | { readonly kind: 'number'; readonly text: string; readonly value: number; readonly at: number }
  | { readonly kind: 'literal'; readonly text: string; readonly value: JsonValue; readonly at: number };

const patterns = {
  blanks: /[ \t\r\n]+/y,
  name: /[A-Za-z_]\w*/y,
  quoted: /"(?:[^"\\]|\\.)*"/sy,
  raw: /'(?:[^'\\]|\\.)*'/sy,
  literal: /`(?:[^`\\]|\\.)*`/sy,
  number: /-?\d{1,9}(?!\d)/y,
  symbol: /\|\||&&|==|!=|<=|>=|\[\?|\[\]|[.*[\]{}(),:|&!<>@]/y,
};

export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (at < text.length) {
    const blanks = take(patterns.blanks);
    if (blanks) {
      at += blanks.length;
      continue;
    }
    const token = tokenAt(take, at);
    if (!token) throw new ExpressionSyntaxError(`Unexpected ${text[at]}.`, at);
    found.push(token);
    at += token.text.length;
  }
  return found;
}

function tokenAt(take: (pattern: RegExp) => string | undefined, at: number): Token | undefined {
  const name = take(patterns.name);
  if (name) return { kind: 'name', text: name, quoted: false, at };
  const quoted = take(patterns.quoted);
  if (quoted) return { kind: 'name', text: quoted, quoted: true, at };
  const raw = take(patterns.raw);
  if (raw) return { kind: 'literal', text: raw, value: asPlainText(raw.slice(1, -1).replaceAll("\\'", "'")), at };
  const literal = take(patterns.literal);
  if (literal)
    return { kind: 'literal', text: literal, value: literalOf(literal.slice(1, -1).replaceAll('\\`', '`')), at };
  const number = take(patterns.number);
  if (number) return { kind: 'number', text: number, value: Number(number), at };
  const symbol = take(patterns.symbol);
  return symbol ? { kind: 'symbol', text: symbol, at } : undefined;
}

/** The name in double quotes, which is a JSON text. */
export function nameOf({ text, quoted, at }: Extract<Token, { kind: 'name' }>): string {
  if (!quoted) return text;
  try {
    return JSON.parse(text) as string;
  } catch {
    throw new ExpressionSyntaxError('The name in quotes is no JSON text.', at);
  }
}

/**
 * JSON, or a text without its quotes. AHDS's code knows the JSON form only, but its documentation's own example has the other.
 */
function literalOf(written: string): JsonValue {
  const text = written.trim();
  if (!/^(?:["[{]|-?\d|(?:true|false|null)$)/.test(text)) return asPlainText(text);
  try {
    // A date in double quotes is one, and so equal to a date of the event; in single quotes it is a text.
    return readJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return asPlainText(text);
    throw error;
  }
}
