/** Retrieve workitem: one data set, without its transaction UID. Source: DICOM PS3.18, 11.5. */
import type { Answer } from '../../operations/operation.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import { checkAcceptsJson } from '../media-type.ts';
import { stateText } from './procedure-step-state.ts';
import { workitemKey } from './workitem.ts';

export async function retrieveWorkitem(call: DicomCall): Promise<Answer> {
  checkAcceptsJson(call.headers.get('accept'));
  const stored = await call.service.worklist.read(workitemKey(call));
  if (!stored) throw new DicomError('not-found', stateText('C307'));
  return { status: 200, headers: { 'Content-Type': 'application/dicom+json' }, body: stored.dataSet };
}
