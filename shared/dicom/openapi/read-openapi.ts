/** `GET /{version}/api.yaml`. Every JSON text is YAML. */
import type { Answer } from '../../operations/operation.ts';
import type { DicomCall } from '../call.ts';
import { dicomRows } from '../rows.ts';
import { openApiDocument } from './openapi-document.ts';

export async function readOpenApi({ base, params, version }: DicomCall): Promise<Answer> {
  const document = openApiDocument(dicomRows, { base, segment: (params.version ?? '').toLowerCase(), version });
  return {
    status: 200,
    headers: { 'Content-Type': 'application/yaml; charset=utf-8' },
    body: JSON.stringify(document, null, 2),
  };
}
