/** The body of an event as JSON: by the platform's reader where that keeps every number, else by our own. */
import { hasDelicateNumber } from './delicate-number.ts';
import { LenientReader, maxDepth } from './lenient-reader.ts';
import { isArray, isObject, type JsonValue } from './value.ts';

/** The first JSON value of a body; null for an empty one. Fails with `JsonSyntaxError`. */
export function readBody(body: Uint8Array): JsonValue {
  return body.length === 0 ? null : readJson(decode(body));
}

/** The first JSON value of a text, read leniently. */
export function readJson(text: string): JsonValue {
  if (!hasDelicateNumber(text)) {
    const value = plainly(text);
    if (value !== undefined && !tooDeep(text, value)) return value;
  }
  return new LenientReader(text).first();
}

function plainly(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function tooDeep(text: string, value: JsonValue): boolean {
  // Each level takes two brackets.
  if (text.length <= 2 * maxDepth) return false;
  return opened(text, '{', opened(text, '[', 0)) > maxDepth && deeper(value, maxDepth);
}

/** Brackets of a text and those counted before, no more of them than matter. */
function opened(text: string, bracket: string, before: number): number {
  let count = before;
  for (let at = text.indexOf(bracket); at >= 0 && count <= maxDepth; at = text.indexOf(bracket, at + 1)) count += 1;
  return count;
}

function deeper(value: JsonValue, levels: number): boolean {
  if (!isArray(value) && !isObject(value)) return false;
  if (levels === 0) return true;
  return Object.values(value).some((inner) => deeper(inner, levels - 1));
}

/** UTF-8; a byte order mark may tell of UTF-16. */
function decode(body: Uint8Array): string {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
    ? bytes.toString('utf8', 3)
    : bytes.toString('utf8');
}
