/** What subscribers are told of a workitem's change. Source: DICOM PS3.4, CC.2.4, table CC.2.4-1; PS3.18, 11.13. */
import type { DicomJson, DicomJsonElement } from '../json/dicom-json.ts';
import { element, firstText } from '../json/element-values.ts';
import { workitemTags } from './workitem-tags.ts';

const eventClass = '1.2.840.10008.5.1.4.34.6.4';
const eventTags = { affectedClass: '00000002', affectedInstance: '00001000', eventType: '00001002' } as const;

const eventTypes = { stateReport: 1, cancelRequested: 2, progressReport: 3, assigned: 5 } as const;

const {
  procedureStepState,
  inputReadinessState,
  progressInformation,
  stationName,
  humanPerformers,
  reasonForCancellation,
  discontinuationReasonCode,
  contactUri,
  contactDisplayName,
} = workitemTags;

/** `before`: undefined when it is new. */
export function eventsOf(before: DicomJson | undefined, after: DicomJson): Uint8Array[] {
  const differs = (...tags: readonly string[]) =>
    tags.some((tag) => JSON.stringify(before?.[tag]) !== JSON.stringify(after[tag]));
  const events: Uint8Array[] = [];
  if (differs(procedureStepState, inputReadinessState)) events.push(stateReport(after));
  if (before && differs(progressInformation)) {
    events.push(event('progressReport', after, { [progressInformation]: after[progressInformation] }));
  }
  if (before && differs(stationName, humanPerformers)) {
    const { [stationName]: station, [humanPerformers]: performers } = after;
    events.push(event('assigned', after, { [stationName]: station, [humanPerformers]: performers }));
  }
  return events;
}

/** The state that a workitem is in; of one that is canceled, why. */
export function stateReport(workitem: DicomJson): Uint8Array {
  const [progress = {}] = (workitem[progressInformation]?.Value ?? []) as DicomJson[];
  const why = firstText(workitem, procedureStepState) === 'CANCELED' ? progress : {};
  return event('stateReport', workitem, {
    [inputReadinessState]: workitem[inputReadinessState],
    [procedureStepState]: workitem[procedureStepState],
    [reasonForCancellation]: why[reasonForCancellation],
    [discontinuationReasonCode]: why[discontinuationReasonCode],
  });
}

/** Somebody asks that the performer cancel it; `request` says why. */
export function cancelRequested(workitem: DicomJson, request: DicomJson): Uint8Array {
  const asked = [reasonForCancellation, discontinuationReasonCode, contactUri, contactDisplayName];
  return event('cancelRequested', workitem, Object.fromEntries(asked.map((tag) => [tag, request[tag]])));
}

function event(
  type: keyof typeof eventTypes,
  workitem: DicomJson,
  info: Readonly<Record<string, DicomJsonElement | undefined>>,
): Uint8Array {
  const dataSet = {
    [eventTags.affectedClass]: element('UI', eventClass),
    [eventTags.affectedInstance]: element('UI', firstText(workitem, workitemTags.sopInstanceUid)),
    [eventTags.eventType]: { vr: 'US', Value: [eventTypes[type]] },
    ...info,
  };
  return Buffer.from(JSON.stringify(dataSet));
}
