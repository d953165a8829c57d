/** A workitem between the store and the requests about it. Its transaction UID is kept beside the data set: it is the performer's secret. */
import { requestError } from '../../operations/errors.ts';
import type { NewWorkitem, StoredWorkitem, WorkitemKey } from '../../stores/worklist/worklist.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import type { DicomJson } from '../json/dicom-json.ts';
import { element, firstText } from '../json/element-values.ts';
import { uidIn } from '../uid.ts';
import { type ProcedureStepState, stateOf, stateText } from './procedure-step-state.ts';
import { eventsOf } from './workitem-events.ts';
import { workitemTags } from './workitem-tags.ts';
import { workitemValues } from './workitem-values.ts';

export interface Workitem {
  readonly stored: StoredWorkitem;
  readonly dataSet: DicomJson;
  readonly state: ProcedureStepState;
}

/** What a workitem may grow to by its updates. */
const maxBytes = 1.5 * 1024 * 1024;

/** The workitem of the address; 404 where there is none. */
export async function workitemIn(call: DicomCall): Promise<Workitem> {
  const stored = await call.service.worklist.read(workitemKey(call));
  if (!stored) throw new DicomError('not-found', stateText('C307'));
  const dataSet = JSON.parse(Buffer.from(stored.dataSet).toString()) as DicomJson;
  const state = stateOf(firstText(dataSet, workitemTags.procedureStepState)) ?? 'SCHEDULED';
  return { stored, dataSet, state };
}

export function workitemKey({ params, partition, audit }: DicomCall): WorkitemKey {
  const uid = uidIn(params.workitem ?? '', 'workitem');
  audit.resourceId = uid;
  return { partition, uid };
}

/** Its values are checked and indexed. `events`: what its subscribers are told. */
export function newWorkitem(
  key: WorkitemKey,
  dataSet: DicomJson,
  events: readonly Uint8Array[],
  transaction?: string,
): NewWorkitem {
  const values = workitemValues(dataSet);
  const sorted = Object.entries(dataSet).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const bytes = Buffer.from(JSON.stringify(Object.fromEntries(sorted)));
  if (bytes.length > maxBytes) throw requestError('body-too-large', `A workitem has at most ${maxBytes} bytes.`);
  return { key, transaction, dataSet: bytes, values, events };
}

/** 409 when somebody else has changed it since it was read. */
export async function replaceWorkitem(
  { service }: DicomCall,
  { stored, dataSet: before }: Workitem,
  dataSet: DicomJson,
  {
    transaction = stored.transaction,
    events = eventsOf(before, dataSet),
  }: Partial<Pick<NewWorkitem, 'transaction' | 'events'>> = {},
): Promise<void> {
  const replacement = newWorkitem(stored.key, dataSet, events, transaction);
  if (await service.worklist.replace(replacement, stored.revision)) return;
  throw new DicomError('conflict', 'C300: Another request has changed the workitem at the same time.');
}

/** The time as a date and time with its offset. Source: DICOM PS3.5, 6.2, DT. */
export function dateTimeNow(now: Date): string {
  return `${now.toISOString().replace(/[-:TZ]/g, '')}000+0000`;
}

export function modifiedAt(now: Date): DicomJson {
  return { [workitemTags.modificationDateTime]: element('DT', dateTimeNow(now)) };
}
