/** Frames of a stored file in another transfer syntax. */

import type { StoredInstance } from '../../stores/imaging/imaging-index.ts';
import type { DicomCall } from '../call.ts';
import { CodecError } from '../codecs/codec-error.ts';
import { PoolBusy } from '../codecs/codec-pool.ts';
import type { FrameResult, Target } from '../codecs/codec-thread.ts';
import { imageFormat } from '../codecs/image-format.ts';
import { isDecoded, syntaxes } from '../codecs/syntaxes.ts';
import { DicomError } from '../errors.ts';
import { whole } from '../part10/frame-reader.ts';
import { Part10Error } from '../part10/part10-error.ts';
import { transferSyntax as syntaxOf } from '../part10/transfer-syntax.ts';
import { type OpenFile, openFile } from './open-file.ts';

/** AHDS: a file over this is had as it is stored only. */
const mostFileBytes = 100 * 1024 * 1024;

/** What AHDS converts to, and beyond it high-throughput JPEG 2000 and JPEG-LS, all without loss. */
export const convertedTo: readonly string[] = [
  syntaxes.explicitLittleEndian,
  syntaxes.jpeg2000Lossless,
  syntaxes.htj2kLossless,
  syntaxes.jpegLsLossless,
];

/** What is known before the file is read. */
export function checkConvertible({ length, transferSyntax }: StoredInstance): void {
  if (length > mostFileBytes) {
    throw new DicomError('not-acceptable', 'An instance over 100 MB is had as it is stored: transfer-syntax=*.');
  }
  if (syntaxOf(transferSyntax).encapsulated && !isDecoded(transferSyntax)) {
    throw new DicomError('not-acceptable', `${transferSyntax} is had as it is stored: transfer-syntax=*.`);
  }
}

export async function openToConvert({ service }: DicomCall, instance: StoredInstance): Promise<OpenFile> {
  checkConvertible(instance);
  return openFile(service, instance);
}

/** Converts frame after frame; `read` of frame 0 is the first. */
export function frameConverter({ service, signal }: DicomCall, file: OpenFile, target: Target) {
  const { frames, pixelData, syntax, dataSet } = file;
  if (!frames || !pixelData) throw new CodecError('It is not known where the frames are.');
  if (pixelData.tag !== 0x7fe00010) throw new CodecError('Pixels of floating point numbers are not converted.');
  const format = imageFormat(dataSet);
  const source = pixelData.kind === 'encapsulated' ? syntax.uid : undefined;
  return async (frame: number): Promise<FrameResult> => {
    const bytes = await whole(frames.read(frame));
    return service.codecs.convert({ frame: bytes, syntax: source, format, target }, signal);
  };
}

/** What is converted at a time of one answer: the one that is sent and the next. */
const ahead = 2;

/** In order, each made while the one before is sent. */
export async function* inTurn<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  make: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const made: Promise<R>[] = [];
  for await (const item of items) {
    const one = make(item);
    // The failure of one that nobody waits for any more is nobody's.
    one.catch(() => {});
    made.push(one);
    if (made.length < ahead) continue;
    const [first] = made.splice(0, 1);
    if (first) yield await first;
  }
  for (const one of made) yield await one;
}

/** AHDS: what cannot be converted is 406. */
export async function orNotAcceptable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PoolBusy) throw new DicomError('busy', error.message);
    if (error instanceof CodecError || error instanceof Part10Error)
      throw new DicomError('not-acceptable', error.message);
    throw error;
  }
}

/** The chunks, the first of which is made before this resolves: what fails at once has not begun to answer. */
export async function begun<T>(chunks: AsyncGenerator<T>): Promise<AsyncGenerator<T>> {
  const first = await chunks.next();
  return (async function* () {
    try {
      if (first.done) return;
      yield first.value;
      yield* chunks;
    } finally {
      await chunks.return(undefined);
    }
  })();
}
