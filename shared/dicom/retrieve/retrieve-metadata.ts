/** WADO-RS metadata: the data sets without their binary values. Source: DICOM PS3.18, 10.4.1.1.2; AHDS for its ETags. */
import type { Answer } from '../../operations/operation.ts';
import type { InstanceScope } from '../../stores/imaging/imaging-index.ts';
import type { DicomCall } from '../call.ts';
import { checkAcceptsJson } from '../media-type.ts';
import type { DicomService } from '../service.ts';
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
    body: arrayOf(call.service, scope),
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

async function* arrayOf({ index }: DicomService, scope: InstanceScope): AsyncGenerator<Uint8Array> {
  let [after, opening] = [0, '['];
  for (;;) {
    const page = await index.metadata(scope, pageSize, after);
    for (const { metadata, version } of page) {
      yield Buffer.from(opening);
      yield metadata;
      [after, opening] = [version, ','];
    }
    if (page.length < pageSize) break;
  }
  yield Buffer.from(opening === '[' ? '[]' : ']');
}
