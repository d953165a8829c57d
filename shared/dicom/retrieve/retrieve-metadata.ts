/**
 * WADO-RS metadata: the data sets without their binary values. Source: DICOM PS3.18, 10.4.1.1.2; AHDS for its ETags. AHDS
 * differs: it has no XML, which is 406 there.
 */
import type { Answer } from '../../operations/operation.ts';
import { pieces } from '../../operations/response-body.ts';
import type { InstanceMetadata, InstanceScope } from '../../stores/imaging/imaging-index.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import type { DicomJson } from '../json/dicom-json.ts';
import { checkAcceptsJson, coversJson } from '../media-type.ts';
import { Part10Error } from '../part10/part10-error.ts';
import { acceptEntries } from './accept.ts';
import { type AnswerPart, multipartAnswer, only } from './multipart-answer.ts';
import { notFound, scopeOf } from './scope.ts';

const xmlType = 'application/dicom+xml';

/** Data sets that are read at a time. */
const pageSize = 50;

export async function retrieveMetadata(call: DicomCall): Promise<Answer> {
  const asXml = wantsXml(call.headers.get('accept'));
  if (!asXml) checkAcceptsJson(call.headers.get('accept'));
  const scope = scopeOf(call);
  const { count, version } = await call.service.index.stamp(scope);
  if (count === 0) throw notFound();
  call.audit.resourceId = scope.study ?? '';
  const ofJson = scope.instance === undefined ? `${version}-${count}` : String(version);
  const tag = asXml ? `${ofJson}-xml` : ofJson;
  if (isKnown(call.headers.get('if-none-match'), tag)) return { status: 304 };
  const ETag = `"${tag}"`;
  if (asXml) {
    const answer = multipartAnswer(xmlType, xmlParts(call, scope));
    return { ...answer, headers: { ...answer.headers, ETag } };
  }
  return {
    status: 200,
    headers: { 'Content-Type': 'application/dicom+json', ETag },
    body: arrayOf(call, scope),
  };
}

/** Only who asks for XML by name, and for JSON with less weight or later, gets XML. */
function wantsXml(accept: string | null): boolean {
  for (const { form, mediaType } of acceptEntries(accept)) {
    if (form === 'multipart' && mediaType === xmlType) return true;
    if (form === 'single' && coversJson(mediaType)) return false;
  }
  return false;
}

/** AHDS sends bare tags; quoted and weak ones are taken too. */
function isKnown(header: string | null, tag: string): boolean {
  return (header ?? '').split(',').some(
    (entry) =>
      entry
        .trim()
        .replace(/^W\//i, '')
        .replace(/^"(.*)"$/, '$1') === tag,
  );
}

async function* arrayOf(call: DicomCall, scope: InstanceScope): AsyncGenerator<Uint8Array> {
  let opening = Buffer.from('[');
  for await (const dataSets of pagesOf(call, scope)) {
    const chunks = dataSets.flatMap((metadata, at) => [at === 0 ? opening : comma, metadata]);
    yield* pieces(chunks);
    opening = comma;
  }
  yield Buffer.from(opening === comma ? ']' : '[]');
}

const comma = Buffer.from(',');

async function* xmlParts(call: DicomCall, scope: InstanceScope): AsyncGenerator<AnswerPart> {
  const { nativeDicomModel } = await import('../xml/native-dicom-model.ts');
  for await (const dataSets of pagesOf(call, scope)) {
    for (const metadata of dataSets) {
      const json = JSON.parse(Buffer.from(metadata).toString()) as DicomJson;
      yield { contentType: xmlType, content: only(Buffer.from(nativeDicomModel(json))) };
    }
  }
}

/** DICOM JSON as it is stored, of some instances after others. */
async function* pagesOf(call: DicomCall, scope: InstanceScope): AsyncGenerator<readonly Uint8Array[]> {
  const { index, settings } = call.service;
  let after = 0;
  for (;;) {
    const page = await index.metadata(scope, pageSize, after);
    const last = page.at(-1);
    if (!last) return;
    if (settings.bulkData) for (const one of page) yield [await withUris(call, scope, one)];
    else yield page.map(({ metadata }) => metadata);
    if (page.length < pageSize) return;
    after = last.version;
  }
}

/** An instance that was taken away meanwhile, or whose file is not opened, has no values to point at. */
async function withUris(
  call: DicomCall,
  scope: InstanceScope,
  { metadata, version }: InstanceMetadata,
): Promise<Uint8Array> {
  const [instance] = await call.service.index.instances(scope, 1, version - 1);
  if (instance?.version !== version) return metadata;
  const { withBulkData } = await import('./retrieve-bulk-data.ts');
  return withBulkData(call, instance, metadata).catch((error: unknown) => {
    if (error instanceof Part10Error || error instanceof DicomError) return metadata;
    throw error;
  });
}
