/** What items of a workitem's sequences must have. Source: DICOM PS3.4, tables CC.2.5-2a to CC.2.5-2f. */
import type { AttributeRules } from './attribute-rules.ts';

export const code: AttributeRules = { CodeMeaning: 'value' };

export const contentItem: AttributeRules = {
  ValueType: 'value',
  ConceptNameCodeSequence: ['value', code],
  ConceptCodeSequence: ['optional', code],
  MeasurementUnitsCodeSequence: ['optional', code],
};

/** Referenced instances and how to get them. */
export const references: AttributeRules = {
  TypeOfInstances: 'value',
  ReferencedSOPSequence: ['value', { ReferencedSOPClassUID: 'value', ReferencedSOPInstanceUID: 'value' }],
  DICOMRetrievalSequence: ['optional', { RetrieveAETitle: 'value' }],
  DICOMMediaRetrievalSequence: ['optional', { StorageMediaFileSetID: 'present', StorageMediaFileSetUID: 'value' }],
  WADORetrievalSequence: ['optional', { RetrieveURI: 'value' }],
  XDSRetrievalSequence: ['optional', { RepositoryUniqueID: 'value' }],
  WADORSRetrievalSequence: ['optional', { RetrieveURL: 'value' }],
};

export const issuerQualifiers: AttributeRules = {
  UniversalEntityID: 'present',
  IdentifierTypeCode: 'present',
  AssigningFacilitySequence: 'present',
  AssigningJurisdictionCodeSequence: ['present', code],
  AssigningAgencyOrDepartmentCodeSequence: ['present', code],
};

export const scheduledPerformers: AttributeRules = {
  HumanPerformerCodeSequence: ['value', code],
  HumanPerformerName: 'value',
  HumanPerformerOrganization: 'value',
};

export const outputDestination: AttributeRules = {
  DICOMStorageSequence: ['optional', { DestinationAE: 'value' }],
  STOWRSStorageSequence: ['optional', { StorageURL: 'value' }],
  XDSStorageSequence: ['optional', { RepositoryUniqueID: 'value' }],
};
