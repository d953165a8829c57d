/** WADO-RS metadata: the data sets without their binary values. Source: DICOM PS3.18, 10.4.1.1.2; AHDS for its ETags. */
import type { Answer } from '../../operations/operation.ts';
import type { InstanceMetadata, InstanceScope } from '../../stores/imaging/imaging-index.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import { checkAcceptsJson } from '../media-type.ts';
import { Part10Error } from '../part10/part10-error.ts';
import { notFound, scopeOf } from './scope.ts';

/** Data sets that are read at a time. */
const pageSize = 50;

export async function retrieveMetadata(call: DicomCall): Promise<Answer> {
  checkAcceptsJson(call.headers.get('accept'));
  const scope = scopeOf(call);
  const { count, version } = await call.service.index.stamp(scope);
  if (count === 0) throw notFound();
  call.audit.resourceId = scope.study ?? '';
  const tag = scope.instance === undefined ? `${version}-${count}` : String(version);
  if (isKnown(call.headers.get('if-none-match'), tag)) return { status: 304 };
  return {
    status: 200,
    headers: { 'Content-Type': 'application/dicom+json', ETag: `"${tag}"` },
    body: arrayOf(call, scope),
  };
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
  const { index, settings } = call.service;
  let [after, opening] = [0, '['];
  for (;;) {
    const page = await index.metadata(scope, pageSize, after);
    for (const { metadata, version } of page) {
      yield Buffer.from(opening);
      yield settings.bulkData ? await withUris(call, scope, { metadata, version }) : metadata;
      [after, opening] = [version, ','];
    }
    if (page.length < pageSize) break;
  }
  yield Buffer.from(opening === '[' ? '[]' : ']');
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
