/** RFC 6901. */
import { maxDepth } from '../resource/json.ts';
import type { JsonValue } from '../resource/types.ts';

export type Pointer = readonly string[];

/** The names in a pointer; undefined for what is none, or leads deeper than a resource may be. */
export function parsePointer(text: JsonValue | undefined): Pointer | undefined {
  if (text === '') return [];
  if (typeof text !== 'string' || !text.startsWith('/') || /~(?![01])/.test(text)) return undefined;
  const names = text.slice(1).split('/');
  if (names.length > maxDepth) return undefined;
  return names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Whether `pointer` leads to a place truly inside of `around`. */
export function isWithin(pointer: Pointer, around: Pointer): boolean {
  return pointer.length > around.length && around.every((name, index) => name === pointer[index]);
}
