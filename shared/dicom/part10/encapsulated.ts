/** Pixel data in items: an offset table, then fragments. Source: DICOM PS3.5, A.4. */
import { tagName } from './data-set.ts';
import { type Encoding, readHeader, undefinedLength } from './element-header.ts';
import type { Parsing } from './parsing.ts';
import { Part10Error } from './part10-error.ts';
import type { Source } from './source.ts';
import { tags } from './tags.ts';

/** One fragment: where its bytes are, and the first four of them, which tell whether a picture starts here. */
export interface Fragment {
  readonly offset: number;
  readonly length: number;
  readonly start: number;
}

export interface Encapsulated {
  /** Of the whole value, from the first item's tag to before the delimitation item. */
  readonly offset: number;
  readonly length: number;
  /** Offsets of frames from the first fragment's item tag on; empty where the table is. */
  readonly offsetTable: readonly number[];
  readonly fragments: readonly Fragment[];
}

export function* readEncapsulated(source: Source, encoding: Encoding): Parsing<Encapsulated> {
  const offset = source.position;
  const offsetTable: number[] = [];
  const fragments: Fragment[] = [];
  for (let first = true; ; first = false) {
    const before = source.position;
    const { tag, length } = yield* readHeader(source, encoding);
    if (tag === tags.sequenceDelimitation) return { offset, length: before - offset, offsetTable, fragments };
    if (tag !== tags.item || length === undefinedLength) {
      throw new Part10Error(`Encapsulated pixel data holds ${tagName(tag)} where a fragment should be.`);
    }
    if (first) {
      const table = yield* source.hold(length);
      for (let at = 0; at + 4 <= table.length; at += 4) offsetTable.push(table.readUInt32LE(at));
      continue;
    }
    if (fragments.length >= source.limits.fragments) {
      throw new Part10Error(`The pixel data has more than ${source.limits.fragments} fragments.`);
    }
    const place = source.position;
    const start = length >= 4 ? (yield* source.peek(4)).readUInt32BE(0) : 0;
    yield* source.skip(length);
    fragments.push({ offset: place, length, start });
  }
}
