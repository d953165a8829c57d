/** WADO-RS frames, read by range from the file. Source: DICOM PS3.18, 10.4.1.1.3; AHDS for what it accepts. */
import type { Answer } from '../../operations/operation.ts';
import type { StoredInstance } from '../../stores/imaging/imaging-index.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import type { ByteRange, FrameIndex } from '../part10/frame-index.ts';
import { transferSyntax as syntaxOf } from '../part10/transfer-syntax.ts';
import { type DicomService, fileOf } from '../service.ts';
import { type Offer, type Representation, representation } from './accept.ts';
import { type AnswerPart, multipartAnswer } from './multipart-answer.ts';
import { noTranscoding } from './retrieve-instances.ts';
import { instanceOf, notFound } from './scope.ts';

const explicitLittleEndian = '1.2.840.10008.1.2.1';
const jpeg2000Lossless = '1.2.840.10008.1.2.4.90';
const octets = 'application/octet-stream';

const multipart: Offer = {
  form: 'multipart',
  mediaType: octets,
  transferSyntaxes: ['*', explicitLittleEndian],
  fallback: explicitLittleEndian,
};
const offers: readonly Offer[] = [
  multipart,
  { ...multipart, form: 'single' },
  { form: 'multipart', mediaType: 'image/jp2', transferSyntaxes: [jpeg2000Lossless], fallback: jpeg2000Lossless },
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
  const frames = frameReader(call.service, instance);
  if (!frames || numbers.some((number) => number > frames.count)) throw notFound();
  if (!isServedAs(instance, wanted)) throw noTranscoding();
  const contentType = `${wanted.mediaType}; transfer-syntax=${instance.transferSyntax}`;
  const part = (number: number): AnswerPart => ({ contentType, content: frames.read(number - 1) });
  const [first = 1] = numbers;
  if (wanted.form === 'single')
    return { status: 200, headers: { 'Content-Type': contentType }, body: part(first).content };
  return multipartAnswer(wanted.mediaType, each(numbers, part));
}

async function* each(numbers: readonly number[], part: (number: number) => AnswerPart): AsyncGenerator<AnswerPart> {
  for (const number of numbers) yield part(number);
}

/** Native little-endian frames are the same bytes whether the VRs are written or not. */
function isServedAs({ transferSyntax }: StoredInstance, wanted: Representation): boolean {
  if (wanted.transferSyntax === '*' || wanted.transferSyntax === transferSyntax) return true;
  const { encapsulated, littleEndian } = syntaxOf(transferSyntax);
  return wanted.transferSyntax === explicitLittleEndian && !encapsulated && littleEndian;
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

export interface FrameReader {
  readonly count: number;
  /** Frame 0 is the first. */
  read(frame: number): AsyncIterable<Uint8Array>;
}

/** Undefined where the instance has no frames, or it is not known where they are. */
export function frameReader({ blobs }: DicomService, { version, frames }: StoredInstance): FrameReader | undefined {
  if (!frames) return undefined;
  const index = JSON.parse(Buffer.from(frames).toString()) as FrameIndex;
  const file = fileOf(version);
  const bytes = async function* (ranges: readonly ByteRange[]): AsyncGenerator<Uint8Array> {
    for (const range of ranges) {
      const part = await blobs.read(file, range);
      if (!part) throw notFound();
      yield* part.content;
    }
  };
  if (index.kind === 'fragments') {
    return { count: index.frames.length, read: (frame) => bytes(index.frames[frame] ?? []) };
  }
  const { offset, frameBits, count } = index;
  if (frameBits % 8 === 0) {
    const length = frameBits / 8;
    return { count, read: (frame) => bytes([{ offset: offset + frame * length, length }]) };
  }
  return {
    count,
    read: async function* (frame) {
      const from = frame * frameBits;
      const start = Math.floor(from / 8);
      const end = Math.ceil((from + frameBits) / 8);
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes([{ offset: offset + start, length: end - start }])) chunks.push(chunk);
      yield shifted(Buffer.concat(chunks), from % 8, frameBits);
    },
  };
}

/** Single bits are packed from the lowest bit of a byte on (PS3.5, 8.1.1): the frame's first bit becomes bit 0. */
function shifted(bytes: Uint8Array, by: number, bits: number): Uint8Array {
  const frame = new Uint8Array(Math.ceil(bits / 8));
  for (let at = 0; at < frame.length; at += 1) {
    frame[at] = ((bytes[at] ?? 0) >> by) | (((bytes[at + 1] ?? 0) << (8 - by)) & 0xff);
  }
  const over = frame.length * 8 - bits;
  const last = frame.length - 1;
  frame[last] = (frame[last] ?? 0) & (0xff >> over);
  return frame;
}
