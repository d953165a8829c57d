/** An interaction as the handler of an HTTP operation: content negotiation, body in, response out. FHIR R4 3.1.0.1. */
import type { Answer, Call } from '../operations/operation.ts';
import type { FhirRequest, FhirResponse } from './interactions/interaction.ts';
import type { InteractionRow } from './interactions/interaction-row.ts';
import { checkAcceptable, checkContentType, fhirJson } from './media-type.ts';
import { FhirError } from './outcome.ts';
import { parseJsonObject } from './resource/json.ts';
import { prettyJson } from './resource/pretty-json.ts';
import type { Resource } from './resource/types.ts';
import type { FhirService } from './service.ts';

export function fhirHandler(row: InteractionRow): (call: Call<FhirService>) => Promise<Answer> {
  return async (call) => {
    const query = [...call.url.searchParams];
    checkAcceptable(query, call.headers.get('accept'));
    const pretty = isPretty(query);
    const request: FhirRequest = {
      service: call.service,
      method: call.method,
      ...(call.params.type !== undefined && { type: call.params.type }),
      ...(call.params.id !== undefined && { id: call.params.id }),
      ...(call.params.vid !== undefined && { versionId: call.params.vid }),
      ...bodyOf(row, call, query),
      header: (name) => call.headers.get(name) ?? undefined,
      base: call.base,
      principal: call.principal,
      requestId: call.requestId,
      audit: call.audit,
    };
    return answerOf(await row.interaction(request), pretty);
  };
}

/** Query parameters that shape the answer and select nothing. */
const formatParameters = new Set(['_format', '_pretty']);

function bodyOf(
  row: InteractionRow,
  call: Call<FhirService>,
  query: readonly [string, string][],
): Pick<FhirRequest, 'query' | 'resource'> {
  const pairs = query.filter(([name]) => !formatParameters.has(name));
  if (row.body === 'none') return { query: pairs };
  checkContentType(row.body, call.headers.get('content-type'), call.body.length);
  if (row.body === 'form') {
    const form = [...new URLSearchParams(Buffer.from(call.body).toString())];
    return { query: [...pairs, ...form.filter(([name]) => !formatParameters.has(name))] };
  }
  const value = parseJsonObject(call.body);
  if (typeof value.resourceType !== 'string') throw new FhirError('structure', 'The body has no resourceType.');
  return { query: pairs, resource: value as Resource };
}

function isPretty(query: readonly [string, string][]): boolean {
  const value = query.find(([name]) => name === '_pretty')?.[1];
  if (value === undefined || value === 'false') return false;
  if (value === 'true') return true;
  throw new FhirError('invalid', '_pretty must be true or false.');
}

function answerOf(response: FhirResponse, pretty: boolean): Answer {
  const { status, etag, lastModified, location, headers, body } = response;
  return {
    status,
    headers: {
      ...headers,
      ...(etag !== undefined && { ETag: etag }),
      ...(lastModified !== undefined && { 'Last-Modified': new Date(lastModified).toUTCString() }),
      ...(location !== undefined && { Location: location }),
      ...(body && { 'Content-Type': fhirJson }),
    },
    ...(body && { body: pretty ? prettyJson(Buffer.concat(body).toString()) : body }),
  };
}
