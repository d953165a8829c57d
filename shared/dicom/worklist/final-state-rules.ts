/** What a workitem must have before it is completed or canceled. Source: DICOM PS3.4, CC.2.5.1.1 and table CC.2.5-3. */
import type { AttributeRules } from './attribute-rules.ts';

const always: AttributeRules = {
  SOPClassUID: 'value',
  SOPInstanceUID: 'value',
  ScheduledProcedureStepPriority: 'value',
  ScheduledProcedureStepModificationDateTime: 'value',
  ScheduledProcedureStepStartDateTime: 'value',
  InputReadinessState: 'value',
  ProcedureStepState: 'value',
};

export const finalStateRules: Readonly<Record<'COMPLETED' | 'CANCELED', AttributeRules>> = {
  COMPLETED: {
    ...always,
    UnifiedProcedureStepPerformedProcedureSequence: [
      'value',
      {
        PerformedStationNameCodeSequence: 'value',
        PerformedProcedureStepStartDateTime: 'value',
        PerformedWorkitemCodeSequence: 'value',
        PerformedProcedureStepEndDateTime: 'value',
        OutputInformationSequence: 'value',
      },
    ],
  },
  CANCELED: {
    ...always,
    ProcedureStepProgressInformationSequence: [
      'value',
      { ProcedureStepCancellationDateTime: 'value', ProcedureStepDiscontinuationReasonCodeSequence: 'value' },
    ],
  },
};
