/** An interaction as the handler of an HTTP operation: content negotiation, body in, response out. FHIR R4 3.1.0.1. */
import { mayDo } from '../access/principal.ts';
import type { Answer, Call } from '../operations/operation.ts';
import { type FormattedBody, formatBody } from './format-body.ts';
import type { FhirRequest, FhirResponse } from './interactions/interaction.ts';
import type { InteractionRow } from './interactions/interaction-row.ts';
import { answerFormat, bodyFormat, checkForm, isJsonPatch, patchFormat } from './media-type.ts';
import { FhirError } from './outcome.ts';
import { noteTouched } from './patients-touched.ts';
import { parseJson, parseJsonObject } from './resource/json.ts';
import type { Resource } from './resource/types.ts';
import type { FhirService } from './service.ts';
import { limitedService, principalFor } from './smart/limited-service.ts';

export function fhirHandler(row: InteractionRow): (call: Call<FhirService>) => Promise<Answer> {
  return async (call) => {
    checkType(row, call);
    const { service, principal } = limitedParts(row, call);
    const parameters = call.url.searchParams;
    const format = answerFormat(parameters, call.headers.get('accept'));
    const pretty = isPretty(parameters);
    const request: FhirRequest = {
      service,
      method: call.method,
      ...(call.params.type !== undefined && { type: call.params.type }),
      ...(call.params.member !== undefined && { type: call.params.member }),
      ...(call.params.compartment !== undefined && { compartment: call.params.compartment }),
      ...(call.params.id !== undefined && { id: call.params.id }),
      ...(call.params.vid !== undefined && { versionId: call.params.vid }),
      ...(await bodyOf(row, call, [...parameters])),
      header: (name) => call.headers.get(name) ?? undefined,
      base: call.base,
      principal,
      requestId: call.requestId,
      audit: call.audit,
    };
    checkContinuationLimit(request);
    const response = await row.interaction(request);
    noteTouched(request, response);
    if (!response.body) return answerOf(response);
    if (format === 'xml' && response.xml !== undefined) {
      return answerOf(response, { contentType: 'application/xml; charset=utf-8', body: response.xml });
    }
    return answerOf(response, await formatBody(response.body, { format, pretty }, call.service.definitions));
  };
}

/** What the interaction gets to work with. A token's scopes limit the service itself, and what may be done to the type. */
function limitedParts({ access }: InteractionRow, call: Call<FhirService>): Pick<FhirRequest, 'service' | 'principal'> {
  const { service, principal, params, base } = call;
  if (!principal.smart) return { service, principal };
  const ofType = principalFor(principal, params.type ?? params.member);
  if (!mayDo(ofType, access)) throw new FhirError('forbidden', 'The scopes of the token do not allow this.');
  return { service: limitedService(service, principal.smart, base), principal: ofType };
}

/** The host compares without regard to case; types are case-sensitive. */
function checkType({ path }: InteractionRow, { params }: Call<FhirService>): void {
  const [first = ''] = path.split('/');
  if (!/^[A-Z]/.test(first) || params.type === first) return;
  throw new FhirError('not-found', `Resource type '${params.type}' is not supported.`);
}

/** Query parameters that shape the answer and select nothing. */
const formatParameters = new Set(['_format', '_pretty']);

async function bodyOf(
  row: InteractionRow,
  call: Call<FhirService>,
  query: readonly [string, string][],
): Promise<Pick<FhirRequest, 'query' | 'resource' | 'jsonPatch'>> {
  const pairs = query.filter(([name]) => !formatParameters.has(name));
  if (row.body === 'none' || (row.body === 'optional' && call.body.length === 0)) return { query: pairs };
  const type = call.headers.get('content-type');
  if (row.body === 'form') {
    checkForm(type, call.body.length);
    const form = [...new URLSearchParams(Buffer.from(call.body).toString())];
    return { query: [...pairs, ...form.filter(([name]) => !formatParameters.has(name))] };
  }
  if (row.body === 'patch' && isJsonPatch(type)) return { query: pairs, jsonPatch: parseJson(call.body) };
  const format = row.body === 'patch' ? patchFormat(type) : bodyFormat(type);
  if (format === 'json') return { query: pairs, resource: parseJsonResource(call.body) };
  const { parseXml } = await import('./xml/parse-xml.ts');
  return { query: pairs, resource: parseXml(call.body, call.service.definitions) };
}

/** AHDS: the size that a continuation token may have, in KB. Ours are small, so the value is only checked. */
function checkContinuationLimit({ header }: FhirRequest): void {
  const limit = header('x-ms-documentdb-responsecontinuationtokenlimitinkb');
  if (limit === undefined || /^[1-3]$/.test(limit)) return;
  throw new FhirError('invalid', 'x-ms-documentdb-responsecontinuationtokenlimitinkb must be 1, 2 or 3.');
}

function parseJsonResource(bytes: Uint8Array): Resource {
  const value = parseJsonObject(bytes);
  if (typeof value.resourceType !== 'string') throw new FhirError('structure', 'The body has no resourceType.');
  return value as Resource;
}

function isPretty(parameters: URLSearchParams): boolean {
  const value = parameters.get('_pretty');
  if (value === null || value === 'false') return false;
  if (value === 'true') return true;
  throw new FhirError('invalid', '_pretty must be true or false.');
}

function answerOf(response: FhirResponse, formatted?: FormattedBody): Answer {
  const { status, etag, lastModified, location, headers } = response;
  return {
    status,
    headers: {
      ...headers,
      ...(etag !== undefined && { ETag: etag }),
      ...(lastModified !== undefined && { 'Last-Modified': new Date(lastModified).toUTCString() }),
      ...(location !== undefined && { Location: location }),
      ...(formatted && { 'Content-Type': formatted.contentType }),
    },
    ...(formatted && { body: formatted.body }),
  };
}
