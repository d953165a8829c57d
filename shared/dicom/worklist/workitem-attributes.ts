/** What workitems are searched by, and what answers show. Source: AHDS's conformance statement, worklist service. */
import { tagNamed } from '../dictionary/tag-of-keyword.ts';
import { vrOfTag } from '../dictionary/vr-of-tag.ts';
import { tagText } from '../part10/data-set.ts';

export interface WorkitemAttribute {
  /** Tags from the outside in, `0040A370.00080050`. */
  readonly path: string;
  readonly vr: string;
}

const searched = [
  'PatientName',
  'PatientID',
  'ReferencedRequestSequence.AccessionNumber',
  'ReferencedRequestSequence.RequestedProcedureID',
  'ScheduledProcedureStepStartDateTime',
  'ScheduledStationNameCodeSequence.CodeValue',
  'ScheduledStationClassCodeSequence.CodeValue',
  'ScheduledStationGeographicLocationCodeSequence.CodeValue',
  'ProcedureStepState',
  'StudyInstanceUID',
];

export const searchedAttributes: readonly WorkitemAttribute[] = searched.map((keywords) => {
  const tags = keywords.split('.').map(tagNamed);
  return { path: tags.map(tagText).join('.'), vr: vrOfTag(tags.at(-1) ?? 0) };
});

const shown = [
  'SpecificCharacterSet',
  'SOPClassUID',
  'SOPInstanceUID',
  'ScheduledProcedureStepPriority',
  'ProcedureStepLabel',
  'WorklistLabel',
  'ScheduledProcessingParametersSequence',
  'ScheduledStationNameCodeSequence',
  'ScheduledStationClassCodeSequence',
  'ScheduledStationGeographicLocationCodeSequence',
  'ScheduledHumanPerformersSequence',
  'ScheduledProcedureStepStartDateTime',
  'ScheduledWorkitemCodeSequence',
  'InputReadinessState',
  'InputInformationSequence',
  'StudyInstanceUID',
  'PatientName',
  'PatientID',
  'IssuerOfPatientID',
  'IssuerOfPatientIDQualifiersSequence',
  'OtherPatientIDsSequence',
  'PatientBirthDate',
  'PatientSex',
  'AdmissionID',
  'IssuerOfAdmissionIDSequence',
  'AdmittingDiagnosesDescription',
  'AdmittingDiagnosesCodeSequence',
  'ReferencedRequestSequence',
  'MedicalAlerts',
  'PregnancyStatus',
  'SpecialNeeds',
  'ProcedureStepState',
  'ProcedureStepProgressInformationSequence',
];

/** In every answer to a search, as far as a workitem has them. */
export const shownTags: ReadonlySet<string> = new Set(shown.map((keyword) => tagText(tagNamed(keyword))));
