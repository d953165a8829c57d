/** For tests: DICOM files made of elements, in any of the native encodings. */
export interface TestElement {
  readonly tag: number;
  readonly vr: string;
  readonly value?: Uint8Array | string;
  readonly items?: readonly (readonly TestElement[])[];
  /** Fragments of encapsulated pixel data, the offset table first. */
  readonly fragments?: readonly Uint8Array[];
}

export interface TestFile {
  readonly transferSyntax: string;
  readonly elements: readonly TestElement[];
}

interface Encoding {
  readonly explicitVr: boolean;
  readonly littleEndian: boolean;
}

const longVrs = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
const explicitLittle: Encoding = { explicitVr: true, littleEndian: true };

export function text(tag: number, vr: string, value: string): TestElement {
  return { tag, vr, value };
}

export function uint16(tag: number, ...values: number[]): TestElement {
  return { tag, vr: 'US', value: Buffer.from(Uint16Array.from(values).buffer) };
}

/** The preamble's 128 bytes are `preamble`. */
export function part10File({ transferSyntax, elements }: TestFile, preamble = 0): Buffer {
  const encoding = {
    explicitVr: transferSyntax !== '1.2.840.10008.1.2',
    littleEndian: transferSyntax !== '1.2.840.10008.1.2.2',
  };
  const meta = elementBytes(text(0x00020010, 'UI', transferSyntax), explicitLittle);
  const length = elementBytes({ tag: 0x00020000, vr: 'UL', value: uint32(meta.length, true) }, explicitLittle);
  const body = elements.map((element) => elementBytes(element, encoding));
  return Buffer.concat([Buffer.alloc(128, preamble), Buffer.from('DICM'), length, meta, ...body]);
}

/** What stands behind the head of a file: the data set alone. */
export function dataSetBytes(elements: readonly TestElement[], encoding: Encoding = explicitLittle): Buffer {
  return Buffer.concat(elements.map((element) => elementBytes(element, encoding)));
}

function elementBytes({ tag, vr, value = '', items, fragments }: TestElement, encoding: Encoding): Buffer {
  const { explicitVr, littleEndian } = encoding;
  if (items || fragments) {
    const content = items
      ? items.map((item) => delimited(0xfffee000, dataSetBytes(item, encoding), encoding))
      : (fragments ?? []).map((fragment) => delimited(0xfffee000, fragment, encoding));
    const end = delimited(0xfffee0dd, Buffer.alloc(0), encoding);
    return Buffer.concat([head(tag, vr, 0xffffffff, explicitVr, littleEndian), ...content, end]);
  }
  const bytes = padded(typeof value === 'string' ? Buffer.from(value, 'latin1') : Buffer.from(value), vr);
  return Buffer.concat([head(tag, vr, bytes.length, explicitVr, littleEndian), bytes]);
}

function delimited(tag: number, content: Uint8Array, { littleEndian }: Encoding): Buffer {
  return Buffer.concat([tagBytes(tag, littleEndian), uint32(content.length, littleEndian), content]);
}

function head(tag: number, vr: string, length: number, explicitVr: boolean, littleEndian: boolean): Buffer {
  if (!explicitVr) return Buffer.concat([tagBytes(tag, littleEndian), uint32(length, littleEndian)]);
  const start = Buffer.concat([tagBytes(tag, littleEndian), Buffer.from(vr)]);
  if (longVrs.has(vr)) return Buffer.concat([start, Buffer.alloc(2), uint32(length, littleEndian)]);
  return Buffer.concat([start, uint16Bytes(length, littleEndian)]);
}

function padded(bytes: Buffer, vr: string): Buffer {
  if (bytes.length % 2 === 0) return bytes;
  return Buffer.concat([bytes, Buffer.from(vr === 'UI' || vr.startsWith('O') ? '\0' : ' ')]);
}

function tagBytes(tag: number, littleEndian: boolean): Buffer {
  return Buffer.concat([uint16Bytes(tag >>> 16, littleEndian), uint16Bytes(tag & 0xffff, littleEndian)]);
}

function uint16Bytes(value: number, littleEndian: boolean): Buffer {
  const bytes = Buffer.alloc(2);
  if (littleEndian) bytes.writeUInt16LE(value);
  else bytes.writeUInt16BE(value);
  return bytes;
}

function uint32(value: number, littleEndian: boolean): Buffer {
  const bytes = Buffer.alloc(4);
  if (littleEndian) bytes.writeUInt32LE(value);
  else bytes.writeUInt32BE(value);
  return bytes;
}
