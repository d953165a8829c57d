import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { dataSetBytes, part10File, type TestElement, text, uint16 } from '../testing/part10-file.ts';
import { readFile } from '../testing/read-file.ts';
import { Part10Error } from './part10-error.ts';
import { tags } from './tags.ts';

const explicitLittle = '1.2.840.10008.1.2.1';
const jpeg = '1.2.840.10008.1.2.4.50';
const name = text(0x00100010, 'PN', 'Doe^Jane');
const sequence = (...items: TestElement[][]): TestElement => ({ tag: 0x00081140, vr: 'SQ', items });

const textOf = async (file: Buffer, tag: number, chunkBytes?: number) => {
  const { dataSet } = await readFile(file, chunkBytes);
  return Buffer.from(dataSet.elements.get(tag)?.value ?? []).toString('latin1');
};

describe('a file is read as it streams by', () => {
  it.each([1, 2, 3, 7, 64, 100_000])('in chunks of %i bytes', async (chunkBytes) => {
    const file = part10File({ transferSyntax: explicitLittle, elements: [name, sequence([name], [name])] });
    const { dataSet, syntax } = await readFile(file, chunkBytes);
    expect(syntax.uid).toBe(explicitLittle);
    expect(dataSet.elements.get(0x00081140)?.items).toHaveLength(2);
    expect(await textOf(file, 0x00100010, chunkBytes)).toBe('Doe^Jane');
  });

  it.each(['1.2.840.10008.1.2', explicitLittle, '1.2.840.10008.1.2.2'])('in transfer syntax %s', async (syntax) => {
    expect(await textOf(part10File({ transferSyntax: syntax, elements: [name] }), 0x00100010)).toBe('Doe^Jane');
  });

  it('deflated, of which places are counted in what is inflated', async () => {
    const head = part10File({ transferSyntax: '1.2.840.10008.1.2.1.99', elements: [] });
    const pixels = { tag: tags.pixelData, vr: 'OW', value: Buffer.alloc(100) };
    const file = Buffer.concat([head, deflateRawSync(dataSetBytes([name, pixels]))]);
    const { dataSet, pixelData } = await readFile(file, 5);
    expect(dataSet.elements.get(0x00100010)?.value).toEqual(Buffer.from('Doe^Jane'));
    expect(pixelData).toMatchObject({ kind: 'native', offset: 16 + 12, length: 100 });
  });

  it('an element behind the pixel data is read too', async () => {
    const pixels = { tag: tags.pixelData, vr: 'OW', value: Buffer.alloc(100) };
    const file = part10File({ transferSyntax: explicitLittle, elements: [pixels, text(0xfffcfffc, 'UN', 'end ')] });
    expect(await textOf(file, 0xfffcfffc)).toBe('end ');
  });

  it('values of 64-bit VRs, which have the long form (PS3.5 7.1.2)', async () => {
    const table = { tag: tags.extendedOffsetTable, vr: 'OV', value: Buffer.alloc(16) };
    const file = part10File({ transferSyntax: explicitLittle, elements: [table, text(0x7fe10010, 'LO', 'x ')] });
    expect(await textOf(file, 0x7fe10010)).toBe('x ');
  });

  it('a sequence that was written as UN is implicit, whatever the file is (PS3.5 6.2.2)', async () => {
    const inner = dataSetBytes([text(0x00080060, 'CS', 'CT')], { explicitVr: false, littleEndian: true });
    const item = Buffer.from('feff00e0ffffffff', 'hex');
    const ends = Buffer.from('feff0de000000000feffdde000000000', 'hex');
    const un = Buffer.concat([Buffer.from('09001110554e0000ffffffff', 'hex'), item, inner, ends]);
    const { dataSet } = await readFile(
      Buffer.concat([part10File({ transferSyntax: explicitLittle, elements: [] }), un]),
    );
    const [first] = dataSet.elements.get(0x00091011)?.items ?? [];
    expect(first?.elements.get(0x00080060)).toMatchObject({ vr: 'CS' });
  });

  it('long binary values are passed over, long texts are not', async () => {
    const document = { tag: 0x00420011, vr: 'OB', value: Buffer.alloc(200_000) };
    const long = text(0x00420010, 'ST', 'x'.repeat(60_000));
    const { dataSet } = await readFile(part10File({ transferSyntax: explicitLittle, elements: [long, document] }));
    expect(dataSet.elements.get(0x00420011)).toMatchObject({ vr: 'OB', bulk: { length: 200_000 } });
    expect(dataSet.elements.get(0x00420010)?.value).toHaveLength(60_000);
  });
});

