/** What the bodies of requests and answers are, by operation: media types and their schemas. */
import type { DicomRow } from '../rows.ts';
import { arrayOf, ref } from './openapi-schemas.ts';

/** Schemas by media type. */
export type Content = Readonly<Record<string, { readonly schema: object }>>;

interface Bodies {
  readonly request?: Content;
  readonly answers?: Readonly<Record<number, Content>>;
}

const binary = { schema: { type: 'string', format: 'binary' } };
const json = (schema: object): Content => ({ 'application/json': { schema } });
const dicomJson = (schema: object): Content => ({ 'application/dicom+json': { schema } });

const dataSet = dicomJson(ref('DicomDataSet'));
const dataSets = dicomJson(arrayOf(ref('DicomDataSet')));
const parts: Content = { 'multipart/related': binary };
const started = json(ref('OperationReference'));
const pictures: Content = { 'image/jpeg': binary, 'image/png': binary };
const metadata: Content = { ...dataSets, ...parts };
const instance: Content = { 'application/dicom': binary, ...parts };
const octets: Content = { 'application/octet-stream': binary, ...parts };

/** By the beginning of a row's name; the first that fits. */
const bodies: readonly (readonly [start: string, bodies: Bodies])[] = [
  ['store-', { request: instance, answers: { 200: dataSet, 202: dataSet, 409: dataSet } }],
  ['bulk-update', { request: json(ref('UpdateSpecification')), answers: { 202: started } }],
  ['export', { request: json(ref('ExportSpecification')), answers: { 202: started } }],
  ['retrieve-study-metadata', { answers: { 200: metadata } }],
  ['retrieve-series-metadata', { answers: { 200: metadata } }],
  ['retrieve-instance-metadata', { answers: { 200: metadata } }],
  ['retrieve-instance-', { answers: { 200: pictures } }],
  ['retrieve-frame-', { answers: { 200: pictures } }],
  ['retrieve-frames', { answers: { 200: octets } }],
  ['retrieve-bulk-data', { answers: { 200: octets } }],
  ['retrieve-instance', { answers: { 200: instance } }],
  ['retrieve-workitem', { answers: { 200: dataSet } }],
  ['retrieve-events', {}],
  ['retrieve-', { answers: { 200: parts } }],
  ['search-', { answers: { 200: dataSets, 206: dataSets } }],
  ['create-workitem', { request: dataSets }],
  ['update-workitem', { request: dataSets }],
  ['change-workitem-state', { request: dataSets }],
  ['request-cancellation', { request: dataSets }],
  ['change-feed-latest', { answers: { 200: json(ref('ChangeFeedEntry')) } }],
  ['change-feed', { answers: { 200: json(arrayOf(ref('ChangeFeedEntry'))) } }],
  ['list-partitions', { answers: { 200: json(arrayOf(ref('PartitionEntry'))) } }],
  ['add-query-tags', { request: json(arrayOf(ref('AddExtendedQueryTagEntry'))), answers: { 202: started } }],
  ['list-query-tag-errors', { answers: { 200: json(arrayOf(ref('ExtendedQueryTagError'))) } }],
  ['list-query-tags', { answers: { 200: json(arrayOf(ref('GetExtendedQueryTagEntry'))) } }],
  ['read-query-tag', { answers: { 200: json(ref('GetExtendedQueryTagEntry')) } }],
  [
    'change-query-tag',
    {
      request: json(ref('UpdateExtendedQueryTagOptions')),
      answers: { 200: json(ref('GetExtendedQueryTagEntry')) },
    },
  ],
  [
    'read-operation',
    {
      answers: { 200: json(ref('DicomOperationIOperationState')), 202: json(ref('DicomOperationIOperationState')) },
    },
  ],
  ['read-openapi', { answers: { 200: { 'application/yaml': { schema: { type: 'object' } } } } }],
];

const failure: Content = { 'text/plain': { schema: { type: 'string' } } };

export function requestContent({ name }: DicomRow): Content | undefined {
  return bodiesOf(name).request;
}

/** AHDS: failures are one line of text, where they say anything. */
export function answerContent({ name }: DicomRow, status: number): Content | undefined {
  return bodiesOf(name).answers?.[status] ?? (status >= 400 ? failure : undefined);
}

function bodiesOf(name: string): Bodies {
  const [, found = {}] = bodies.find(([start]) => name.startsWith(start)) ?? [];
  return found;
}
