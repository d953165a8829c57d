/**
 * Change workitem state: a performer claims a workitem with a transaction UID of its own, and with it completes or cancels
 * it. Source: DICOM PS3.18, 11.7; PS3.4, CC.2.1; AHDS for statuses.
 */
import type { Answer } from '../../operations/operation.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import type { DicomJson } from '../json/dicom-json.ts';
import { element, firstText } from '../json/element-values.ts';
import { isUid } from '../uid.ts';
import { warningHeader } from '../warning.ts';
import { checkAttributes } from './attribute-rules.ts';
import { finalStateRules } from './final-state-rules.ts';
import { type ProcedureStepState, stateOf, stateText, transition } from './procedure-step-state.ts';
import { refused, refusing } from './refusal.ts';
import { replaceWorkitem, workitemIn } from './workitem.ts';
import { workitemBody } from './workitem-body.ts';
import { workitemTags } from './workitem-tags.ts';

export const changeWorkitemState = refusing(async (call: DicomCall): Promise<Answer> => {
  const { transaction, state } = stateRequest(workitemBody(call));
  const workitem = await workitemIn(call);
  const owner = workitem.stored.transaction;
  if (owner !== undefined && owner !== transaction) throw refused('C301');
  const outcome = transition(workitem.state, state);
  if (outcome === 'B304' || outcome === 'B306') {
    return { status: 200, headers: warningHeader(call, stateText(outcome)) };
  }
  if (outcome !== 'done') throw refused(outcome);
  const dataSet = { ...workitem.dataSet, [workitemTags.procedureStepState]: element('CS', state) };
  if (state === 'COMPLETED' || state === 'CANCELED') checkAttributes(dataSet, finalStateRules[state]);
  await replaceWorkitem(call, workitem, dataSet, { transaction });
  return { status: 200 };
});

function stateRequest(body: DicomJson): { transaction: string; state: ProcedureStepState } {
  const transaction = firstText(body, workitemTags.transactionUid);
  if (!isUid(transaction)) throw new DicomError('invalid', 'TransactionUID must be a UID.');
  const state = stateOf(firstText(body, workitemTags.procedureStepState));
  if (!state) throw new DicomError('invalid', 'ProcedureStepState must be IN PROGRESS, COMPLETED or CANCELED.');
  if (state === 'SCHEDULED') throw refused('C303');
  return { transaction, state };
}
