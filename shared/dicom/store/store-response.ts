/** The answer to a store request: a data set that names every instance. Source: DICOM PS3.18, 10.5.3; AHDS for its form. */
import { attributes } from '../attributes.ts';
import type { DicomJson, DicomJsonElement } from '../json/dicom-json.ts';
import { type Tag, tagText } from '../part10/data-set.ts';
import type { InstanceResult } from './instance-result.ts';
import type { DicomVersion } from './validate-instance.ts';

export interface StoreResponse {
  readonly status: 200 | 202 | 204 | 409;
  /** Absent with 204. */
  readonly dataSet?: DicomJson;
  /** Some indexed attribute has more values than the first, which alone counts. */
  readonly severalValues: boolean;
}

/** `studies` is the absolute address of the service's studies; `study` the one in the request's address. */
export function storeResponse(
  results: readonly InstanceResult[],
  { studies, study, version }: { studies: string; study: string | undefined; version: DicomVersion },
): StoreResponse {
  const stored = results.filter((result) => result.kind === 'stored');
  const failed = results.filter((result) => result.kind === 'failed');
  if (results.length === 0) return { status: 204, severalValues: false };
  return {
    status: statusOf(stored, failed.length, version),
    severalValues: stored.some(({ severalValues }) => severalValues),
    dataSet: dataSetOf([
      study !== undefined && stored.length > 0 && [attributes.retrieveUrl, text('UR', `${studies}/${study}`)],
      failed.length > 0 && [attributes.failedSopSequence, sequence(failed.map(failedItem))],
      stored.length > 0 && [
        attributes.referencedSopSequence,
        sequence(stored.map((result) => storedItem(result, studies, version))),
      ],
    ]),
  };
}

type Stored = Extract<InstanceResult, { kind: 'stored' }>;
type Failed = Extract<InstanceResult, { kind: 'failed' }>;
type Entry = readonly [Tag, DicomJsonElement];

/** v2: a warning makes it 202; v1 does not look at warnings. */
function statusOf(stored: readonly Stored[], failed: number, version: DicomVersion): 200 | 202 | 409 {
  if (stored.length === 0) return 409;
  const warned = version === 2 && stored.some(({ warning }) => warning !== undefined);
  return failed > 0 || warned ? 202 : 200;
}

function storedItem({ key, sopClass, sopInstance, warning, comments }: Stored, studies: string, version: DicomVersion) {
  const url = `${studies}/${key.study}/series/${key.series}/instances/${key.instance}`;
  return dataSetOf([
    [attributes.referencedSopClassUid, text('UI', sopClass)],
    [attributes.referencedSopInstanceUid, text('UI', sopInstance)],
    [attributes.retrieveUrl, text('UR', url)],
    warning !== undefined && [attributes.warningReason, number(warning)],
    version === 2 && [attributes.failedAttributesSequence, sequence(comments.map(commentItem))],
  ]);
}

function failedItem({ sopClass, sopInstance, reason, comments }: Failed): DicomJson {
  return dataSetOf([
    [attributes.failureReason, number(reason)],
    sopClass !== undefined && sopClass !== '' && [attributes.referencedSopClassUid, text('UI', sopClass)],
    sopInstance !== undefined && sopInstance !== '' && [attributes.referencedSopInstanceUid, text('UI', sopInstance)],
    comments.length > 0 && [attributes.failedAttributesSequence, sequence(comments.map(commentItem))],
  ]);
}

function commentItem(comment: string): DicomJson {
  return dataSetOf([[attributes.errorComment, text('LO', comment)]]);
}

/** In the order of tags. */
function dataSetOf(entries: readonly (Entry | false)[]): DicomJson {
  const present = entries.filter((entry) => entry !== false).toSorted(([one], [other]) => one - other);
  return Object.fromEntries(present.map(([tag, element]) => [tagText(tag), element]));
}

function text(vr: string, value: string): DicomJsonElement {
  return { vr, Value: [value] };
}

function number(value: number): DicomJsonElement {
  return { vr: 'US', Value: [value] };
}

function sequence(items: readonly DicomJson[]): DicomJsonElement {
  return items.length === 0 ? { vr: 'SQ' } : { vr: 'SQ', Value: items };
}
