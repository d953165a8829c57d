/**
 * What a caller can be allowed to do, in the words of Azure Health Data Services' roles.
 * On Azure these are `Microsoft.HealthcareApis/workspaces/fhirservices/resources/<action>`.
 */
export const fhirDataActions = [
  'read',
  'readById',
  'search',
  'write',
  'create',
  'update',
  'delete',
  'hardDelete',
  'export',
  'import',
  'resourceValidate',
  'reindex',
  'convertData',
  'editProfileDefinitions',
  'searchParameter',
  'bulkOperator',
  /** The scopes of the token limit everything else: SMART on FHIR. */
  'smart',
] as const;

/** On Azure these are `Microsoft.HealthcareApis/workspaces/dicomservices/resources/<action>`. */
export const dicomDataActions = [
  'dicom.read',
  'dicom.write',
  'dicom.delete',
  'dicom.manageExtendedQueryTags',
  'dicom.export',
] as const;

/** Ours: AHDS has none, its MedTech service has no API besides the management of Azure. */
export const medtechDataActions = ['medtech.read', 'medtech.manage'] as const;

export type FhirDataAction = (typeof fhirDataActions)[number];
export type DicomDataAction = (typeof dicomDataActions)[number];
export type MedtechDataAction = (typeof medtechDataActions)[number];
export type DataAction = FhirDataAction | DicomDataAction | MedtechDataAction;
