/** `POST /export`: files are copied into a container, by a job. Source: AHDS, export. */
import type { Answer } from '../../operations/operation.ts';
import type { DicomCall } from '../call.ts';
import { startOperation } from '../jobs/start-operation.ts';
import { jsonBody } from '../json-body.ts';
import { type ExportDefinition, exportKind } from './export-definition.ts';
import { exportRequest } from './export-request.ts';

export async function startExport(call: DicomCall): Promise<Answer> {
  const definition: ExportDefinition = { partition: call.partition, ...exportRequest(jsonBody(call)) };
  return startOperation(call, exportKind, { ...definition }, { besideOthers: true });
}
