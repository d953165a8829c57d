/** RGB of 8 bits from colour pixels. Source: DICOM PS3.3, C.7.6.3.1.2 (photometric interpretation), C.7.9 (palettes). */
import { CodecError } from '../codecs/codec-error.ts';
import type { DecodedFrame } from '../codecs/convert-frame.ts';
import type { ImageFormat } from '../codecs/image-format.ts';
import type { Palette, Table } from './rendering.ts';
import { entryOf, storedValues } from './shades.ts';

export function colorPixels({ pixels, format }: DecodedFrame): Uint8Array {
  if (format.samples !== 3) throw new CodecError(`Pixels of ${format.samples} samples are not shown.`);
  const bytes = highBytes(pixels, format);
  if (format.photometric === 'RGB') return bytes;
  if (format.photometric.startsWith('YBR_FULL')) return fromYcc(bytes);
  throw new CodecError(`${format.photometric} is not shown.`);
}

function highBytes(pixels: Uint8Array, format: ImageFormat): Uint8Array {
  const over = format.bitsStored - 8;
  const values = storedValues(pixels, { ...format, signed: false });
  if (over === 0 && values instanceof Uint8Array) return values;
  const bytes = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0;
    bytes[at] = over > 0 ? value >>> over : value << -over;
  }
  return bytes;
}

function fromYcc(bytes: Uint8Array): Uint8Array {
  const rgb = new Uint8ClampedArray(bytes.length);
  for (let at = 0; at + 2 < bytes.length; at += 3) {
    const y = bytes[at] ?? 0;
    const blue = (bytes[at + 1] ?? 0) - 128;
    const red = (bytes[at + 2] ?? 0) - 128;
    rgb[at] = y + 1.402 * red;
    rgb[at + 1] = y - 0.344136 * blue - 0.714136 * red;
    rgb[at + 2] = y + 1.772 * blue;
  }
  return new Uint8Array(rgb.buffer);
}

export function palettePixels({ pixels, format }: DecodedFrame, palette: Palette): Uint8Array {
  const values = storedValues(pixels, format);
  const tables = [palette.red, palette.green, palette.blue].map(bytesOf);
  const rgb = new Uint8Array(values.length * 3);
  for (const [color, table] of tables.entries()) {
    for (let at = 0; at < values.length; at += 1) rgb[at * 3 + color] = entryOf(table, values[at] ?? 0);
  }
  return rgb;
}

/** Some writers leave the high byte of 16 bits empty. */
function bytesOf(table: Table): Table {
  const isSmall = table.bits <= 8 || table.entries.every((entry) => entry < 256);
  return isSmall ? table : { ...table, entries: table.entries.map((entry) => entry >> 8) };
}
