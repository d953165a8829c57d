/** A stored instance as a file in another transfer syntax, frame by frame. Source: DICOM PS3.5, 8.2; AHDS's matrix. */

import type { StoredInstance } from '../../stores/imaging/imaging-index.ts';
import type { DicomCall } from '../call.ts';
import { CodecError } from '../codecs/codec-error.ts';
import type { FrameResult } from '../codecs/codec-thread.ts';
import { frameBits, type ImageFormat, imageFormat } from '../codecs/image-format.ts';
import { syntaxes } from '../codecs/syntaxes.ts';
import type { DataElement, Tag } from '../part10/data-set.ts';
import { padded } from '../part10/element-bytes.ts';
import { joinedBits } from '../part10/join-bits.ts';
import { swappedChunks } from '../part10/swap-bytes.ts';
import { tags } from '../part10/tags.ts';
import { fragments, type NewPixelData, writePart10 } from '../part10/write-part10.ts';
import { begun, frameConverter, inTurn, openToConvert, orNotAcceptable } from './convert-frames.ts';
import { type OpenFile, wordBytes } from './open-file.ts';

/** The file's bytes; `not-acceptable` when its first frame cannot be converted. */
export function transcoded(
  call: DicomCall,
  instance: StoredInstance,
  transferSyntax: string,
): Promise<AsyncIterable<Uint8Array>> {
  return orNotAcceptable(async () => {
    const file = await openToConvert(call, instance);
    // As AHDS: where there are no pixels, only the name of the transfer syntax is another.
    if (!file.pixelData) return writePart10({ file, transferSyntax, replaced: [], pixels: undefined });
    const isNative = transferSyntax === syntaxes.explicitLittleEndian;
    if (isNative && file.pixelData.kind !== 'encapsulated') {
      return writePart10({ file, transferSyntax, replaced: [], pixels: nativePixels(file) });
    }
    const target = isNative ? ({ kind: 'native' } as const) : ({ kind: 'encoded', syntax: transferSyntax } as const);
    const convert = frameConverter(call, file, target);
    const count = file.frames?.count ?? 0;
    const [first, results] = await firstOf(inTurn(Array(count).keys(), convert));
    const format = imageFormat(file.dataSet);
    const content = bytesOf(results);
    const pixels = isNative ? decodedPixels(format, count, content) : encodedPixels(content);
    return writePart10({ file, transferSyntax, replaced: described(file, first.photometric), pixels });
  });
}

/** Native pixel data stays as it is but for the order of its bytes. */
function nativePixels({ pixelData, dataSet, read }: OpenFile): NewPixelData | undefined {
  if (!pixelData || dataSet.littleEndian) return undefined;
  const { tag, offset, length } = pixelData;
  const vr = dataSet.elements.get(tag)?.vr ?? 'OW';
  const unit = wordBytes(vr, imageFormat(dataSet).bitsAllocated);
  return { vr, length, content: swappedChunks(read({ offset, length }), unit) };
}

function decodedPixels(format: ImageFormat, count: number, frames: AsyncIterable<Uint8Array>): NewPixelData {
  const bits = frameBits(format);
  const length = Math.ceil((bits * count) / 8);
  if (length > 0xfffffffe) throw new CodecError('The pixel data is longer than 4 GB when it is decoded.');
  const content = bits % 8 === 0 ? frames : joinedBits(frames, bits);
  return { vr: format.bitsAllocated > 8 ? 'OW' : 'OB', length, content };
}

function encodedPixels(frames: AsyncIterable<Uint8Array>): NewPixelData {
  return { vr: 'OB', length: undefined, content: fragments(frames) };
}

/** What the data set says of its pixels, once they have been through a codec. */
function described({ dataSet }: OpenFile, photometric: string): DataElement[] {
  const text = (tag: Tag, value: string) => ({ tag, vr: 'CS', value: padded(Buffer.from(value), 'CS') });
  const number = (tag: Tag, value: number) => {
    const bytes = [value & 0xff, value >> 8];
    return { tag, vr: 'US', value: Uint8Array.from(dataSet.littleEndian ? bytes : bytes.toReversed()) };
  };
  const interpretation = text(tags.photometricInterpretation, photometric);
  if (!dataSet.elements.has(tags.planarConfiguration)) return [interpretation];
  return [interpretation, number(tags.planarConfiguration, 0)];
}

async function firstOf(results: AsyncGenerator<FrameResult>): Promise<[FrameResult, AsyncGenerator<FrameResult>]> {
  let first: FrameResult | undefined;
  const watched = (async function* () {
    for await (const result of results) {
      first ??= result;
      yield result;
    }
  })();
  const rest = await begun(watched);
  if (!first) throw new CodecError('The instance has no frames.');
  return [first, rest];
}

async function* bytesOf(results: AsyncIterable<FrameResult>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of results) yield bytes;
}
