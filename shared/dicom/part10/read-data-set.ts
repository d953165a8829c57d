/** Reads a data set element by element. Source: DICOM PS3.5, 7.5 (sequences), A.4 (encapsulated pixel data), 6.2.2 (UN). */
import { publishedVr } from '../dictionary/vr-of-tag.ts';
import type { DataElement, DataSet, Tag } from './data-set.ts';
import { tagName } from './data-set.ts';
import { type ElementHeader, type Encoding, readHeader, undefinedLength } from './element-header.ts';
import { type Encapsulated, readEncapsulated } from './encapsulated.ts';
import type { Parsing } from './parsing.ts';
import { Part10Error } from './part10-error.ts';
import type { Source } from './source.ts';
import { tags } from './tags.ts';

/** What the top level of a file says about its pixel data. */
export type PixelData =
  | { readonly tag: Tag; readonly kind: 'native'; readonly offset: number; readonly length: number }
  | ({ readonly tag: Tag; readonly kind: 'encapsulated' } & Encapsulated);

interface Place {
  readonly encoding: Encoding;
  /** Position behind the last element; undefined: a delimitation item ends it, or at the top the end of the file. */
  readonly end: number | undefined;
  readonly depth: number;
}

const binaryVrs = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);
const pixelTags: ReadonlySet<Tag> = new Set([tags.pixelData, tags.floatPixelData, tags.doubleFloatPixelData]);
/** A sequence whose VR was written as UN is in this encoding, whatever the file's is. */
const implicitLittle: Encoding = { explicitVr: false, littleEndian: true };

export interface ReadDataSet {
  readonly dataSet: DataSet;
  readonly pixelData: PixelData | undefined;
  /** Where each element of the top level begins, and where the last one ends. */
  readonly starts: readonly (readonly [Tag, number])[];
  readonly end: number;
}

/** The whole of a file behind group 0002. */
export function* readDataSet(source: Source, encoding: Encoding): Parsing<ReadDataSet> {
  const starts: [Tag, number][] = [];
  let pixelData: PixelData | undefined;
  const elements = new Map<Tag, DataElement>();
  while (yield* source.hasMore()) {
    const start = source.position;
    const header = yield* readHeader(source, encoding);
    starts.push([header.tag, start]);
    if (pixelTags.has(header.tag)) {
      pixelData = yield* readPixelData(source, header, encoding);
      const vr = header.vr === 'UN' ? 'OW' : header.vr;
      const { offset, length } = pixelData;
      elements.set(header.tag, { tag: header.tag, vr, bulk: { offset, length } });
    } else {
      const element = yield* readElement(source, header, { encoding, end: undefined, depth: 0 }, elements);
      elements.set(element.tag, element);
    }
  }
  return { dataSet: { littleEndian: encoding.littleEndian, elements }, pixelData, starts, end: source.position };
}

function* readPixelData(source: Source, { tag, length }: ElementHeader, encoding: Encoding): Parsing<PixelData> {
  source.countElement();
  if (length === undefinedLength) return { tag, kind: 'encapsulated', ...(yield* readEncapsulated(source, encoding)) };
  const offset = source.position;
  yield* source.skip(length);
  return { tag, kind: 'native', offset, length };
}

function* readElement(
  source: Source,
  header: ElementHeader,
  place: Place,
  before: ReadonlyMap<Tag, DataElement>,
): Parsing<DataElement> {
  const { tag, length } = header;
  const { encoding, end, depth } = place;
  source.countElement();
  if (tag >>> 16 === 0xfffe)
    throw new Part10Error(`A delimitation item stands where an element should, at ${source.position}.`);
  if (length === undefinedLength) {
    if (header.vr.startsWith('O')) {
      const { offset, length: bytes } = yield* readEncapsulated(source, encoding);
      return { tag, vr: header.vr, bulk: { offset, length: bytes, encapsulated: true } };
    }
    const within = header.vr === 'UN' && encoding.explicitVr ? implicitLittle : encoding;
    const items = yield* readItems(source, { encoding: within, end: undefined, depth: depth + 1 });
    return { tag, vr: 'SQ', items };
  }
  if (end !== undefined && source.position + length > end) {
    throw new Part10Error(`The value of ${tagName(tag)} is longer than the item that holds it.`);
  }
  const vr = encoding.explicitVr ? header.vr : signedVr(header, before, encoding);
  if (vr === 'SQ') {
    return { tag, vr, items: yield* readItems(source, { encoding, end: source.position + length, depth: depth + 1 }) };
  }
  if (length > source.limits.bulkBytes && binaryVrs.has(vr)) {
    const offset = source.position;
    yield* source.skip(length);
    return { tag, vr, bulk: { offset, length } };
  }
  return { tag, vr, value: yield* source.hold(length) };
}

/** Values of 16 bits that the standard leaves open are signed where the pixels are. */
function signedVr(
  { tag, vr }: ElementHeader,
  before: ReadonlyMap<Tag, DataElement>,
  { littleEndian }: Encoding,
): string {
  if (vr !== 'US' || publishedVr(tag) === 'US') return vr;
  const representation = before.get(tags.pixelRepresentation)?.value;
  return representation?.[littleEndian ? 0 : 1] === 1 ? 'SS' : vr;
}

function* readItems(source: Source, place: Place): Parsing<readonly DataSet[]> {
  const { encoding, end, depth } = place;
  if (depth > source.limits.depth) throw new Part10Error(`Sequences are nested more than ${source.limits.depth} deep.`);
  const items: DataSet[] = [];
  while (end === undefined || source.position < end) {
    const { tag, length } = yield* readHeader(source, encoding);
    if (tag === tags.sequenceDelimitation) break;
    if (tag !== tags.item) throw new Part10Error(`A sequence holds ${tagName(tag)} where an item should be.`);
    source.countElement();
    items.push(yield* readItem(source, encoding, length, place));
  }
  return items;
}

function* readItem(source: Source, encoding: Encoding, length: number, { end, depth }: Place): Parsing<DataSet> {
  const itemEnd = length === undefinedLength ? undefined : source.position + length;
  if (itemEnd !== undefined && end !== undefined && itemEnd > end) {
    throw new Part10Error('An item is longer than the sequence that holds it.');
  }
  const elements = new Map<Tag, DataElement>();
  while (itemEnd === undefined || source.position < itemEnd) {
    const header = yield* readHeader(source, encoding);
    if (itemEnd === undefined && header.tag === tags.itemDelimitation) break;
    const element = yield* readElement(source, header, { encoding, end: itemEnd, depth }, elements);
    elements.set(element.tag, element);
  }
  return { littleEndian: encoding.littleEndian, elements };
}
