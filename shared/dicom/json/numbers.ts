/** The numbers of a value. Source: DICOM PS3.5, 6.2; PS3.18, F.2.3. */

type Read = (bytes: Buffer, at: number) => number | string;

interface NumberForm {
  readonly bytes: number;
  readonly little: Read;
  readonly big: Read;
}

const form = (bytes: number, little: Read, big: Read): NumberForm => ({ bytes, little, big });

/** The shortest decimal that is this 32-bit float: 0.1, not 0.10000000149011612. */
const short = (value: number): number => {
  for (let digits = 6; digits < 9; digits += 1) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return Number(value.toPrecision(9));
};

/** A 64-bit integer that a JSON number cannot hold is written as text. */
const exact = (value: bigint): number | string => (BigInt.asIntN(54, value) === value ? Number(value) : String(value));

const forms: Readonly<Record<string, NumberForm>> = {
  FD: form(
    8,
    (b, at) => b.readDoubleLE(at),
    (b, at) => b.readDoubleBE(at),
  ),
  FL: form(
    4,
    (b, at) => short(b.readFloatLE(at)),
    (b, at) => short(b.readFloatBE(at)),
  ),
  SL: form(
    4,
    (b, at) => b.readInt32LE(at),
    (b, at) => b.readInt32BE(at),
  ),
  SS: form(
    2,
    (b, at) => b.readInt16LE(at),
    (b, at) => b.readInt16BE(at),
  ),
  SV: form(
    8,
    (b, at) => exact(b.readBigInt64LE(at)),
    (b, at) => exact(b.readBigInt64BE(at)),
  ),
  UL: form(
    4,
    (b, at) => b.readUInt32LE(at),
    (b, at) => b.readUInt32BE(at),
  ),
  US: form(
    2,
    (b, at) => b.readUInt16LE(at),
    (b, at) => b.readUInt16BE(at),
  ),
  UV: form(
    8,
    (b, at) => exact(b.readBigUInt64LE(at)),
    (b, at) => exact(b.readBigUInt64BE(at)),
  ),
};

/** The values of a binary number's VR; undefined for another VR. A number that is not whole at the end is left out. */
export function binaryNumbers(bytes: Uint8Array, vr: string, littleEndian: boolean): (number | string)[] | undefined {
  const found = forms[vr];
  if (!found) return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = littleEndian ? found.little : found.big;
  const count = Math.floor(bytes.length / found.bytes);
  return Array.from({ length: count }, (_, index) => jsonNumber(read(buffer, index * found.bytes)));
}

/** JSON has no NaN and no infinities: they are text. */
function jsonNumber(value: number | string): number | string {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

const decimalText: Readonly<Record<string, RegExp>> = {
  DS: /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/,
  IS: /^[+-]?\d{1,15}$/,
};

/**
 * DS and IS as numbers; null where a value of several is empty. AHDS: one value that is no number makes the whole element
 * text. Undefined for another VR.
 */
export function decimalValues(texts: readonly string[], vr: string): (number | string | null)[] | undefined {
  const pattern = decimalText[vr];
  if (!pattern) return undefined;
  const filled = texts.filter((text) => text !== '');
  const areNumbers = filled.every((text) => pattern.test(text) && Number.isFinite(Number(text)));
  return texts.map((text) => (text === '' ? null : areNumbers ? Number(text) : text));
}
