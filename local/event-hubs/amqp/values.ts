/** AMQP 1.0 values (part 1 of the standard): where an encoded one ends. Nothing inside it is taken on trust. */

export class MalformedMessage extends Error {}

const deepest = 32;

/** Format codes (1.6 of the standard), by their width. */
const codes = new Set(
  [
    [0x40, 0x41, 0x42, 0x43, 0x44, 0x45],
    [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56],
    [0x60, 0x61],
    [0x70, 0x71, 0x72, 0x73, 0x74],
    [0x80, 0x81, 0x82, 0x83, 0x84],
    [0x94, 0x98],
    [0xa0, 0xa1, 0xa3, 0xb0, 0xb1, 0xb3],
    [0xc0, 0xc1, 0xd0, 0xd1, 0xe0, 0xf0],
  ].flat(),
);

/** The index behind the value that begins at `at`. Throws `MalformedMessage` when it is none or is cut. */
export function endOfValue(bytes: Buffer, at: number, depth = 0): number {
  let codeAt = at;
  if (byteAt(bytes, at) === 0x00) {
    if (depth > deepest) throw new MalformedMessage('A value is nested too deep.');
    codeAt = endOfValue(bytes, at + 1, depth + 1);
  }
  return endOfBody(bytes, byteAt(bytes, codeAt), codeAt + 1, depth);
}

/** The high half of a format code says how long what follows is (1.2 of the standard). */
function endOfBody(bytes: Buffer, code: number, at: number, depth: number): number {
  if (!codes.has(code)) throw new MalformedMessage(`0x${code.toString(16)} is no format code.`);
  const kind = code >> 4;
  switch (kind) {
    case 0x4:
      return at;
    case 0x5:
    case 0x6:
    case 0x7:
    case 0x8:
    case 0x9:
      return within(bytes, at + 2 ** (kind - 5));
    case 0xa:
    case 0xb:
      return within(bytes, at + sizeWidth(kind) + sizeAt(bytes, at, kind));
    case 0xc:
    case 0xd:
      return endOfCompound(bytes, code, at, depth);
    default:
      return endOfArray(bytes, kind, at, depth);
  }
}

/** Lists and maps: size, count, then as many values as fill it. */
function endOfCompound(bytes: Buffer, code: number, at: number, depth: number): number {
  if (depth > deepest) throw new MalformedMessage('A value is nested too deep.');
  const kind = code >> 4;
  const width = sizeWidth(kind);
  const end = within(bytes, at + width + sizeAt(bytes, at, kind));
  const count = sizeAt(bytes, at + width, kind);
  if ((code & 0xf) === 1 && count % 2 === 1) throw new MalformedMessage('A map has a key without a value.');
  let next = at + 2 * width;
  for (let index = 0; index < count && next <= end; index++) next = endOfValue(bytes, next, depth + 1);
  if (next !== end) throw new MalformedMessage('A list or map does not fill its size.');
  return end;
}

/** Arrays: size, count, one constructor, then the values without theirs. */
function endOfArray(bytes: Buffer, kind: number, at: number, depth: number): number {
  if (depth > deepest) throw new MalformedMessage('A value is nested too deep.');
  const width = sizeWidth(kind);
  const end = within(bytes, at + width + sizeAt(bytes, at, kind));
  const count = sizeAt(bytes, at + width, kind);
  let next = at + 2 * width;
  if (byteAt(bytes, next) === 0x00) next = endOfValue(bytes, next + 1, depth + 1);
  const code = byteAt(bytes, next);
  next += 1;
  // Values without bytes: a short array could claim billions.
  if (code >> 4 === 0x4 && count > 1024) throw new MalformedMessage('An array has too many values.');
  for (let index = 0; index < count && next <= end; index++) next = endOfBody(bytes, code, next, depth + 1);
  if (next !== end) throw new MalformedMessage('An array does not fill its size.');
  return end;
}

/** 1 where the low bit of the kind is 0 (0xa_, 0xc_, 0xe_), else 4. */
const sizeWidth = (kind: number): number => (kind % 2 === 0 ? 1 : 4);

export function sizeAt(bytes: Buffer, at: number, kind: number): number {
  within(bytes, at + sizeWidth(kind));
  return kind % 2 === 0 ? bytes.readUInt8(at) : bytes.readUInt32BE(at);
}

function byteAt(bytes: Buffer, at: number): number {
  within(bytes, at + 1);
  return bytes.readUInt8(at);
}

function within(bytes: Buffer, end: number): number {
  if (end <= bytes.length) return end;
  throw new MalformedMessage('A value is cut off.');
}
