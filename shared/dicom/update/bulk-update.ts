/**
 * `POST /studies/$bulkUpdate`: attributes of the patient and the order are changed in all instances of up to 50 studies, by a
 * job. Source: AHDS, bulk update; v2 only.
 */
import type { Answer } from '../../operations/operation.ts';
import { attributes } from '../attributes.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import { operationLink } from '../jobs/operation-link.ts';
import { operationRuns, startOperation } from '../jobs/start-operation.ts';
import { jsonBody, objectIn } from '../json-body.ts';
import { tagText } from '../part10/data-set.ts';
import { isUid } from '../uid.ts';
import { changeSet } from './change-set.ts';
import { type UpdateDefinition, updateKind } from './update-definition.ts';

const mostStudies = 50;

export async function bulkUpdate(call: DicomCall): Promise<Answer> {
  if (call.version === 1) throw new DicomError('not-found', 'Bulk update is there from version 2 of the API on.');
  const body = objectIn(jsonBody(call));
  const studies = studiesIn(body.get('studyinstanceuids'));
  const dataSet = objectOrUndefined(body.get('changedataset'));
  if (!dataSet || Object.keys(dataSet).length === 0) throw new DicomError('invalid', 'changeDataset is required.');
  const { changes, failures } = changeSet(dataSet);
  if (failures.length > 0) return refused(failures);
  const active = await call.service.jobs.active(updateKind);
  if (active) throw operationRuns(operationLink(call, active.id).href);
  const definition: UpdateDefinition = { partition: call.partition, studies, changes };
  return startOperation(call, updateKind, { ...definition });
}

function studiesIn(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > mostStudies) {
    throw new DicomError('invalid', `studyInstanceUids must have 1 to ${mostStudies} UIDs.`);
  }
  if (!value.every((uid) => typeof uid === 'string' && isUid(uid))) {
    throw new DicomError('invalid', 'An entry of studyInstanceUids is not a UID.');
  }
  return [...new Set(value as string[])];
}

function objectOrUndefined(value: unknown): object | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

/** AHDS: a data set that says what is wrong. */
function refused(comments: readonly string[]): Answer {
  const Value = comments.map((text) => ({ [tagText(attributes.errorComment)]: { vr: 'LO', Value: [text] } }));
  return {
    status: 400,
    headers: { 'Content-Type': 'application/dicom+json' },
    body: JSON.stringify({ [tagText(attributes.failedAttributesSequence)]: { vr: 'SQ', Value } }),
  };
}
