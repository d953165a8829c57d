/** Create workitem: `POST /workitems?{uid}`. Source: DICOM PS3.18, 11.4; statuses and what the service adds as in AHDS. */
import type { Answer } from '../../operations/operation.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import type { DicomJson } from '../json/dicom-json.ts';
import { element, firstText, hasValue } from '../json/element-values.ts';
import { checkAcceptsJson } from '../media-type.ts';
import { isUid } from '../uid.ts';
import { checkAttributes } from './attribute-rules.ts';
import { createRules } from './create-rules.ts';
import { modifiedAt, newWorkitem } from './workitem.ts';
import { uidInQuery, workitemBody } from './workitem-body.ts';
import { eventsOf } from './workitem-events.ts';
import { workitemTags } from './workitem-tags.ts';

const unifiedProcedureStepPush = '1.2.840.10008.5.1.4.34.6.1';

export async function createWorkitem(call: DicomCall): Promise<Answer> {
  checkAcceptsJson(call.headers.get('accept'));
  const body = workitemBody(call);
  const uid = workitemUid(uidInQuery(call), firstText(body, workitemTags.sopInstanceUid));
  const label = body[workitemTags.worklistLabel];
  const created: DicomJson = {
    ...body,
    [workitemTags.sopClassUid]: element('UI', unifiedProcedureStepPush),
    [workitemTags.sopInstanceUid]: element('UI', uid),
    [workitemTags.procedureStepState]: element('CS', 'SCHEDULED'),
    [workitemTags.worklistLabel]: label && hasValue(label) ? label : element('LO', 'worklist'),
    ...modifiedAt(call.service.now()),
  };
  checkAttributes(created, createRules);
  const { [workitemTags.transactionUid]: _, ...dataSet } = created;
  call.audit.resourceId = uid;
  const workitem = newWorkitem({ partition: call.partition, uid }, dataSet, eventsOf(undefined, dataSet));
  if (!(await call.service.worklist.create(workitem))) {
    throw new DicomError('conflict', '0111: There is a workitem of this UID already.');
  }
  const url = `${call.workitems}/${uid}`;
  return { status: 201, headers: { Location: url, 'Content-Location': url } };
}

/** One of the two must say it; both must say the same. */
function workitemUid(inQuery: string | undefined, inBody: string): string {
  if (inQuery !== undefined && inBody !== '' && inQuery !== inBody) {
    throw new DicomError('invalid', 'The UIDs of the address and of the body are not the same.');
  }
  const uid = inQuery ?? inBody;
  if (isUid(uid)) return uid;
  throw new DicomError('invalid', 'The query or SOPInstanceUID must give the UID of the workitem.');
}
