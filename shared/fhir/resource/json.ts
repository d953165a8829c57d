/**
 * JSON in and out without losing what FHIR keeps: decimals have their digits (R4 2.24.0.1), keys are unique,
 * and every fault is named by line and column.
 *
 * A value is parsed once, into plain objects and plain numbers. Where a number would not give its digits back (`1.50`,
 * `1e2`), the digits are kept beside the object that holds it, and the object and all that hold it are known as holders;
 * everything else is written by the engine's own JSON.stringify.
 */
import { FhirError } from '../outcome.ts';
import type { JsonArray, JsonObject, JsonValue } from './types.ts';

/** Objects and arrays may be nested this deep in a request. */
export const maxDepth = 100;
/** A number may have this many characters: R4 asks for at least 18 significant digits. */
export const maxNumberLength = 64;

const exactDigits = new WeakMap<object, Map<string | number, string>>();
const holdersOfDigits = new WeakSet<object>();

/** Parses UTF-8 JSON. Throws `FhirError('structure')` with line and column for anything that is not one JSON value. */
export function parseJson(bytes: Uint8Array, depth = maxDepth): JsonValue {
  return new Parser(decodeUtf8(bytes), depth).document();
}

/** Parses a JSON text that must be an object. */
export function parseJsonObject(bytes: Uint8Array, depth = maxDepth): JsonObject {
  const value = parseJson(bytes, depth);
  if (!isObject(value)) throw new FhirError('structure', 'The body must be a JSON object.');
  return value;
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The digits of the number at `holder[key]` as they were received; of a value that was put there since, its own. */
export function digitsOf(holder: object, key: string | number, value: number): string {
  const received = exactDigits.get(holder)?.get(key);
  return received !== undefined && Number(received) === value ? received : String(value);
}

/** A number's text in JSON and in XML (R4 2.24.0.1, decimal). */
export const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Keeps the digits of a number that is to stand at `holder[key]`, where the number itself would not give them back. */
export function keepDigits(holder: object, key: string | number, digits: string): void {
  if (String(Number(digits)) === digits) return;
  const known = exactDigits.get(holder) ?? new Map<string | number, string>();
  exactDigits.set(holder, known.set(key, digits));
  holdersOfDigits.add(holder);
}

/** To be told of every `value` that is put into a `holder` once the value is whole: what holds kept digits is known. */
export function noteHolder(holder: object, value: JsonValue): void {
  if (typeof value === 'object' && value !== null && holdersOfDigits.has(value)) holdersOfDigits.add(holder);
}

/** To be told of what was put at `holder[key]` later on: what was kept for its predecessor is forgotten, `digits` are kept. */
export function replaceDigits(holder: object, key: string | number, digits: string | undefined): void {
  exactDigits.get(holder)?.delete(key);
  if (digits !== undefined) keepDigits(holder, key, digits);
}

/** To be told of a list into which an item was inserted at `index` (`by` 1), or which lost the one there (`by` -1). */
export function shiftDigits(list: JsonArray, index: number, by: 1 | -1): void {
  const known = exactDigits.get(list);
  if (!known) return;
  const kept = [...known].filter(([at]) => by === 1 || at !== index);
  exactDigits.set(list, new Map(kept.map(([at, digits]) => [Number(at) >= index ? Number(at) + by : at, digits])));
}

/** A fault of a request's text. Line and column count from 1; the text is not quoted, it may hold personal data. */
export function faultAt(text: string, at: number, message: string): FhirError {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  return new FhirError('structure', `${message} (line ${line}, column ${column}).`);
}

/** The text of UTF-8 bytes. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FhirError('structure', 'The body is not valid UTF-8.');
  }
}

/** JSON text of a parsed value, numbers with the digits they came with. */
export function formatJson(value: JsonValue): string {
  if (typeof value !== 'object' || value === null || !holdersOfDigits.has(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item, index) => formatMember(value, index, item)).join(',')}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${formatMember(value, key, member as JsonValue)}`).join(',')}}`;
}

/** JSON text of `value`, which stands at `holder[key]`. */
export function formatMember(holder: object, key: string | number, value: JsonValue): string {
  return typeof value === 'number' ? digitsOf(holder, key, value) : formatJson(value);
}

/** Characters by code, for the parser. */
const [quote, backslash, comma, colon, openBracket, closeBracket, openBrace, closeBrace] = [...'"\\,:[]{}'].map((c) =>
  c.charCodeAt(0),
);
const escapes: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** RFC 8259, with unique keys and bounded depth; recursion is bounded by the depth. */
class Parser {
  private readonly text: string;
  private readonly maxDepth: number;
  private at = 0;

  constructor(text: string, depth: number) {
    this.text = text;
    this.maxDepth = depth;
  }

