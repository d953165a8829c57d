/**
 * The paths of a FHIRPath Patch: elements, indexes, `first()`, `last()`, `where(…)`, `ofType(…)`, `extension('…')`.
 * FHIR R4 3.1.0.5.2 asks for a path to an element; what computes values is left out, so that every path has a location
 * and costs no more than a walk. AHDS differs: it takes all of FHIRPath.
 */
import { FhirError } from '../outcome.ts';

export type Step =
  | { readonly kind: 'child'; readonly name: string }
  | { readonly kind: 'index'; readonly at: number }
  | { readonly kind: 'first' | 'last' }
  | { readonly kind: 'where'; readonly test: Test }
  | { readonly kind: 'ofType'; readonly type: string };

export type Literal = string | number | boolean;

export type Test =
  | { readonly kind: 'and' | 'or'; readonly left: Test; readonly right: Test }
  | { readonly kind: 'not'; readonly of: Test }
  /** The path's single value is `equals`. */
  | { readonly kind: 'equals'; readonly path: readonly Step[]; readonly equals: Literal }
  | { readonly kind: 'exists'; readonly path: readonly Step[] }
  | { readonly kind: 'text'; readonly path: readonly Step[]; readonly is: TextTest; readonly text: string };

export type TextTest = 'startsWith' | 'endsWith' | 'contains';

const maxLength = 2000;
const token =
  /\s*('(?:[^'\\]|\\['"`\\/])*'|`[^`]+`|@[\dT:.+\-Z]+|-?\d+(?:\.\d+)?|\$this|%(?:resource|context)|[A-Za-z_]\w*|!=|[.()[\]=])/y;

/** The steps of `expression` from the resource on; the name of its type in front is no step. */
export function parsePath(expression: string, resourceType: string): readonly Step[] {
  if (expression.length > maxLength) throw malformed(`is longer than ${maxLength} characters`);
  const parser = new PathParser(tokensOf(expression));
  return parser.whole([resourceType, 'Resource', 'DomainResource', '%resource', '%context', '$this']);
}

function tokensOf(expression: string): string[] {
  const text = expression.trim();
  const found: string[] = [];
  token.lastIndex = 0;
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const next = token.exec(text)?.[1];
    if (next === undefined) throw malformed('has a character that no path has');
    found.push(next);
  }
  return found;
}

class PathParser {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  whole(roots: readonly string[]): readonly Step[] {
    const steps = this.#path(roots);
    if (this.#at < this.#tokens.length) throw malformed('is more than a path to an element');
    return steps;
  }

  /** `roots` are the names that stand for the place where the path begins. */
  #path(roots: readonly string[]): Step[] {
    const steps: Step[] = [];
    if (roots.includes(this.#peek())) this.#at += 1;
    else steps.push(...this.#invocation());
    for (;;) {
      if (this.#take('[')) steps.push(this.#index());
      else if (this.#peek() === '.' && !this.#isTest(this.#tokens[this.#at + 1])) {
        this.#at += 1;
        steps.push(...this.#invocation());
      } else return steps;
    }
  }

  #index(): Step {
    const digits = this.#next();
    this.#expect(']');
    if (!/^\d{1,9}$/.test(digits)) throw malformed('has an index that is no number');
    return { kind: 'index', at: Number(digits) };
  }

  #invocation(): Step[] {
    const name = this.#name();
    if (!this.#take('(')) return [{ kind: 'child', name }];
    const steps = this.#call(name);
    this.#expect(')');
    return steps;
  }

  #call(name: string): Step[] {
    if (name === 'first' || name === 'last') return [{ kind: name }];
    if (name === 'where') return [{ kind: 'where', test: this.#or() }];
    if (name === 'ofType' || name === 'as') {
      const type = this.#name();
      return [{ kind: 'ofType', type: type === 'FHIR' && this.#take('.') ? this.#name() : type }];
    }
    if (name !== 'extension') throw malformed('has a function that a patch does not take');
    const test: Test = { kind: 'equals', path: [{ kind: 'child', name: 'url' }], equals: this.#literal() };
    return [
      { kind: 'child', name: 'extension' },
      { kind: 'where', test },
    ];
  }

  #or(): Test {
    let left = this.#and();
    while (this.#take('or')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): Test {
    let left = this.#comparison();
    while (this.#take('and')) left = { kind: 'and', left, right: this.#comparison() };
    return left;
  }

  #comparison(): Test {
    let test: Test;
    if (this.#take('(')) {
      test = this.#or();
      this.#expect(')');
    } else {
      test = this.#ofPath(this.#path(['$this']));
    }
    while (this.#peek() === '.' && this.#tokens[this.#at + 1] === 'not') {
      this.#at += 2;
      this.#expect('(');
      this.#expect(')');
      test = { kind: 'not', of: test };
    }
    return test;
  }

  /** What is asked of `path`; nothing: whether its value is true. */
  #ofPath(path: readonly Step[]): Test {
    if (this.#take('=')) return { kind: 'equals', path, equals: this.#literal() };
    if (this.#take('!=')) return { kind: 'not', of: { kind: 'equals', path, equals: this.#literal() } };
    if (this.#peek() !== '.' || this.#tokens[this.#at + 1] === 'not') return { kind: 'equals', path, equals: true };
    this.#at += 1;
    const name = this.#next();
    this.#expect('(');
    const test = this.#function(name, path);
    this.#expect(')');
    return test;
  }

  #function(name: string, path: readonly Step[]): Test {
    if (name === 'empty') return { kind: 'not', of: { kind: 'exists', path } };
    if (name === 'exists') {
      if (this.#peek() === ')') return { kind: 'exists', path };
      return { kind: 'exists', path: [...path, { kind: 'where', test: this.#or() }] };
    }
    const text = this.#literal();
    if (typeof text !== 'string') throw malformed('compares a text with something else');
    return { kind: 'text', path, is: name as TextTest, text };
  }

  #isTest(name: string | undefined): boolean {
    const names = ['exists', 'empty', 'not', 'startsWith', 'endsWith', 'contains'];
    return names.includes(name ?? '') && this.#tokens[this.#at + 2] === '(';
  }

  #literal(): Literal {
    const text = this.#next();
    if (text.startsWith("'")) return text.slice(1, -1).replace(/\\(.)/g, '$1');
    if (text.startsWith('@')) return text.slice(1);
    if (text === 'true' || text === 'false') return text === 'true';
    if (/^-?\d/.test(text)) return Number(text);
    throw malformed('compares with something that is no literal');
  }

  #name(): string {
    const name = this.#next();
    if (name.startsWith('`')) return name.slice(1, -1);
    if (!/^[A-Za-z_]/.test(name)) throw malformed('has no name where one must be');
    return name;
  }

  #peek(): string {
    return this.#tokens[this.#at] ?? '';
  }

  #next(): string {
    const next = this.#tokens[this.#at];
    if (next === undefined) throw malformed('ends too early');
    this.#at += 1;
    return next;
  }

  #take(expected: string): boolean {
    if (this.#peek() !== expected) return false;
    this.#at += 1;
    return true;
  }

  #expect(expected: string): void {
    if (!this.#take(expected)) throw malformed(`lacks a '${expected}'`);
  }
}

function malformed(what: string): FhirError {
  return new FhirError('invalid', `The path of an operation ${what}.`);
}
