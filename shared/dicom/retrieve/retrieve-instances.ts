/** WADO-RS, whole instances of a study, a series, or one. Source: DICOM PS3.18, 10.4.1.1.1; AHDS for what it accepts. */
import type { Answer } from '../../operations/operation.ts';
import type { StoredInstance } from '../../stores/imaging/imaging-index.ts';
import type { DicomCall } from '../call.ts';
import { syntaxes } from '../codecs/syntaxes.ts';
import { DicomError } from '../errors.ts';
import type { ByteRange } from '../part10/frame-index.ts';
import { type DicomService, fileOf } from '../service.ts';
import { type Offer, type Representation, representation } from './accept.ts';
import { convertedTo } from './convert-frames.ts';
import { type AnswerPart, multipartAnswer, only } from './multipart-answer.ts';
import { rangedAnswer } from './ranged-answer.ts';
import { notFound, scopeOf } from './scope.ts';

const mediaType = 'application/dicom';
const transferSyntaxes = ['*', ...convertedTo];

const multipart: Offer = { form: 'multipart', mediaType, transferSyntaxes, fallback: syntaxes.explicitLittleEndian };
const single: Offer = { ...multipart, form: 'single' };
const any = { form: 'multipart', mediaType, transferSyntax: '*' } as const;

/** Instances that are looked up at a time. */
const pageSize = 100;

export async function retrieveInstances(call: DicomCall): Promise<Answer> {
  const scope = scopeOf(call);
  const offers = scope.instance === undefined ? [multipart] : [multipart, single];
  const { form, transferSyntax } = representation(call.headers.get('accept'), { offers, any });
  const [first, second] = await call.service.index.instances(scope, 2);
  if (!first) throw notFound();
  call.audit.resourceId = first.key.study;
  if (transferSyntax !== '*') {
    if (second)
      throw new DicomError('not-acceptable', 'Several instances are had as they are stored: transfer-syntax=*.');
    if (first.transferSyntax !== transferSyntax) return convertedAnswer(call, first, { form, transferSyntax });
  }
  if (form === 'multipart') return multipartAnswer(mediaType, parts(call, scope));
  return rangedAnswer(call.headers, {
    contentType: `${mediaType}; transfer-syntax=${first.transferSyntax}`,
    length: first.length,
    read: async (range) => (await partOf(call.service, first, range)).content,
  });
}

async function convertedAnswer(
  call: DicomCall,
  instance: StoredInstance,
  { form, transferSyntax }: Pick<Representation, 'form' | 'transferSyntax'>,
): Promise<Answer> {
  const { transcoded } = await import('./transcode-instance.ts');
  const content = await transcoded(call, instance, transferSyntax);
  const contentType = `${mediaType}; transfer-syntax=${transferSyntax}`;
  if (form === 'single') return { status: 200, headers: { 'Content-Type': contentType }, body: content };
  return multipartAnswer(mediaType, only({ contentType, content }));
}

async function* parts(call: DicomCall, scope: ReturnType<typeof scopeOf>): AsyncGenerator<AnswerPart> {
  const { index } = call.service;
  let after = 0;
  for (;;) {
    const page = await index.instances(scope, pageSize, after);
    for (const instance of page) {
      // One that was removed meanwhile is left out.
      const part = await partOf(call.service, instance).catch(absent);
      if (part) yield part;
    }
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = last.version;
  }
}

async function partOf(
  { blobs }: DicomService,
  { version, transferSyntax }: StoredInstance,
  range?: ByteRange,
): Promise<AnswerPart> {
  const file = await blobs.read(fileOf(version), range);
  if (!file) throw notFound();
  return { contentType: `${mediaType}; transfer-syntax=${transferSyntax}`, content: file.content };
}

function absent(error: unknown): undefined {
  if (!(error instanceof DicomError)) throw error;
}
