/**
 * Request cancellation. Source: DICOM PS3.18, 11.8; PS3.4, CC.2.2. A workitem that nobody has claimed is canceled; of one
 * that is claimed its subscribers are told. AHDS has no subscribers: where nobody is subscribed it is refused, as there. AHDS
 * puts the reason into an item of the discontinuation codes.
 */
import type { Answer } from '../../operations/operation.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import type { DicomJson } from '../json/dicom-json.ts';
import { element, firstText, itemsOf, sequence } from '../json/element-values.ts';
import { checkAttributes } from './attribute-rules.ts';
import { finalStateRules } from './final-state-rules.ts';
import { stateText, transition } from './procedure-step-state.ts';
import { refused, refusing } from './refusal.ts';
import { dateTimeNow, replaceWorkitem, workitemIn } from './workitem.ts';
import { workitemBody } from './workitem-body.ts';
import { cancelRequested } from './workitem-events.ts';
import { workitemTags } from './workitem-tags.ts';

export const requestCancellation = refusing(async (call: DicomCall): Promise<Answer> => {
  const body = call.body.length === 0 ? {} : workitemBody(call);
  const workitem = await workitemIn(call);
  const outcome = transition(workitem.state, 'cancel request');
  if (outcome === 'B304') throw new DicomError('conflict', stateText(outcome));
  if (outcome === 'C312' && (await call.service.worklist.isWatched(workitem.stored.key))) {
    await replaceWorkitem(call, workitem, workitem.dataSet, { events: [cancelRequested(workitem.dataSet, body)] });
    return { status: 202 };
  }
  if (outcome !== 'done') throw refused(outcome);
  const dataSet = {
    ...workitem.dataSet,
    [workitemTags.procedureStepState]: element('CS', 'CANCELED'),
    [workitemTags.progressInformation]: sequence(progress(body, call.service.now())),
  };
  checkAttributes(dataSet, finalStateRules.CANCELED);
  await replaceWorkitem(call, workitem, dataSet);
  return { status: 202 };
});

/** When, why, and whom to ask. */
function progress(body: DicomJson, now: Date): DicomJson {
  const { reasonForCancellation, discontinuationReasonCode, contactUri, contactDisplayName } = workitemTags;
  const reason = element('LT', firstText(body, reasonForCancellation));
  const codes = itemsOf(body, discontinuationReasonCode);
  return {
    [workitemTags.cancellationDateTime]: element('DT', dateTimeNow(now)),
    [workitemTags.communicationsUri]: sequence({
      [contactUri]: element('UR', firstText(body, contactUri)),
      [contactDisplayName]: element('LO', firstText(body, contactDisplayName)),
    }),
    [discontinuationReasonCode]: sequence(...(codes.length > 0 ? codes : [{ [reasonForCancellation]: reason }])),
    [reasonForCancellation]: reason,
  };
}
