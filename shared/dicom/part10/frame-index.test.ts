import { describe, expect, it } from 'vitest';
import { part10File, type TestElement, text, uint16 } from '../testing/part10-file.ts';
import { readFile } from '../testing/read-file.ts';
import { frameIndex } from './frame-index.ts';
import { tags } from './tags.ts';

const none = Buffer.alloc(0);
const picture = Buffer.from('ffd8ffe000000000', 'hex');
const rest = Buffer.from('0102030405060708', 'hex');

async function framesOf(elements: TestElement[], transferSyntax = '1.2.840.10008.1.2.4.50') {
  const file = part10File({ transferSyntax, elements });
  const { dataSet, pixelData } = await readFile(file);
  const index = frameIndex(dataSet, pixelData);
  if (index?.kind !== 'fragments') return index;
  return index.frames.map((ranges) =>
    Buffer.concat(ranges.map(({ offset, length }) => file.subarray(offset, offset + length))).toString('hex'),
  );
}
const encapsulated = (count: number, fragments: Buffer[]): TestElement[] => [
  text(tags.numberOfFrames, 'IS', String(count)),
  { tag: tags.pixelData, vr: 'OB', fragments },
];
const offsets = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer);
const [p, r] = [picture.toString('hex'), rest.toString('hex')];

describe('frames of encapsulated pixel data', () => {
  it('one frame has all fragments', async () => {
    expect(await framesOf(encapsulated(1, [none, picture, rest, rest]))).toEqual([p + r + r]);
  });
  it('as many fragments as frames: one each', async () => {
    expect(await framesOf(encapsulated(2, [none, picture, rest]))).toEqual([p, r]);
  });
  it('by the basic offset table', async () => {
    expect(await framesOf(encapsulated(2, [offsets(0, 32), rest, rest, rest]))).toEqual([r + r, r]);
  });
  it('by the extended offset table', async () => {
    const table = {
      tag: tags.extendedOffsetTable,
      vr: 'OV',
      value: Buffer.from(BigUint64Array.from([0n, 16n]).buffer),
    };
    const [count, pixels] = encapsulated(2, [none, rest, rest, rest]) as [TestElement, TestElement];
    expect(await framesOf([count, table, pixels])).toEqual([r, r + r]);
  });
  it('without a table where pictures begin', async () => {
    expect(await framesOf(encapsulated(2, [none, picture, rest, picture]))).toEqual([p + r, p]);
  });
  it('not at all where nothing tells', async () => {
    expect(await framesOf(encapsulated(2, [none, rest, rest, rest]))).toBeUndefined();
  });
});

describe('frames of native pixel data', () => {
  const native = (bits: number, bytes: number, ...more: TestElement[]): TestElement[] => [
    uint16(tags.samplesPerPixel, 1),
    text(tags.numberOfFrames, 'IS', '2'),
    uint16(tags.rows, 3),
    uint16(tags.columns, 3),
    uint16(tags.bitsAllocated, bits),
    ...more,
    { tag: tags.pixelData, vr: 'OW', value: Buffer.alloc(bytes) },
  ];
  const littleEndian = '1.2.840.10008.1.2.1';

  it('are as long as rows, columns and bits say', async () => {
    expect(await framesOf(native(16, 36), littleEndian)).toMatchObject({ kind: 'native', frameBits: 144, count: 2 });
  });
  it('of single bits need not begin at a byte', async () => {
    expect(await framesOf(native(1, 4), littleEndian)).toMatchObject({ kind: 'native', frameBits: 9, count: 2 });
  });
  it('are none where the value is too short for them', async () => {
    expect(await framesOf(native(16, 34), littleEndian)).toBeUndefined();
  });
});
