/**
 * Reads JSON as Newtonsoft.Json does: comments, single quotes, names without quotes, trailing commas, NaN and infinities,
 * hexadecimal and octal numbers, line ends in texts. Number kinds stay (value.ts). Of two members with one name the last wins.
 */
import { escapes } from './escapes.ts';
import { JsonSyntaxError } from './json-syntax-error.ts';
import { numberOf } from './number-of.ts';
import { positionAt } from './positions.ts';
import type { JsonValue } from './value.ts';

/** Newtonsoft's limit of arrays and objects in each other. */
export const maxDepth = 64;

/** Is told where members, items and containers are, by offsets. */
export interface OffsetRecord {
  container(container: object, start: number): void;
  member(container: object, member: string | number, name: number, value: number): void;
}

const words: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['undefined', null],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);
const blank = /\s/;
const hex4 = /^[0-9a-fA-F]{4}$/;

export class LenientReader {
  private readonly text: string;
  private readonly record: OffsetRecord | undefined;
  private at = 0;
  private depth = 0;

  constructor(text: string, record?: OffsetRecord) {
    this.text = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
    this.record = record;
  }

  /** The first value of the text; what follows is not looked at. */
  first(): JsonValue {
    this.skip();
    if (this.at >= this.text.length) this.fail('There is no JSON value.');
    return this.value();
  }

  /** After `first`: fails if more than blanks and comments follow. */
  end(): void {
    this.skip();
    if (this.at < this.text.length) this.fail('More text follows the JSON value.');
  }

  private value(): JsonValue {
    const char = this.text[this.at];
    if (char === '{') return this.object();
    if (char === '[') return this.array();
    if (char === '"' || char === "'") return this.string(char);
    return this.scalar();
  }

  private object(): JsonValue {
    const object: Record<string, JsonValue> = {};
    this.enter(object);
    for (;;) {
      this.skip();
      if (this.text[this.at] === '}') break;
      const nameAt = this.at;
      const name = this.name();
      this.skip();
      if (this.text[this.at] !== ':') this.fail('A colon is expected after the name.');
      this.at += 1;
      this.skip();
      const valueAt = this.at;
      const value = this.value();
      if (name === '__proto__') setOwn(object, name, value);
      else object[name] = value;
      this.record?.member(object, name, nameAt, valueAt);
      if (!this.more('}')) break;
    }
    this.leave();
    return object;
  }

  private array(): JsonValue {
    const items: JsonValue[] = [];
    this.enter(items);
    for (;;) {
      this.skip();
      if (this.text[this.at] === ']') break;
      const start = this.at;
      // Newtonsoft: nothing between two commas is an undefined value.
      items.push(this.text[start] === ',' ? null : this.value());
      this.record?.member(items, items.length - 1, start, start);
      if (!this.more(']')) break;
    }
    this.leave();
    return items;
  }

  private enter(container: object): void {
    this.depth += 1;
    if (this.depth > maxDepth) this.fail(`More than ${maxDepth} arrays and objects are in each other.`);
    this.record?.container(container, this.at);
    this.at += 1;
  }

  private leave(): void {
    this.depth -= 1;
    this.at += 1;
  }

  /** After a value in a container: true past a comma, false at the end. */
  private more(close: string): boolean {
    this.skip();
    const char = this.text[this.at];
    if (char === ',') {
      this.at += 1;
      return true;
    }
    if (char !== close) this.fail(`A comma or ${close} is expected.`);
    return false;
  }

  private name(): string {
    const char = this.text[this.at];
    if (char === '"' || char === "'") return this.string(char);
    const name = this.take(/[\p{L}\p{Nd}_$]+/uy);
    if (!name) this.fail('The name of a member is expected.');
    return name;
  }

  private string(quote: string): string {
    const opened = this.at;
    this.at += 1;
    let read = '';
    let from = this.at;
    for (; this.at < this.text.length; this.at += 1) {
      const char = this.text[this.at];
      if (char === quote) {
        read += this.text.slice(from, this.at);
        this.at += 1;
        return read;
      }
      if (char === '\\') {
        read += this.text.slice(from, this.at) + this.escape();
        from = this.at + 1;
      }
    }
    this.at = opened;
    this.fail('A text is not closed.');
  }

  /** From the backslash to the last character of the escape. */
  private escape(): string {
    this.at += 1;
    const char = this.text[this.at] ?? '';
    if (char === 'u') {
      const digits = this.text.slice(this.at + 1, this.at + 5);
      if (!hex4.test(digits)) this.fail('Four hexadecimal digits are expected after \\u.');
      this.at += 4;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    return Object.hasOwn(escapes, char) ? (escapes[char] as string) : this.fail(`\\${char} is no escape of JSON.`);
  }

  private scalar(): JsonValue {
    const start = this.at;
    const word = this.take(/[-+.\w]+/y);
    const known = words.get(word);
    if (known !== undefined) return known;
    const number = numberOf(word);
    if (number !== undefined) return number;
    this.at = start;
    this.fail(start < this.text.length ? 'This is no value of JSON.' : 'The JSON ends within a value.');
  }

  private take(sticky: RegExp): string {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  /** Blanks and comments. */
  private skip(): void {
    for (; this.at < this.text.length; this.at += 1) {
      const char = this.text[this.at] as string;
      if (char === '/') this.comment();
      else if (char > ' ' ? char < '\u0080' || !blank.test(char) : !blank.test(char)) return;
    }
  }

  /** From the slash to the last character of the comment. */
  private comment(): void {
    const kind = this.text[this.at + 1];
    if (kind === '/') {
      while (this.at + 1 < this.text.length && !'\r\n'.includes(this.text[this.at + 1] as string)) this.at += 1;
      return;
    }
    const end = kind === '*' ? this.text.indexOf('*/', this.at + 2) : -1;
    if (end < 0) this.fail(kind === '*' ? 'A comment is not closed.' : 'A slash begins no comment here.');
    this.at = end + 1;
  }

  private fail(message: string): never {
    const { line, column } = positionAt(this.text, this.at);
    throw new JsonSyntaxError(message, line, column);
  }
}

function setOwn(object: object, name: string, value: JsonValue): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}
