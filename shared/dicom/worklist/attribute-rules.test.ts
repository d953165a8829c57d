/** Each rule of DICOM PS3.4, table CC.2.5-3, as AHDS has it. */
import { describe, expect, it } from 'vitest';
import { tagNamed } from '../dictionary/tag-of-keyword.ts';
import type { DicomJson } from '../json/dicom-json.ts';
import { readDataSet } from '../json/read-data-set.ts';
import { tagText } from '../part10/data-set.ts';
import { discontinued, performed, workitemJson } from '../testing/workitem.ts';
import { type AttributeRules, checkAttributes } from './attribute-rules.ts';
import { createRules } from './create-rules.ts';
import { finalStateRules } from './final-state-rules.ts';
import { updateRules } from './update-rules.ts';

const complete: DicomJson = {
  ...readDataSet(workitemJson()),
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.34.6.1'] },
  '00080018': { vr: 'UI', Value: ['1.2.3'] },
  '00404010': { vr: 'DT', Value: ['20260101'] },
  '00741000': { vr: 'CS', Value: ['IN PROGRESS'] },
};
const item: DicomJson = { '00080104': { vr: 'LO', Value: ['meaning'] } };

/** `dataSet` with the attribute at the dotted path changed by `change`; undefined takes it away. */
function changed(
  dataSet: DicomJson,
  path: string,
  change: (element: DicomJson[string] | undefined) => DicomJson[string] | undefined,
): DicomJson {
  const [keyword = '', ...inner] = path.split('.');
  const tag = tagText(tagNamed(keyword));
  const { [tag]: element, ...others } = dataSet;
  const after =
    inner.length === 0
      ? change(element)
      : {
          vr: 'SQ',
          Value: ((element?.Value ?? [{}]) as readonly DicomJson[]).map((each) =>
            changed(each, inner.join('.'), change),
          ),
        };
  return after === undefined ? others : { ...others, [tag]: after };
}

const without = (dataSet: DicomJson, path: string) => changed(dataSet, path, () => undefined);
const vrAt = (path: string) => (path.endsWith('Sequence') ? 'SQ' : 'LO');
const emptied = (dataSet: DicomJson, path: string) =>
  changed(dataSet, path, (element) => ({ vr: element?.vr ?? vrAt(path) }));
const filled = (dataSet: DicomJson, path: string) =>
  changed(dataSet, path, (element) =>
    vrAt(path) === 'SQ' ? { vr: 'SQ', Value: [item] } : { vr: element?.vr ?? 'LO', Value: ['1.2'] },
  );
const passes = (dataSet: DicomJson, rules: AttributeRules): boolean => {
  try {
    checkAttributes(dataSet, rules);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ status: 400 });
    return false;
  }
};

describe('creation', () => {
  it('takes a workitem that has everything', () => expect(passes(complete, createRules)).toBe(true));

  it.each([
    'ScheduledProcedureStepPriority',
    'ProcedureStepLabel',
    'ScheduledProcedureStepStartDateTime',
    'InputReadinessState',
    'ReferencedRequestSequence.StudyInstanceUID',
    'ScheduledWorkitemCodeSequence.CodeMeaning',
    'ScheduledStationNameCodeSequence.CodeMeaning',
  ])('%s must have a value', (path) => {
    expect(passes(without(complete, path), createRules)).toBe(false);
    expect(passes(emptied(complete, path), createRules)).toBe(false);
    const blank = changed(complete, path, (element) => ({ vr: element?.vr ?? '', Value: ['  '] }));
    expect(passes(blank, createRules)).toBe(false);
  });

  it.each([
    'ScheduledProcessingParametersSequence',
    'ScheduledStationNameCodeSequence',
    'ScheduledStationClassCodeSequence',
    'ScheduledStationGeographicLocationCodeSequence',
    'ScheduledWorkitemCodeSequence',
    'CommentsOnTheScheduledProcedureStep',
    'InputInformationSequence',
    'PatientName',
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
    'ReferencedRequestSequence.AccessionNumber',
    'ReferencedRequestSequence.IssuerOfAccessionNumberSequence',
    'ReferencedRequestSequence.OrderPlacerIdentifierSequence',
    'ReferencedRequestSequence.OrderFillerIdentifierSequence',
    'ReferencedRequestSequence.RequestedProcedureID',
    'ReferencedRequestSequence.RequestedProcedureDescription',
    'ReferencedRequestSequence.RequestedProcedureCodeSequence',
  ])('%s must be there, perhaps empty', (path) => {
    expect(passes(without(complete, path), createRules)).toBe(false);
    expect(passes(emptied(complete, path), createRules)).toBe(true);
  });

  it.each([
    'TransactionUID',
    'ProcedureStepProgressInformationSequence',
    'UnifiedProcedureStepPerformedProcedureSequence',
  ])('%s must be there and empty', (path) => {
    expect(passes(without(complete, path), createRules)).toBe(false);
    expect(passes(filled(complete, path), createRules)).toBe(false);
    expect(passes(emptied(complete, path), createRules)).toBe(true);
  });

  it.each([
    'PatientID',
    'StudyInstanceUID',
    'ScheduledHumanPerformersSequence',
    'ReplacedProcedureStepSequence',
    'ExpectedCompletionDateTime',
  ])('%s, required under a condition or not at all, is optional', (path) => {
    expect(passes(without(complete, path), createRules)).toBe(true);
  });

  it.each([
    ['ScheduledHumanPerformersSequence', item],
    ['OtherPatientIDsSequence', item],
    ['ScheduledProcessingParametersSequence', item],
    ['InputInformationSequence', item],
    ['ReplacedProcedureStepSequence', item],
  ])('an item of %s must have what its macro demands', (path, wrong) => {
    expect(
      passes(
        changed(complete, path, () => ({ vr: 'SQ', Value: [wrong] })),
        createRules,
      ),
    ).toBe(false);
  });
});

