/** The grammar of `_filter`. FHIR R4 3.1.3; `and` binds closer than `or`. Every error names its position. */
import { FhirError } from '../outcome.ts';

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Filter[] }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'compare'; readonly path: readonly Step[]; readonly operator: Operator; readonly value: string };

/** One part of a path: `patient[name eq "ann"]` before `.birthdate`. `at` counts characters from 1. */
export interface Step {
  readonly name: string;
  readonly where: Filter | undefined;
  readonly at: number;
}

const operators = [
  ...['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'lt', 'ge', 'le', 'ap', 'sa', 'eb'],
  ...['pr', 'po', 'ss', 'sb', 'in', 'ni', 're'],
] as const;
export type Operator =
  | ('eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'lt' | 'ge' | 'le' | 'ap' | 'sa' | 'eb')
  | ('pr' | 'po' | 'ss' | 'sb' | 'in' | 'ni' | 're');

const joins = { and: /and(?=[\s(]|$)/y, or: /or(?=[\s(]|$)/y };
const longest = 10_000;
const deepest = 20;

export function parseFilter(text: string): Filter {
  if (text.length > longest) throw new FhirError('too-costly', `_filter has at most ${longest} characters.`);
  const parser = new Parser(text);
  const filter = parser.alternatives(0);
  parser.end();
  return filter;
}

export function filterError(at: number, expected: string): FhirError {
  return new FhirError('invalid', `_filter, character ${at}: ${expected}.`);
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  end(): void {
    this.#blanks();
    if (this.#at < this.#text.length) throw this.#expected("'and', 'or' or the end");
  }

  alternatives(depth: number): Filter {
    return this.#joined('or', () => this.#joined('and', () => this.#one(depth)));
  }

  #joined(kind: 'and' | 'or', next: () => Filter): Filter {
    const first = next();
    const of = [first];
    while (this.#takes(joins[kind])) of.push(next());
    return of.length === 1 ? first : { kind, of };
  }

  #one(depth: number): Filter {
    if (depth >= deepest) throw new FhirError('too-costly', `_filter is nested at most ${deepest} levels deep.`);
    const negated = this.#takes(/not(?=\s*\()/y);
    if (this.#takes(/\(/y)) {
      const of = this.alternatives(depth + 1);
      this.#needs(/\)/y, "a closing ')'");
      return negated ? { kind: 'not', of } : of;
    }
    return this.#comparison(depth);
  }

  #comparison(depth: number): Filter {
    const path = [this.#step(depth)];
    while (this.#text[this.#at] === '.') {
      this.#at += 1;
      path.push(this.#step(depth));
    }
    const operator = this.#needs(/[a-z]{2}(?=\s|$)/y, `one of the operators ${operators.join(', ')}`);
    const known = operators.find((each) => each === operator);
    if (!known) throw filterError(this.#at - 1, `one of the operators ${operators.join(', ')} is expected`);
    return { kind: 'compare', path, operator: known, value: this.#value() };
  }

  #step(depth: number): Step {
    this.#blanks();
    const at = this.#at + 1;
    const name = this.#needs(/[A-Za-z_][\w-]*(?::[A-Za-z]+)?/y, 'the name of a search parameter');
    if (this.#text[this.#at] !== '[') return { name, where: undefined, at };
    this.#at += 1;
    const where = this.alternatives(depth + 1);
    this.#needs(/\]/y, "a closing ']'");
    if (this.#text[this.#at] !== '.') throw this.#expected("'.' and a parameter behind ']'");
    return { name, where, at };
  }

  /** A text in quotes, as JSON has it, or everything up to the next blank or closing bracket. */
  #value(): string {
    this.#blanks();
    const from = this.#at + 1;
    if (this.#text[this.#at] !== '"') return this.#needs(/[^\s()[\]"]+/y, 'a value');
    const quoted = this.#needs(/"(?:[^"\\]|\\.)*"/y, 'a text with its closing quote');
    try {
      return JSON.parse(quoted);
    } catch {
      throw filterError(from, 'a text in quotes with the escapes of JSON is expected');
    }
  }

  #blanks(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  #takes(pattern: RegExp): string | undefined {
    this.#blanks();
    pattern.lastIndex = this.#at;
    const taken = pattern.exec(this.#text)?.[0];
    this.#at += taken?.length ?? 0;
    return taken;
  }

  #needs(pattern: RegExp, what: string): string {
    const taken = this.#takes(pattern);
    if (taken === undefined) throw this.#expected(what);
    return taken;
  }

  #expected(what: string): FhirError {
    return filterError(this.#at + 1, `${what} is expected`);
  }
}
