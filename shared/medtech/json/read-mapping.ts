/**
 * A mapping file with the line and column of all that is in it:
 *
 *     const file = readMapping(text);               // JsonSyntaxError where it is no JSON
 *     file.value                                    // the plain value
 *     file.valueAt(template, 'typeName')            // where that member's value begins
 *     file.valueAt(template.values, 0)              // where an item begins
 *     file.nameAt(template, 'typeNam')              // where the member's name begins
 *     file.startOf(template)                        // where the object or array itself begins
 *
 * Objects and arrays are told apart by identity: ask with those of `file.value`, not with copies.
 */
import { LenientReader } from './lenient-reader.ts';
import { type Position, positionsIn } from './positions.ts';
import type { JsonValue } from './value.ts';

export interface MappingFile {
  readonly value: JsonValue;
  startOf(container: JsonValue): Position | undefined;
  nameAt(container: JsonValue, member: string): Position | undefined;
  valueAt(container: JsonValue, member: string | number): Position | undefined;
}

interface Offsets {
  readonly start: number;
  readonly members: Map<string | number, { readonly name: number; readonly value: number }>;
}

export function readMapping(text: string): MappingFile {
  const known = new Map<unknown, Offsets>();
  const reader = new LenientReader(text, {
    container: (container, start) => known.set(container, { start, members: new Map() }),
    member: (container, member, name, value) => known.get(container)?.members.set(member, { name, value }),
  });
  const value = reader.first();
  reader.end();
  const positions = positionsIn(text);
  const position = (offset: number | undefined) => (offset === undefined ? undefined : positions(offset));
  return {
    value,
    startOf: (container) => position(known.get(container)?.start),
    nameAt: (container, member) => position(known.get(container)?.members.get(member)?.name),
    valueAt: (container, member) => position(known.get(container)?.members.get(member)?.value),
  };
}
