/** WADO-RS, whole instances of a study, a series, or one. Source: DICOM PS3.18, 10.4.1.1.1; AHDS for what it accepts. */
import type { Answer } from '../../operations/operation.ts';
import type { InstanceScope, StoredInstance } from '../../stores/imaging/imaging-index.ts';
import type { DicomCall } from '../call.ts';
import { syntaxes } from '../codecs/syntaxes.ts';
import { DicomError } from '../errors.ts';
import type { ByteRange } from '../part10/frame-index.ts';
import { type DicomService, fileOf } from '../service.ts';
import { type Offer, representation } from './accept.ts';
import { begun, checkConvertible, convertedTo, inTurn } from './convert-frames.ts';
import { type AnswerPart, multipartAnswer } from './multipart-answer.ts';
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
  const [first] = await call.service.index.instances(scope, 1);
  if (!first) throw notFound();
  call.audit.resourceId = first.key.study;
  if (form === 'multipart') {
    if (transferSyntax === '*') return multipartAnswer(mediaType, storedParts(call, scope));
    return multipartAnswer(mediaType, await convertedParts(call, scope, transferSyntax));
  }
  const contentType = typeIn(transferSyntax === '*' ? first.transferSyntax : transferSyntax);
  if (isIn(first, transferSyntax)) {
    const read = async (range: ByteRange) => (await partOf(call.service, first, range)).content;
    return rangedAnswer(call.headers, { contentType, length: first.length, read });
  }
  const { transcoded } = await import('./transcode-instance.ts');
  return { status: 200, headers: { 'Content-Type': contentType }, body: await transcoded(call, first, transferSyntax) };
}

async function* storedParts(call: DicomCall, scope: InstanceScope): AsyncGenerator<AnswerPart> {
  for await (const instance of instancesIn(call, scope)) {
    const part = await partOf(call.service, instance).catch(absent);
    if (part) yield part;
  }
}

/**
 * AHDS differs: it converts one instance at most. Those whose transfer syntax or length tell that they are not converted,
 * and a first one that fails, make the whole answer 406. A later one that fails ends the connection.
 */
async function convertedParts(
  call: DicomCall,
  scope: InstanceScope,
  transferSyntax: string,
): Promise<AsyncIterable<AnswerPart>> {
  const { transcoded } = await import('./transcode-instance.ts');
  for await (const instance of instancesIn(call, scope)) {
    if (!isIn(instance, transferSyntax)) checkConvertible(instance);
  }
  const made = inTurn(instancesIn(call, scope), async (instance) => {
    if (isIn(instance, transferSyntax)) return { instance };
    return { content: await transcoded(call, instance, transferSyntax).catch(absent) };
  });
  const parts = async function* (): AsyncGenerator<AnswerPart> {
    for await (const { instance, content } of made) {
      const stored = instance && (await partOf(call.service, instance).catch(absent));
      const part = stored ?? (content && { contentType: typeIn(transferSyntax), content });
      if (part) yield part;
    }
  };
  return begun(parts());
}

function isIn(instance: StoredInstance, transferSyntax: string): boolean {
  return transferSyntax === '*' || transferSyntax === instance.transferSyntax;
}

function typeIn(transferSyntax: string): string {
  return `${mediaType}; transfer-syntax=${transferSyntax}`;
}

async function* instancesIn({ service }: DicomCall, scope: InstanceScope): AsyncGenerator<StoredInstance> {
  let after = 0;
  for (;;) {
    const page = await service.index.instances(scope, pageSize, after);
    yield* page;
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
  return { contentType: typeIn(transferSyntax), content: file.content };
}

/** An instance that was removed meanwhile is left out. */
function absent(error: unknown): undefined {
  if (!(error instanceof DicomError && error.code === 'not-found')) throw error;
}
