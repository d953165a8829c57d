/**
 * Binary values by the URIs that metadata gives where the service has `"bulkData": true`: of the top level of a data set, by
 * tag. Source: DICOM PS3.18, 10.4.1.1.5 and F.2.2. AHDS differs: it leaves out binary values and has no such resource.
 */
import type { Answer } from '../../operations/operation.ts';
import type { StoredInstance } from '../../stores/imaging/imaging-index.ts';
import type { DicomCall } from '../call.ts';
import { syntaxes } from '../codecs/syntaxes.ts';
import { DicomError } from '../errors.ts';
import { type DicomJson, type DicomJsonElement, isBinary } from '../json/dicom-json.ts';
import { type DataElement, tagText } from '../part10/data-set.ts';
import type { FrameReader } from '../part10/frame-reader.ts';
import { swapped, swappedChunks, wordBytesOf } from '../part10/swap-bytes.ts';
import { type Offer, representation } from './accept.ts';
import { orNotAcceptable } from './convert-frames.ts';
import { type AnswerPart, multipartAnswer, only } from './multipart-answer.ts';
import { type OpenFile, openFile } from './open-file.ts';
import { type Bytes, rangedAnswer } from './ranged-answer.ts';
import { instanceOf, notFound } from './scope.ts';

const mediaType = 'application/octet-stream';
const { explicitLittleEndian } = syntaxes;
const multipart: Offer = {
  form: 'multipart',
  mediaType,
  transferSyntaxes: ['*', explicitLittleEndian],
  fallback: '*',
};
const single: Offer = { ...multipart, form: 'single' };
const any = { form: 'single', mediaType, transferSyntax: '*' } as const;

export async function retrieveBulkData(call: DicomCall): Promise<Answer> {
  const text = call.params.tag ?? '';
  if (!/^[0-9a-f]{8}$/i.test(text)) throw new DicomError('invalid', 'The address must end with a tag, as 7FE00010.');
  const { form } = representation(call.headers.get('accept'), { offers: [single, multipart], any });
  const instance = await instanceOf(call);
  call.audit.resourceId = instance.key.instance;
  return orNotAcceptable(async () => {
    const file = await openFile(call.service, instance);
    const element = file.dataSet.elements.get(Number.parseInt(text, 16));
    if (!element || !isBulk(element)) throw notFound();
    if (element.bulk && file.pixelData?.kind === 'encapsulated' && element.tag === file.pixelData.tag) {
      return encapsulatedAnswer(file, form);
    }
    const bytes = bytesOf(file, element);
    if (form === 'single') return rangedAnswer(call.headers, bytes);
    return multipartAnswer(mediaType, onePart(bytes));
  });
}

/** Compressed frames are parts. */
function encapsulatedAnswer({ frames, syntax }: OpenFile, form: 'single' | 'multipart'): Answer {
  if (!frames) throw notFound();
  if (form === 'single' && frames.count > 1)
    throw new DicomError('not-acceptable', 'Several frames come in multipart/related.');
  const contentType = `${mediaType}; transfer-syntax=${syntax.uid}`;
  if (form === 'single') return { status: 200, headers: { 'Content-Type': contentType }, body: frames.read(0) };
  return multipartAnswer(mediaType, frameParts(frames, contentType));
}

async function* frameParts(frames: FrameReader, contentType: string): AsyncGenerator<AnswerPart> {
  for (let at = 0; at < frames.count; at += 1) yield { contentType, content: frames.read(at) };
}

async function* onePart({ contentType, length, read }: Bytes): AsyncGenerator<AnswerPart> {
  yield { contentType, content: await read({ offset: 0, length }) };
}

/** In little endian; a range of words in big endian is read from the first on. */
function bytesOf({ read, dataSet }: OpenFile, { vr, value, bulk }: DataElement): Bytes {
  const unit = dataSet.littleEndian ? 1 : wordBytesOf(vr);
  const length = value?.length ?? bulk?.length ?? 0;
  return {
    contentType: `${mediaType}; transfer-syntax=${explicitLittleEndian}`,
    length,
    read: async (range) => {
      if (value) return only(swapped(value, unit).subarray(range.offset, range.offset + range.length));
      const from = bulk?.offset ?? 0;
      if (unit === 1) return read({ offset: from + range.offset, length: range.length });
      return partOf(swappedChunks(read({ offset: from, length }), unit), range);
    },
  };
}

async function* partOf(
  chunks: AsyncIterable<Uint8Array>,
  { offset, length }: { readonly offset: number; readonly length: number },
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const chunk of chunks) {
    const part = chunk.subarray(Math.max(0, offset - at), Math.max(0, offset + length - at));
    at += chunk.length;
    if (part.length > 0) yield part;
    if (at >= offset + length) return;
  }
}

function isBulk({ vr, value, bulk }: DataElement): boolean {
  return isBinary(vr) && (bulk !== undefined || (value?.length ?? 0) > 0);
}

/** The metadata with a URI for each binary value of the top level. */
export async function withBulkData(
  call: DicomCall,
  instance: StoredInstance,
  metadata: Uint8Array,
): Promise<Uint8Array> {
  const json = JSON.parse(Buffer.from(metadata).toString()) as DicomJson;
  const { dataSet } = await openFile(call.service, instance);
  const { study, series, instance: uid } = instance.key;
  const base = `${call.studies}/${study}/series/${series}/instances/${uid}/bulkdata`;
  const added = [...dataSet.elements.values()].filter(isBulk).map(({ tag, vr }): [string, DicomJsonElement] => {
    return [tagText(tag), { vr, BulkDataURI: `${base}/${tagText(tag)}` }];
  });
  const elements = [...Object.entries(json), ...added].sort(([one], [other]) => (one < other ? -1 : 1));
  return Buffer.from(`{${elements.map(([tag, element]) => `"${tag}":${JSON.stringify(element)}`).join(',')}}`);
}
