/** Grey of 8 bits from stored values. Source: DICOM PS3.3, C.11.1 (modality), C.11.2 (values of interest). */
import { CodecError } from '../codecs/codec-error.ts';
import type { DecodedFrame } from '../codecs/convert-frame.ts';
import type { ImageFormat } from '../codecs/image-format.ts';
import { samplesOf, unpackedBits } from '../codecs/samples.ts';
import type { Linear, Rendering, Table, Window } from './rendering.ts';

export function greyPixels({ pixels, format }: DecodedFrame, rendering: Rendering): Uint8Array {
  const stored = storedValues(pixels, format);
  const modality = modalityOf(rendering.modality);
  const shown = rendering.values ? shownBy(rendering.values) : withinRange(stored, modality);
  const shade = (value: number) => (rendering.inverted ? 255 - shown(modality(value)) : shown(modality(value)));
  return stored.length > 65536 && format.bitsAllocated <= 16 ? byTable(stored, shade) : Uint8Array.from(stored, shade);
}

/** Each stored value is worked out once. */
function byTable(stored: StoredValues, shade: (value: number) => number): Uint8Array {
  const table = new Int16Array(131_072).fill(-1);
  const shaded = new Uint8Array(stored.length);
  for (let at = 0; at < stored.length; at += 1) {
    const value = stored[at] ?? 0;
    const entry = value + 65536;
    if (table[entry] === -1) table[entry] = Math.round(shade(value));
    shaded[at] = table[entry] ?? 0;
  }
  return shaded;
}

type StoredValues = Uint8Array | Uint16Array | Uint32Array | Int8Array | Int16Array | Int32Array;

/** The stored bits of each sample, with their sign; what lies above them, overlays of old, is left out. */
export function storedValues(pixels: Uint8Array, format: ImageFormat): StoredValues {
  const { rows, columns, samples, bitsAllocated, bitsStored, signed } = format;
  const count = rows * columns * samples;
  if (bitsAllocated === 1) return unpackedBits(pixels, count);
  if (bitsAllocated > 32) throw new CodecError(`Pixels of ${bitsAllocated} bits are not shown.`);
  const raw = samplesOf(pixels, bitsAllocated);
  if (raw.length < count) throw new CodecError('The frame has not all of its pixels.');
  const all = raw.subarray(0, count);
  const shift = 32 - bitsStored;
  if (!signed) return shift === 32 - bitsAllocated ? all : all.map((value) => (value << shift) >>> shift);
  const values =
    bitsAllocated === 8 ? new Int8Array(count) : bitsAllocated === 16 ? new Int16Array(count) : new Int32Array(count);
  for (let at = 0; at < count; at += 1) values[at] = ((all[at] ?? 0) << shift) >> shift;
  return values;
}

function modalityOf(modality: Linear | Table | undefined): (value: number) => number {
  if (!modality) return (value) => value;
  if (modality.kind === 'linear') return (value) => value * modality.slope + modality.intercept;
  return (value) => entryOf(modality, value);
}

export function entryOf({ first, entries }: Table, value: number): number {
  return entries[Math.min(Math.max(Math.round(value) - first, 0), entries.length - 1)] ?? 0;
}

function shownBy(values: Window | Table): (value: number) => number {
  if (values.kind === 'table') {
    const most = 2 ** values.bits - 1;
    return (value) => (entryOf(values, value) / most) * 255;
  }
  const { center, width } = values;
  if (values.function === 'sigmoid') return (value) => 255 / (1 + Math.exp((-4 * (value - center)) / width));
  const [middle, span] = values.function === 'linear' ? [center - 0.5, width - 1] : [center, width];
  return (value) => {
    if (value <= middle - span / 2) return 0;
    if (value > middle + span / 2) return 255;
    return ((value - middle) / span + 0.5) * 255;
  };
}

function withinRange(stored: StoredValues, modality: (value: number) => number): (value: number) => number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of stored) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const [one, other] = [modality(low), modality(high)];
  const least = Math.min(one, other);
  const span = Math.abs(other - one) || 1;
  return (value) => ((value - least) / span) * 255;
}
