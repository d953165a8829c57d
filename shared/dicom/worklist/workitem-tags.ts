/** The attributes of a workitem that the service itself looks at, by their names in DICOM JSON. Source: DICOM PS3.6. */
export const workitemTags = {
  sopClassUid: '00080016',
  sopInstanceUid: '00080018',
  transactionUid: '00081195',
  modificationDateTime: '00404010',
  stationName: '00404025',
  humanPerformers: '00404034',
  inputReadinessState: '00404041',
  cancellationDateTime: '00404052',
  procedureStepState: '00741000',
  progressInformation: '00741002',
  communicationsUri: '00741008',
  contactUri: '0074100A',
  contactDisplayName: '0074100C',
  discontinuationReasonCode: '0074100E',
  worklistLabel: '00741202',
  reasonForCancellation: '00741238',
} as const;