  document(): JsonValue {
    this.skipSpace();
    const value = this.value(0, undefined, '');
    this.skipSpace();
    if (this.at < this.text.length) throw this.fault('Unexpected text behind the end of the JSON value');
    return value;
  }

  private value(depth: number, holder: object | undefined, key: string | number): JsonValue {
    const code = this.text.charCodeAt(this.at);
    if (code === quote) return this.string();
    if (code === openBrace) return this.object(depth + 1);
    if (code === openBracket) return this.array(depth + 1);
    if (code === 0x2d || (code >= 0x30 && code <= 0x39)) return this.number(holder, key);
    if (this.text.startsWith('true', this.at)) return this.word(4, true);
    if (this.text.startsWith('false', this.at)) return this.word(5, false);
    if (this.text.startsWith('null', this.at)) return this.word(4, null);
    throw this.fault(this.at < this.text.length ? 'Unexpected character' : 'Unexpected end of the JSON text');
  }

  private word<T>(length: number, value: T): T {
    this.at += length;
    return value;
  }

  private object(depth: number): JsonObject {
    this.enter(depth);
    const object: JsonObject = {};
    this.skipSpace();
    if (this.take(closeBrace)) return object;
    for (;;) {
      const start = this.at;
      if (this.text.charCodeAt(this.at) !== quote) throw this.fault('Expected a property name in double quotes');
      const key = this.string();
      if (key === '__proto__') throw this.fault('The property name is not allowed', start);
      if (Object.hasOwn(object, key)) throw this.fault('The property name stands twice in one object', start);
      this.skipSpace();
      if (!this.take(colon)) throw this.fault('Expected ":" behind the property name');
      this.skipSpace();
      const value = this.value(depth, object, key);
      object[key] = value;
      noteHolder(object, value);
      this.skipSpace();
      if (this.take(closeBrace)) return object;
      if (!this.take(comma)) throw this.fault('Expected "," or "}"');
      this.skipSpace();
    }
  }

  private array(depth: number): JsonArray {
    this.enter(depth);
    const array: JsonArray = [];
    this.skipSpace();
    if (this.take(closeBracket)) return array;
    for (;;) {
      const value = this.value(depth, array, array.length);
      array.push(value);
      noteHolder(array, value);
      this.skipSpace();
      if (this.take(closeBracket)) return array;
      if (!this.take(comma)) throw this.fault('Expected "," or "]"');
      this.skipSpace();
    }
  }

  private number(holder: object | undefined, key: string | number): number {
    numberPattern.lastIndex = this.at;
    const source = numberPattern.exec(this.text)?.[0];
    if (source === undefined) throw this.fault('The number is malformed');
    if (source.length > maxNumberLength) throw this.fault(`A number has at most ${maxNumberLength} characters`);
    const value = Number(source);
    if (!Number.isFinite(value)) throw this.fault('The number is too large');
    this.at += source.length;
    if (holder) keepDigits(holder, key, source);
    return value;
  }

  private string(): string {
    const { text } = this;
    const start = this.at + 1;
    let at = start;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === quote) break;
      if (code === backslash) return this.escapedString(start, at);
      if (!(code >= 0x20)) throw this.faultInString(at);
      at += 1;
    }
    this.at = at + 1;
    return text.slice(start, at);
  }

  private escapedString(start: number, firstEscape: number): string {
    const { text } = this;
    let result = text.slice(start, firstEscape);
    let at = firstEscape;
    let plainFrom = at;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === quote) break;
      if (!(code >= 0x20)) throw this.faultInString(at);
      if (code !== backslash) {
        at += 1;
        continue;
      }
      result += text.slice(plainFrom, at);
      const letter = text[at + 1] ?? '';
      if (letter === 'u') {
        const hex = text.slice(at + 2, at + 6);
        if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw this.fault('The \\u escape needs four hexadecimal digits', at);
        result += String.fromCharCode(Number.parseInt(hex, 16));
        at += 6;
      } else {
        const character = escapes[letter];
        if (character === undefined) throw this.fault('Unknown escape in a string', at);
        result += character;
        at += 2;
      }
      plainFrom = at;
    }
    result += text.slice(plainFrom, at);
    if (!result.isWellFormed()) throw this.fault('The string holds half of a surrogate pair', start - 1);
    this.at = at + 1;
    return result;
  }

  private enter(depth: number): void {
    if (depth > this.maxDepth) throw this.fault(`JSON may be nested at most ${this.maxDepth} levels deep`);
    this.at += 1;
  }

  private take(code: number | undefined): boolean {
    if (this.text.charCodeAt(this.at) !== code) return false;
    this.at += 1;
    return true;
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.at += 1;
    }
  }

  private faultInString(at: number): FhirError {
    return at < this.text.length
      ? this.fault('A control character in a string must be escaped', at)
      : this.fault('The string does not end', at);
  }

  private fault(message: string, at = this.at): FhirError {
    return faultAt(this.text, at, message);
  }
}
