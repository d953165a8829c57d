/** WADO-RS frames, read by range from the file, or converted. Source: DICOM PS3.18, 10.4.1.1.3; AHDS for what it accepts. */
import type { Answer } from '../../operations/operation.ts';
import type { StoredInstance } from '../../stores/imaging/imaging-index.ts';
import type { DicomCall } from '../call.ts';
import type { Target } from '../codecs/codec-thread.ts';
import { syntaxes } from '../codecs/syntaxes.ts';
import { DicomError } from '../errors.ts';
import type { FrameIndex } from '../part10/frame-index.ts';
import { type FrameReader, frameReader, type ReadRange } from '../part10/frame-reader.ts';
import { transferSyntax as syntaxOf } from '../part10/transfer-syntax.ts';
import { type DicomService, fileOf } from '../service.ts';
import { type Offer, type Representation, representation } from './accept.ts';
import { begun, frameConverter, inTurn, openToConvert, orNotAcceptable } from './convert-frames.ts';
import { type AnswerPart, multipartAnswer, only } from './multipart-answer.ts';
import { instanceOf, notFound } from './scope.ts';

const { explicitLittleEndian } = syntaxes;
const octets = 'application/octet-stream';

const multipart: Offer = {
  form: 'multipart',
  mediaType: octets,
  transferSyntaxes: ['*', explicitLittleEndian],
  fallback: explicitLittleEndian,
};
const compressed = (mediaType: string, fallback: string): Offer => {
  return { form: 'multipart', mediaType, transferSyntaxes: [fallback], fallback };
};
const offers: readonly Offer[] = [
  multipart,
  { ...multipart, form: 'single' },
  compressed('image/jp2', syntaxes.jpeg2000Lossless),
  // Beyond AHDS.
  compressed('image/jphc', syntaxes.htj2kLossless),
  compressed('image/jls', syntaxes.jpegLsLossless),
];
const any: Representation = { form: 'multipart', mediaType: octets, transferSyntax: '*' };

export async function retrieveFrames(call: DicomCall): Promise<Answer> {
  const numbers = frameNumbers(call.params.frames ?? '');
  const wanted = representation(call.headers.get('accept'), { offers, any });
  if (wanted.form === 'single' && numbers.length > 1) {
    throw new DicomError('invalid', 'Several frames come in multipart/related.');
  }
  const instance = await instanceOf(call);
  call.audit.resourceId = instance.key.instance;
  const answer = isServedAs(instance, wanted) ? storedFrames : convertedFrames;
  const { transferSyntax, frames } = await answer(call, instance, { numbers, wanted });
  const contentType = `${wanted.mediaType}; transfer-syntax=${transferSyntax}`;
  if (wanted.form === 'multipart') return multipartAnswer(wanted.mediaType, parts(frames, contentType));
  const first = await frames.next();
  return { status: 200, headers: { 'Content-Type': contentType }, body: first.value ?? '' };
}

async function* parts(frames: AsyncIterable<FrameContent>, contentType: string): AsyncGenerator<AnswerPart> {
  for await (const content of frames) yield { contentType, content };
}

type FrameContent = AsyncIterable<Uint8Array>;

interface Wanted {
  readonly numbers: readonly number[];
  readonly wanted: Representation;
}

interface Frames {
  readonly transferSyntax: string;
  readonly frames: AsyncGenerator<FrameContent>;
}

async function storedFrames(call: DicomCall, instance: StoredInstance, { numbers, wanted }: Wanted): Promise<Frames> {
  const frames = storedFrameReader(call.service, instance);
  checkRange(frames, numbers);
  const transferSyntax = wanted.transferSyntax === '*' ? instance.transferSyntax : wanted.transferSyntax;
  return { transferSyntax, frames: contentsOf(frames, numbers) };
}

async function* contentsOf(frames: FrameReader, numbers: readonly number[]): AsyncGenerator<FrameContent> {
  for (const number of numbers) yield frames.read(number - 1);
}

/** The first is made before this resolves. */
function convertedFrames(call: DicomCall, instance: StoredInstance, { numbers, wanted }: Wanted): Promise<Frames> {
  return orNotAcceptable(async () => {
    const { transferSyntax } = wanted;
    const file = await openToConvert(call, instance);
    checkRange(file.frames, numbers);
    const isNative = transferSyntax === explicitLittleEndian;
    // Native to native changes the order of bytes at most.
    if (isNative && file.pixelData?.kind === 'native')
      return { transferSyntax, frames: contentsOf(file.frames, numbers) };
    const target: Target = isNative ? { kind: 'native' } : { kind: 'encoded', syntax: transferSyntax };
    const convert = frameConverter(call, file, target);
    const contents = inTurn(numbers, async (number) => only((await convert(number - 1)).bytes));
    return { transferSyntax, frames: await begun(contents) };
  });
}

function checkRange(frames: FrameReader | undefined, numbers: readonly number[]): asserts frames is FrameReader {
  if (!frames || numbers.some((number) => number > frames.count)) throw notFound();
}

/** Native little-endian frames are the same bytes whether the VRs are written or not. */
function isServedAs({ transferSyntax }: StoredInstance, wanted: Representation): boolean {
  if (wanted.transferSyntax === '*' || wanted.transferSyntax === transferSyntax) return true;
  const { encapsulated, littleEndian, deflated } = syntaxOf(transferSyntax);
  return wanted.transferSyntax === explicitLittleEndian && !encapsulated && littleEndian && !deflated;
}

const mostFrames = 10_000;

/** `1,3,3`: from 1 on, in any order, as often as wanted. */
function frameNumbers(text: string): number[] {
  const parts = text.split(',');
  if (parts.length > mostFrames) throw new DicomError('invalid', `A request has at most ${mostFrames} frames.`);
  return parts.map((part) => {
    const number = /^\d{1,9}$/.test(part) ? Number(part) : 0;
    if (number < 1) throw new DicomError('invalid', 'Frames are numbers from 1 on, separated by commas.');
    return number;
  });
}

/** Undefined where the instance has no frames, or it is not known where they are. */
function storedFrameReader({ blobs }: DicomService, { version, frames }: StoredInstance): FrameReader | undefined {
  if (!frames) return undefined;
  const read: ReadRange = async function* (range) {
    const part = await blobs.read(fileOf(version), range);
    if (!part) throw notFound();
    yield* part.content;
  };
  return frameReader(JSON.parse(Buffer.from(frames).toString()) as FrameIndex, read);
}