it('what the standard has as a sequence is one', () => {
  const text = () => ({ vr: 'LO', Value: ['text'] });
  expect(passes(changed(complete, 'ReferencedRequestSequence', text), createRules)).toBe(false);
  expect(passes({ '00741216': text() }, updateRules)).toBe(false);
});

describe('an update', () => {
  it.each([
    'SOPClassUID',
    'SOPInstanceUID',
    'PatientName',
    'PatientID',
    'IssuerOfPatientID',
    'IssuerOfPatientIDQualifiersSequence',
    'PatientBirthDate',
    'PatientSex',
    'AdmissionID',
    'IssuerOfAdmissionIDSequence',
    'AdmittingDiagnosesDescription',
    'AdmittingDiagnosesCodeSequence',
    'ReferencedRequestSequence',
    'ReplacedProcedureStepSequence',
    'ProcedureStepState',
  ])('must not have %s', (keyword) => {
    expect(passes(filled({}, keyword), updateRules)).toBe(false);
    expect(passes(emptied({}, keyword), updateRules)).toBe(false);
  });

  it.each([
    'ScheduledProcedureStepPriority',
    'ProcedureStepLabel',
    'WorklistLabel',
    'ScheduledProcedureStepStartDateTime',
    'ExpectedCompletionDateTime',
    'ScheduledWorkitemCodeSequence',
    'CommentsOnTheScheduledProcedureStep',
    'InputReadinessState',
  ])('may set %s and not empty it', (keyword) => {
    expect(passes(filled({}, keyword), updateRules)).toBe(true);
    expect(passes(emptied({}, keyword), updateRules)).toBe(false);
  });

  it.each([
    'ScheduledProcessingParametersSequence',
    'ScheduledStationNameCodeSequence',
    'InputInformationSequence',
    'StudyInstanceUID',
    'MedicalAlerts',
  ])('may empty %s', (keyword) => expect(passes(emptied({}, keyword), updateRules)).toBe(true));

  it('takes what a performer did, and why one gave up', () => {
    expect(passes({}, updateRules)).toBe(true);
    expect(passes(performed, updateRules)).toBe(true);
    expect(passes(discontinued, updateRules)).toBe(true);
    const sequence = 'UnifiedProcedureStepPerformedProcedureSequence';
    expect(passes(without(performed, `${sequence}.OutputInformationSequence`), updateRules)).toBe(false);
    expect(passes(emptied(performed, `${sequence}.PerformedWorkitemCodeSequence`), updateRules)).toBe(false);
  });
});

describe('a final state', () => {
  const completed = { ...complete, ...performed };
  const canceled = { ...complete, ...discontinued };

  it('has everything', () => {
    expect(passes(completed, finalStateRules.COMPLETED)).toBe(true);
    expect(passes(canceled, finalStateRules.CANCELED)).toBe(true);
    expect(passes(completed, finalStateRules.CANCELED)).toBe(false);
    expect(passes(canceled, finalStateRules.COMPLETED)).toBe(false);
  });

  it.each([
    'SOPClassUID',
    'SOPInstanceUID',
    'ScheduledProcedureStepPriority',
    'ScheduledProcedureStepModificationDateTime',
    'ScheduledProcedureStepStartDateTime',
    'InputReadinessState',
    'ProcedureStepState',
  ])('both want %s', (path) => {
    expect(passes(emptied(completed, path), finalStateRules.COMPLETED)).toBe(false);
    expect(passes(without(canceled, path), finalStateRules.CANCELED)).toBe(false);
  });

  it.each([
    'PerformedStationNameCodeSequence',
    'PerformedProcedureStepStartDateTime',
    'PerformedWorkitemCodeSequence',
    'PerformedProcedureStepEndDateTime',
    'OutputInformationSequence',
  ])('COMPLETED wants %s', (keyword) => {
    const path = `UnifiedProcedureStepPerformedProcedureSequence.${keyword}`;
    expect(passes(without(completed, path), finalStateRules.COMPLETED)).toBe(false);
    expect(passes(emptied(completed, path), finalStateRules.COMPLETED)).toBe(false);
  });

  it.each(['ProcedureStepCancellationDateTime', 'ProcedureStepDiscontinuationReasonCodeSequence'])(
    'CANCELED wants %s',
    (keyword) => {
      const path = `ProcedureStepProgressInformationSequence.${keyword}`;
      expect(passes(without(canceled, path), finalStateRules.CANCELED)).toBe(false);
    },
  );
});

it('every rule is about an attribute that the standard has', () => {
  const check = (rules: AttributeRules): void => {
    for (const [keyword, rule] of Object.entries(rules)) {
      expect(tagNamed(keyword)).toBeGreaterThan(0);
      if (typeof rule !== 'string') check(rule[1]);
    }
  };
  for (const rules of [createRules, updateRules, finalStateRules.COMPLETED, finalStateRules.CANCELED]) check(rules);
});
