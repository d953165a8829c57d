/** What a data set says about its pixels. Source: DICOM PS3.3, C.7.6.3. */
import { firstText } from '../json/values.ts';
import type { DataSet, Tag } from '../part10/data-set.ts';
import { tags } from '../part10/tags.ts';
import { CodecError } from './codec-error.ts';

export interface ImageFormat {
  readonly rows: number;
  readonly columns: number;
  readonly samples: number;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly signed: boolean;
  /** Of several samples: one plane after the other, not pixel by pixel. */
  readonly planar: boolean;
  /** `MONOCHROME2`, `RGB`, `YBR_FULL_422` … */
  readonly photometric: string;
}

/** A frame that decodes to more is not decoded: the largest scanners make 200 MB. */
export const mostFrameBytes = 256 * 1024 * 1024;

export function imageFormat(dataSet: DataSet): ImageFormat {
  const number = (tag: Tag) => numberOf(dataSet, tag);
  const bitsAllocated = number(tags.bitsAllocated);
  const format: ImageFormat = {
    rows: number(tags.rows),
    columns: number(tags.columns),
    samples: number(tags.samplesPerPixel) || 1,
    bitsAllocated,
    bitsStored: number(tags.bitsStored) || bitsAllocated,
    signed: number(tags.pixelRepresentation) === 1,
    planar: number(tags.planarConfiguration) === 1,
    photometric: firstText(dataSet, tags.photometricInterpretation),
  };
  check(format);
  return format;
}

function check({ rows, columns, samples, bitsAllocated, bitsStored }: ImageFormat): void {
  if (rows === 0 || columns === 0) throw new CodecError('The image has no rows or no columns.');
  if (![1, 3, 4].includes(samples)) throw new CodecError(`Pixels of ${samples} samples are not known.`);
  if (![1, 8, 16, 32, 64].includes(bitsAllocated) || bitsStored > bitsAllocated) {
    throw new CodecError(`Samples of ${bitsStored} bits in ${bitsAllocated} are not known.`);
  }
  if (rows * columns * samples * Math.ceil(bitsAllocated / 8) > mostFrameBytes) {
    throw new CodecError(`A frame has more than ${mostFrameBytes} bytes.`);
  }
}

/** Of a decoded frame, all samples of all pixels. */
export function frameBits({ rows, columns, samples, bitsAllocated }: ImageFormat): number {
  return rows * columns * samples * bitsAllocated;
}

export function numberOf({ elements, littleEndian }: DataSet, tag: Tag): number {
  const value = elements.get(tag)?.value;
  if (!value || value.length < 2) return 0;
  const [one = 0, other = 0] = value;
  return littleEndian ? one + other * 256 : one * 256 + other;
}
