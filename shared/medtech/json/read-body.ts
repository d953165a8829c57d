/** The body of an event as JSON: by the platform's reader where that keeps every number, else by our own. */
import { LenientReader, maxDepth } from './lenient-reader.ts';
import { isArray, isObject, type JsonValue } from './value.ts';

/**
 * A number that `JSON.parse` would give another kind or other digits: a float that is whole or becomes whole by rounding
 * (by its exponent, by zeros or nines after the point, by its length), or a whole number beyond 2^53.
 */
const delicate = /(?:^|[[:,\s])-?(?:\d{16}|\d{8,15}\.|\d+\.(?:0+(?:[,\]}\s]|$)|0{8}|9{8})|\d[\d.]*[eE])/;

/** The first JSON value of a body; null for an empty one. Fails with `JsonSyntaxError`. */
export function readBody(body: Uint8Array): JsonValue {
  return body.length === 0 ? null : readJson(decode(body));
}

/** The first JSON value of a text, read leniently. */
export function readJson(text: string): JsonValue {
  if (!delicate.test(text)) {
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
  let opened = 0;
  for (const bracket of ['{', '['])
    for (let at = text.indexOf(bracket); at >= 0 && opened <= maxDepth; at = text.indexOf(bracket, at + 1)) opened += 1;
  return opened > maxDepth && deeper(value, maxDepth);
}

function deeper(value: JsonValue, levels: number): boolean {
  if (!isArray(value) && !isObject(value)) return false;
  if (levels === 0) return true;
  return Object.values(value).some((inner) => deeper(inner, levels - 1));
}

/** UTF-8; a byte order mark may tell of UTF-16. */
function decode(body: Uint8Array): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
    ? bytes.toString('utf8', 3)
    : bytes.toString('utf8');
}
