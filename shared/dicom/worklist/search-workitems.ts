/**
 * Search for workitems: 200, or 204 when there is none. Source: DICOM PS3.18, 11.9; AHDS for what answers show. AHDS's 206
 * stands for workitems that are found and then not readable; here both are one.
 */
import type { Answer } from '../../operations/operation.ts';
import type { DicomCall } from '../call.ts';
import type { DicomJson } from '../json/dicom-json.ts';
import { checkAcceptsJson } from '../media-type.ts';
import { workitemSearch } from './search-request.ts';
import { shownTags } from './workitem-attributes.ts';

export async function searchWorkitems(call: DicomCall): Promise<Answer> {
  checkAcceptsJson(call.headers.get('accept'));
  const { filters, limit, offset, included, includeAll } = workitemSearch(call.url.searchParams);
  const found = await call.service.worklist.search(call.partition, filters, limit, offset);
  if (found.length === 0) return { status: 204 };
  const shown = (bytes: Uint8Array) => (includeAll ? bytes : showing(bytes, included));
  return {
    status: 200,
    headers: { 'Content-Type': 'application/dicom+json' },
    body: found
      .flatMap(({ dataSet }, at) => [Buffer.from(at === 0 ? '[' : ','), shown(dataSet)])
      .concat(Buffer.from(']')),
  };
}

function showing(bytes: Uint8Array, included: ReadonlySet<string>): Uint8Array {
  const dataSet = JSON.parse(Buffer.from(bytes).toString()) as DicomJson;
  const shown = Object.entries(dataSet).filter(([tag]) => shownTags.has(tag) || included.has(tag));
  return Buffer.from(JSON.stringify(Object.fromEntries(shown)));
}