describe('what is no file is refused', () => {
  const whole = part10File({
    transferSyntax: jpeg,
    elements: [
      name,
      sequence([name]),
      { tag: tags.pixelData, vr: 'OB', fragments: [Buffer.alloc(0), Buffer.alloc(64)] },
    ],
  });

  it('wherever it is cut, unless between two elements', async () => {
    const ends: number[] = [];
    for (let length = 0; length < whole.length; length += 1) {
      await readFile(whole.subarray(0, length)).then(
        () => ends.push(length),
        (error) => expect(error).toBeInstanceOf(Part10Error),
      );
    }
    // Behind the name and behind the sequence: what stands there is a whole data set.
    expect(ends).toHaveLength(2);
  });

  it.each([
    ['nothing at all', Buffer.alloc(0)],
    ['no prefix', Buffer.alloc(500)],
    ['text', Buffer.from('GIF89a'.repeat(100))],
    ['no transfer syntax', Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), dataSetBytes([name])])],
    [
      'a stray delimitation item',
      Buffer.concat([
        part10File({ transferSyntax: explicitLittle, elements: [] }),
        Buffer.from('feff0de000000000', 'hex'),
      ]),
    ],
  ])('%s', async (_, bytes) => {
    await expect(readFile(bytes)).rejects.toThrow(Part10Error);
  });

  it('more depth, elements, held bytes or fragments than the limits allow', async () => {
    let nested: TestElement = name;
    for (let depth = 0; depth < 70; depth += 1) nested = sequence([nested]);
    const deep = part10File({ transferSyntax: explicitLittle, elements: [nested] });
    await expect(readFile(deep)).rejects.toThrow('nested more than 64 deep');
    const many = part10File({ transferSyntax: explicitLittle, elements: [sequence(...Array(50).fill([name]))] });
    await expect(readFile(many, 1000, { elements: 50 })).rejects.toThrow('more than 50 elements');
    await expect(readFile(many, 1000, { heldBytes: 100 })).rejects.toThrow('more than 100 bytes');
    const fragments = Array(12).fill(Buffer.alloc(2));
    const split = part10File({ transferSyntax: jpeg, elements: [{ tag: tags.pixelData, vr: 'OB', fragments }] });
    await expect(readFile(split, 1000, { fragments: 10 })).rejects.toThrow('more than 10 fragments');
  });

  it('deflated data that is none', async () => {
    const head = part10File({ transferSyntax: '1.2.840.10008.1.2.1.99', elements: [] });
    await expect(readFile(Buffer.concat([head, Buffer.from('this is not deflated')]))).rejects.toThrow(Part10Error);
  });

  it('changed at random it is read or refused, and never anything else', async () => {
    const source = part10File({
      transferSyntax: explicitLittle,
      elements: [name, sequence([name]), uint16(tags.rows, 2)],
    });
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    for (let round = 0; round < 3000; round += 1) {
      const bytes = Buffer.from(source);
      for (let change = 0; change < 3; change += 1) bytes[132 + random(bytes.length - 132)] = random(256);
      await readFile(bytes, 50).catch((error) => expect(error).toBeInstanceOf(Part10Error));
    }
  });
});
