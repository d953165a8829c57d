/** Frames a second of each codec, in one codec thread, over the reference files: `node test/bench/codecs.ts`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CodecPool } from '../../shared/dicom/codecs/codec-pool.ts';
import type { Target } from '../../shared/dicom/codecs/codec-thread.ts';
import { type ImageFormat, imageFormat } from '../../shared/dicom/codecs/image-format.ts';
import { Part10Reader } from '../../shared/dicom/part10/read-part10.ts';
import { sharedData } from '../shared-data.ts';

const folder = sharedData('dicom');
if (folder === undefined) throw new Error('The reference data is missing.');

const native: Target = { kind: 'native' };
const encoded = (number: string): Target => ({ kind: 'encoded', syntax: `1.2.840.10008.1.2.4.${number}` });
const picture = (type: 'image/jpeg' | 'image/png'): Target => ({
  kind: 'picture',
  rendering: {
    type,
    quality: 90,
    viewport: undefined,
    modality: undefined,
    values: undefined,
    inverted: false,
    palette: undefined,
  },
});

const ct = 'pydicom-data/693_UNCI.dcm';
const us = 'pydicom-data/US1_UNCI.dcm';
const runs: readonly (readonly [string, string, Target])[] = [
  ['decode RLE', 'dicom-server/TranscodingSamples/RLELossless.dcm', native],
  ['decode JPEG', 'dicom-server/TranscodingSamples/JPEGProcess1.dcm', native],
  ['decode JPEG, 12 bits', 'pydicom/JPGExtended.dcm', native],
  ['decode JPEG lossless', 'pydicom-data/bad_sequence.dcm', native],
  ['decode JPEG-LS', 'pydicom-data/JLSL_16_15_1_1F.dcm', native],
  ['decode JPEG 2000', 'pydicom-data/693_J2KR.dcm', native],
  ['encode JPEG 2000', ct, encoded('90')],
  ['encode HTJ2K', ct, encoded('201')],
  ['encode JPEG-LS', ct, encoded('80')],
  ['render as JPEG, grey', ct, picture('image/jpeg')],
  ['render as PNG, grey', ct, picture('image/png')],
  ['render as JPEG, colour', us, picture('image/jpeg')],
];

interface Frame {
  readonly bytes: Uint8Array;
  readonly syntax: string | undefined;
  readonly format: ImageFormat;
}

async function firstFrame(name: string): Promise<Frame> {
  const file = readFileSync(path.join(folder as string, name));
  const reader = new Part10Reader();
  await reader.push(file);
  const { pixelData, dataSet, syntax } = await reader.end();
  if (!pixelData) throw new Error(`${name} has no pixel data.`);
  const ranges = pixelData.kind === 'native' ? [pixelData] : pixelData.fragments;
  const bytes = Buffer.concat(ranges.map(({ offset, length }) => file.subarray(offset, offset + length)));
  return { bytes, syntax: pixelData.kind === 'native' ? undefined : syntax.uid, format: imageFormat(dataSet) };
}

const seconds = 2;
const pool = new CodecPool({ threads: 1 });
for (const [what, name, target] of runs) {
  const { bytes, syntax, format } = await firstFrame(name);
  const once = () => pool.convert({ frame: Uint8Array.from(bytes), syntax, format, target });
  await once();
  await once();
  const start = performance.now();
  let count = 0;
  for (; performance.now() - start < seconds * 1000; count += 1) await once();
  const rate = (count / (performance.now() - start)) * 1000;
  const size = `${format.columns} x ${format.rows} x ${format.samples}, ${format.bitsAllocated} bits`;
  console.log(`${what.padEnd(24)} ${size.padEnd(24)} ${rate.toFixed(0).padStart(6)} frames/s`);
}
await pool.close();
