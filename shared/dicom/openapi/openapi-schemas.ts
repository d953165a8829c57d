/**
 * Schemas of the bodies in the OpenAPI document. Names as in AHDS's document, which describes data sets by its own classes;
 * here they are DICOM JSON.
 */
const text = { type: 'string' };
const whole = { type: 'integer', format: 'int64' };
const time = { type: 'string', format: 'date-time' };
const address = { type: 'string', format: 'uri' };

export function ref(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}

export function arrayOf(items: object): object {
  return { type: 'array', items };
}

function object(properties: Readonly<Record<string, object>>, required: readonly string[] = []): object {
  return { type: 'object', ...(required.length > 0 && { required }), properties };
}

function oneOf(...values: readonly string[]): object {
  return { type: 'string', enum: values };
}

const uids = { studyInstanceUid: text, seriesInstanceUid: text, sopInstanceUid: text };

export const schemas: Readonly<Record<string, object>> = {
  AddExtendedQueryTagEntry: object({ path: text, vr: text, privateCreator: text, level: ref('QueryTagLevel') }, [
    'path',
    'level',
  ]),
  ChangeFeedAction: oneOf('create', 'update', 'delete'),
  ChangeFeedEntry: object({
    sequence: whole,
    partitionName: text,
    ...uids,
    action: ref('ChangeFeedAction'),
    timestamp: time,
    state: ref('ChangeFeedState'),
    metadata: ref('DicomDataSet'),
  }),
  ChangeFeedState: oneOf('current', 'replaced', 'deleted'),
  DicomDataSet: {
    type: 'object',
    description: 'DICOM JSON, PS3.18 annex F: elements by their tags, as 00100010.',
    additionalProperties: ref('DicomElement'),
  },
  DicomElement: object({ vr: text, Value: arrayOf({}), InlineBinary: text, BulkDataURI: address }, ['vr']),
  DicomOperation: oneOf('export', 'reindex', 'update'),
  DicomOperationIOperationState: object({
    operationId: text,
    type: ref('DicomOperation'),
    createdTime: time,
    lastUpdatedTime: time,
    status: ref('OperationStatus'),
    percentComplete: whole,
    resources: arrayOf(address),
    results: { type: 'object' },
  }),
  ExportDestinationType: oneOf('azureBlob'),
  ExportDestinationTypeExportDataOptions: object(
    {
      type: ref('ExportDestinationType'),
      settings: object({ blobContainerUri: address, connectionString: text, blobContainerName: text }),
    },
    ['type', 'settings'],
  ),
  ExportSourceType: oneOf('identifiers'),
  ExportSourceTypeExportDataOptions: object(
    { type: ref('ExportSourceType'), settings: object({ values: arrayOf(text) }, ['values']) },
    ['type', 'settings'],
  ),
  ExportSpecification: object(
    { source: ref('ExportSourceTypeExportDataOptions'), destination: ref('ExportDestinationTypeExportDataOptions') },
    ['destination'],
  ),
  ExtendedQueryTagError: object({ ...uids, partitionName: text, createdTime: time, errorMessage: text }),
  ExtendedQueryTagErrorReference: object({ count: whole, href: address }),
  ExtendedQueryTagStatus: oneOf('adding', 'ready', 'deleting'),
  GetExtendedQueryTagEntry: object({
    path: text,
    vr: text,
    privateCreator: text,
    level: ref('QueryTagLevel'),
    status: ref('ExtendedQueryTagStatus'),
    errors: ref('ExtendedQueryTagErrorReference'),
    operation: ref('OperationReference'),
    queryStatus: ref('QueryStatus'),
  }),
  OperationReference: object({ id: text, href: address }),
  OperationStatus: oneOf('notStarted', 'running', 'completed', 'succeeded', 'failed', 'canceled'),
  PartitionEntry: object({ partitionKey: whole, partitionName: text, createdDate: time }),
  QueryStatus: oneOf('enabled', 'disabled'),
  QueryTagLevel: oneOf('instance', 'series', 'study'),
  UpdateExtendedQueryTagOptions: object({ queryStatus: ref('QueryStatus') }, ['queryStatus']),
  UpdateSpecification: object({ studyInstanceUids: arrayOf(text), changeDataset: ref('DicomDataSet') }, [
    'studyInstanceUids',
    'changeDataset',
  ]),
};
