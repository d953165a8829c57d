/**
 * What can be wrong with an event, or with the mappings and resources that it meets. The names are those that AHDS writes
 * into its diagnostic logs and that users alert on. Always the users' to mend: a message may quote the event, so it goes
 * with the event and never into a log.
 */
import { UserError } from '../operations/errors.ts';

export type Operation = 'Normalization' | 'Grouping' | 'FHIRConversion';

interface ErrorClass {
  readonly operation: Operation;
  readonly type: string;
  readonly severity: 'Critical' | 'Warning';
}

const message: ErrorClass = { operation: 'Normalization', type: 'DeviceMessageError', severity: 'Warning' };
const template: ErrorClass = { operation: 'Normalization', type: 'DeviceTemplateError', severity: 'Critical' };
const conversion: ErrorClass = { operation: 'FHIRConversion', type: 'FHIRConversionError', severity: 'Critical' };
const resource: ErrorClass = { operation: 'FHIRConversion', type: 'FHIRResourceError', severity: 'Warning' };

export const medtechErrors = {
  InvalidDataFormatException: message,
  IncompatibleDataException: message,
  NormalizationDataMappingException: template,
  InvalidTemplateException: template,
  TemplateExpressionException: template,
  CorrelationIdNotDefinedException: { operation: 'Grouping', type: 'DeviceMessageError', severity: 'Critical' },
  TemplateNotFoundException: { operation: 'FHIRConversion', type: 'GeneralError', severity: 'Critical' },
  FhirDataMappingException: conversion,
  InvalidQuantityFhirValueException: resource,
  NotSupportedException: resource,
  DeviceNotFoundException: resource,
  PatientNotFoundException: resource,
  EncounterNotFoundException: resource,
  PatientIdentityNotDefinedException: resource,
  EncounterIdentityNotDefinedException: resource,
  MultipleDeviceFoundException: resource,
  MultiplePatientFoundException: resource,
  MultipleEncounterFoundException: resource,
  MultipleObservationFoundException: resource,
  PatientDeviceMismatchException: resource,
  /** Not one of AHDS: the encounter is another patient's. */
  PatientEncounterMismatchException: resource,
  /** Not one of AHDS: the FHIR service has no answer to this one resource. */
  FhirServiceException: { operation: 'FHIRConversion', type: 'FHIRServiceError', severity: 'Critical' },
  /** Not one of AHDS: the FHIR service refuses the resource. */
  FhirResourceRefusedException: resource,
} as const satisfies Record<string, ErrorClass>;

export type MedtechErrorCode = keyof typeof medtechErrors;

export class MedtechError extends UserError<MedtechErrorCode> {
  constructor(code: MedtechErrorCode, text: string) {
    super(code, 400, text);
    this.name = code;
  }
}
