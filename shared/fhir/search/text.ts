/**
 * `_text` (the narrative) and `_content` (all text of a resource). FHIR R4 3.1.1.4.12 leaves the syntax to the server:
 * words, "phrases in quotes", AND, OR, NOT and brackets; words side by side must all be there. AHDS has neither parameter.
 * `_text=(bone OR liver) and metastases NOT "in situ"`.
 */
import { fold } from '../../stores/resources/index-entry.ts';
import type { Condition } from '../../stores/resources/query.ts';
import { FhirError } from '../outcome.ts';
import { allOf, anyOf } from './conditions.ts';
import { unescaped } from './escape.ts';
import { badValue, notOffered, type SearchContext, spend, UnsupportedParameter } from './search-context.ts';

const maxPhrases = 50;
const maxDepth = 10;
const tokens = /[()]|"[^"]*"?|[^\s()"]+/g;
const operators: ReadonlySet<string> = new Set(['and', 'or', 'not', '(', ')']);

type TextCode = '_text' | '_content';

export function textCondition(code: TextCode) {
  return (
    context: SearchContext,
    _types: readonly string[] | undefined,
    modifier: string | undefined,
    value: string,
  ): Condition => {
    if (!context.fullText) throw new UnsupportedParameter(code);
    if (modifier !== undefined) throw notOffered(`The search parameter '${code}' has no modifiers.`);
    return new TextParser(context, code, unescaped(value).match(tokens) ?? []).whole();
  };
}

class TextParser {
  readonly #context: SearchContext;
  readonly #code: TextCode;
  readonly #tokens: readonly string[];
  #at = 0;
  #phrases = 0;

  constructor(context: SearchContext, code: TextCode, found: readonly string[]) {
    this.#context = context;
    this.#code = code;
    this.#tokens = found;
  }

  whole(): Condition {
    const condition = this.#either(0);
    if (this.#at < this.#tokens.length) throw this.#malformed();
    return condition;
  }

  #either(depth: number): Condition {
    if (depth > maxDepth) throw new FhirError('too-costly', `Brackets nest up to ${maxDepth} deep.`);
    const members = [this.#every(depth)];
    while (this.#takes('or')) members.push(this.#every(depth));
    return anyOf(members);
  }

  #every(depth: number): Condition {
    const members = [this.#one(depth)];
    for (;;) {
      const joined = this.#takes('and');
      const next = this.#operator();
      if (!joined && (next === undefined || next === 'or' || next === ')')) return allOf(members);
      members.push(this.#one(depth));
    }
  }

  #one(depth: number): Condition {
    if (this.#takes('not')) return { kind: 'not', of: this.#one(depth) };
    if (this.#takes('(')) {
      const inner = this.#either(depth + 1);
      if (!this.#takes(')')) throw this.#malformed();
      return inner;
    }
    return this.#phrase();
  }

  #phrase(): Condition {
    const token = this.#tokens[this.#at];
    if (token === undefined || operators.has(token.toLowerCase())) throw this.#malformed();
    this.#at += 1;
    this.#phrases += 1;
    if (this.#phrases > maxPhrases) throw new FhirError('too-costly', `A text search has up to ${maxPhrases} words.`);
    spend(this.#context, 1);
    const phrase = fold(token.replaceAll('"', ''));
    if (!/[\p{L}\p{N}]/u.test(phrase)) throw this.#malformed();
    return { kind: 'text', in: this.#code === '_text' ? 'narrative' : 'content', phrase };
  }

  /** What stands next: an operator, `''` for a word or phrase, undefined at the end. */
  #operator(): string | undefined {
    const token = this.#tokens[this.#at]?.toLowerCase();
    return token === undefined || operators.has(token) ? token : '';
  }

  #takes(operator: string): boolean {
    if (this.#operator() !== operator) return false;
    this.#at += 1;
    return true;
  }

  #malformed(): FhirError {
    return badValue(this.#code, 'words, phrases in quotes, AND, OR, NOT and brackets');
  }
}
