/** The OpenAPI 3.0 document of a version of the API, made of the rows. AHDS's names for the parameters of addresses. */
import type { DicomRow } from '../rows.ts';
import type { DicomVersion } from '../store/validate-instance.ts';
import { queryParameters, statusesOf, statusTexts } from './openapi-answers.ts';
import { answerContent, requestContent } from './openapi-bodies.ts';
import { schemas } from './openapi-schemas.ts';

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: object;
  readonly servers: readonly object[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: object;
}

const names: Readonly<Record<string, string>> = {
  study: 'studyInstanceUid',
  series: 'seriesInstanceUid',
  instance: 'sopInstanceUid',
  partition: 'partitionName',
  workitem: 'workitemInstanceUid',
};

/** `segment`: `v2`, as the address of the request has it. */
export function openApiDocument(
  rows: readonly DicomRow[],
  { base, segment, version }: { base: string; segment: string; version: DicomVersion },
): OpenApiDocument {
  const paths: Record<string, Record<string, object>> = {};
  const add = (row: DicomRow, path: string) => {
    const named = `/${segment}/${path.replace(/\{(\w+)\}/g, (_, name: string) => `{${names[name] ?? name}}`)}`;
    const methods = paths[named] ?? {};
    paths[named] = methods;
    for (const method of row.methods) methods[method.toLowerCase()] = operation(row, path, version);
  };
  for (const row of rows) {
    if (version === 1 && row.name === 'bulk-update') continue;
    add(row, row.path);
    if (row.partition !== 'none') add(row, `partitions/{partition}/${row.path}`);
  }
  return {
    openapi: '3.0.1',
    info: { title: 'DICOM service of Open Health Data Services', version: String(version) },
    servers: [{ url: base }],
    paths,
    components: { schemas },
  };
}

function operation(row: DicomRow, path: string, version: DicomVersion): object {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name: names[name] ?? name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(queryParameters(row, version)).map(([name, schema]) => ({
    name,
    in: 'query',
    schema,
  }));
  const request = requestContent(row);
  const statuses = statusesOf(row).map((status) => {
    const content = answerContent(row, status);
    return [String(status), { description: statusTexts[status] ?? '', ...(content && { content }) }];
  });
  return {
    operationId: path === row.path ? row.name : `partition-${row.name}`,
    ...(inPath.length + inQuery.length > 0 && { parameters: [...inPath, ...inQuery] }),
    ...(request && { requestBody: { required: row.name !== 'request-cancellation', content: request } }),
    responses: Object.fromEntries(statuses),
  };
}
