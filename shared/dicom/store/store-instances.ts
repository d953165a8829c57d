/** STOW-RS: `POST` and `PUT /studies`, `/studies/{study}`. Source: DICOM PS3.18, 10.5; statuses and forms as AHDS has them. */
import { UserError } from '../../operations/errors.ts';
import type { Answer, AuditEntry } from '../../operations/operation.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import { checkAcceptsJson } from '../media-type.ts';
import { isUid, uidIn } from '../uid.ts';
import { warningHeader } from '../warning.ts';
import { failureReasons, type InstanceResult } from './instance-result.ts';
import { multipartRelated } from './multipart-related.ts';
import { ReadAhead } from './read-ahead.ts';
import { type StoreRequest, storeInstance } from './store-instance.ts';
import { storeResponse } from './store-response.ts';
import { Turns } from './turns.ts';

export async function storeInstances(call: DicomCall): Promise<Answer> {
  checkAcceptsJson(call.headers.get('accept'));
  const study = call.params.study === undefined ? undefined : uidIn(call.params.study, 'study');
  const { version, studies } = call;
  const request = {
    service: call.service,
    partition: call.partition,
    study,
    version,
    replace: call.method === 'PUT',
  };
  const results = await storeAll(request, instancesIn(call));
  call.audit.entries = results.map(auditEntry);
  const { status, dataSet, severalValues } = storeResponse(results, { studies, study, version });
  if (!dataSet) return { status };
  return {
    status,
    headers: {
      'Content-Type': 'application/dicom+json',
      ...(severalValues && warningHeader(call, severalValuesText)),
    },
    body: JSON.stringify(dataSet),
  };
}

const severalValuesText = 'An indexed attribute has several values; only the first is indexed.';

/** Small instances of a request that are stored at the same time: they share waits for the disk. */
const mostAtOnce = 8;

async function storeAll(
  request: Omit<StoreRequest, 'turn'>,
  contents: AsyncIterable<AsyncIterable<Uint8Array>>,
): Promise<InstanceResult[]> {
  const turns = new Turns();
  const results: Promise<InstanceResult>[] = [];
  try {
    for await (const content of contents) {
      const file = new ReadAhead(content);
      const result = storeOne({ ...request, turn: turns.next() }, file);
      result.catch(() => {});
      results.push(result);
      // One that is not whole in memory must be read to its end before the next part comes.
      await ((await file.isWhole()) ? results.at(-mostAtOnce) : result);
    }
    return await Promise.all(results);
  } finally {
    await Promise.allSettled(results);
  }
}

/** A part that breaks off is an instance that failed; what breaks the whole request does so. */
async function storeOne(request: StoreRequest, file: ReadAhead): Promise<InstanceResult> {
  try {
    return await storeInstance(request, file);
  } catch (error) {
    if (!(error instanceof PartEnded)) throw error;
    return { kind: 'failed', reason: failureReasons.processing, comments: [] };
  } finally {
    request.turn.pass();
  }
}

/** A part ended before its boundary came. */
class PartEnded extends Error {}

/** The files of the body, one after the other. */
async function* instancesIn(call: DicomCall): AsyncGenerator<AsyncIterable<Uint8Array>> {
  const { type, parameters } = contentType(call.headers.get('content-type') ?? '');
  const body = call.stream ?? ReadableStream.from<Uint8Array>([]);
  if (type === 'application/dicom' && parameters.size === 0) {
    yield body;
    return;
  }
  const boundary = parameters.get('boundary') ?? '';
  if (type !== 'multipart/related' || boundary === '') throw unsupported();
  if (parameters.has('start'))
    throw new DicomError('invalid', 'The parameter start of multipart/related is not supported.');
  let ofFirst = parameters.get('type')?.toLowerCase() ?? '';
  for await (const { contentType: own, content } of multipartRelated(body, boundary)) {
    const partType = own === '' ? ofFirst : own;
    ofFirst = '';
    if (partType !== 'application/dicom') throw unsupported();
    yield partContent(content);
  }
}

async function* partContent(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* content;
  } catch (error) {
    throw error instanceof UserError ? error : new PartEnded();
  }
}

function unsupported(): DicomError {
  return new DicomError('media-type', 'The body must be application/dicom, alone or in multipart/related.');
}

function contentType(header: string): { type: string; parameters: ReadonlyMap<string, string> } {
  const [type = '', ...rest] = header.split(';');
  const parameters = new Map<string, string>();
  for (const text of rest) {
    const [name = '', ...value] = text.split('=');
    if (name.trim() !== '')
      parameters.set(
        name.trim().toLowerCase(),
        value
          .join('=')
          .trim()
          .replace(/^"(.*)"$/, '$1'),
      );
  }
  return { type: type.trim().toLowerCase(), parameters };
}

function auditEntry(result: InstanceResult): AuditEntry {
  const uid = result.sopInstance ?? '';
  const outcome = result.kind === 'stored' ? 'stored' : `failed ${result.reason}`;
  return { interaction: 'store-instance', resourceId: isUid(uid) ? uid : undefined, outcome };
}
