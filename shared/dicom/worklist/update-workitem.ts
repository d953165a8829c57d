/**
 * Update workitem: `POST /workitems/{uid}?{transactionUid}`. Attributes of the body take the place of the workitem's, whole
 * sequences too. Source: DICOM PS3.18, 11.6; AHDS for statuses. AHDS differs: a workitem that is not there is 400.
 */
import type { Answer } from '../../operations/operation.ts';
import type { DicomCall } from '../call.ts';
import { warningHeader } from '../warning.ts';
import { checkAttributes } from './attribute-rules.ts';
import { refused, refusing } from './refusal.ts';
import { updateRules } from './update-rules.ts';
import { modifiedAt, replaceWorkitem, type Workitem, workitemIn } from './workitem.ts';
import { uidInQuery, workitemBody } from './workitem-body.ts';
import { workitemTags } from './workitem-tags.ts';

/** What only the service sets; in the body it is passed over, and the answer says so. */
const ownTags: readonly string[] = [workitemTags.transactionUid, workitemTags.modificationDateTime];

export const updateWorkitem = refusing(async (call: DicomCall): Promise<Answer> => {
  const body = workitemBody(call);
  const workitem = await workitemIn(call);
  checkOwner(workitem, uidInQuery(call) ?? '');
  checkAttributes(body, updateRules);
  const taken = Object.entries(body).filter(([tag]) => !ownTags.includes(tag));
  const dataSet = { ...workitem.dataSet, ...Object.fromEntries(taken), ...modifiedAt(call.service.now()) };
  await replaceWorkitem(call, workitem, dataSet);
  const isWhole = taken.length === Object.keys(body).length;
  const remark = isWhole ? {} : warningHeader(call, 'The workitem was updated without what only the service sets.');
  return { status: 200, headers: { 'Content-Location': `${call.workitems}/${workitem.stored.key.uid}`, ...remark } };
});

/** Nobody owns it while it is SCHEDULED; IN PROGRESS its performer alone changes it; then nobody. */
function checkOwner({ state, stored }: Workitem, transaction: string): void {
  if (state === 'COMPLETED' || state === 'CANCELED') throw refused('C300');
  if ((stored.transaction ?? '') !== transaction) throw refused('C301');
}
