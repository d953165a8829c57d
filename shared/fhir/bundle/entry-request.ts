/** An entry of a batch or transaction as a request of its own. FHIR R4 3.1.0.11.1. */
import { mayDo } from '../../access/principal.ts';
import type { Method } from '../../operations/operation.ts';
import type { FhirRequest } from '../interactions/interaction.ts';
import type { InteractionRow } from '../interactions/interaction-row.ts';
import { isId } from '../interactions/resource-type.ts';
import { isJsonPatch, jsonPatchType } from '../media-type.ts';
import { operationTable } from '../operations/operation-table.ts';
import { FhirError } from '../outcome.ts';
import { isObject, parseJson } from '../resource/json.ts';
import type { JsonValue, Resource } from '../resource/types.ts';
import { principalFor } from '../smart/limited-service.ts';

export interface EntryRequest {
  readonly row: InteractionRow;
  readonly request: FhirRequest;
  readonly method: Method;
  /** As the entry has it. */
  readonly url: string;
  readonly fullUrl: string | undefined;
  /** The id that the client put into the resource. */
  readonly sentId: string | undefined;
}

const methods: readonly Method[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** Elements of `Bundle.entry.request` that stand for a header of the request. */
const headerElements = {
  'if-match': 'ifMatch',
  'if-none-match': 'ifNoneMatch',
  'if-none-exist': 'ifNoneExist',
  'if-modified-since': 'ifModifiedSince',
} as const;
/** Headers of the bundle that hold for each of its entries. */
const inherited = ['prefer', 'x-ms-profile-validation'];

/** Throws `FhirError` for an entry that asks for nothing this service has, or for what the caller may not do. */
export function entryRequest(outer: FhirRequest, entry: JsonValue, rows: readonly InteractionRow[]): EntryRequest {
  if (!isObject(entry)) throw new FhirError('structure', 'An entry must be an object.');
  const asked = entry.request;
  if (!isObject(asked)) throw new FhirError('required', 'The entry has no request.');
  const method = methods.find((each) => each === asked.method);
  if (!method) throw new FhirError('value', 'The method of the request is not one of HTTPVerb.');
  if (typeof asked.url !== 'string' || asked.url === '') throw new FhirError('required', 'The request has no url.');
  const { path, query } = relative(asked.url, outer.base);
  const { row, params } = route(rows, method, path);
  const principal = principalFor(outer.principal, params.type);
  if (!mayDo(principal, row.access)) throw new FhirError('forbidden', 'The caller may not do this.');
  const hasBody =
    row.body === 'resource' || row.body === 'patch' || (row.body === 'optional' && entry.resource !== undefined);
  const sent = hasBody ? resourceOfEntry(entry.resource) : undefined;
  const body = row.body === 'patch' && sent ? patchBody(sent) : sent && { resource: sent };
  const { resource: _bundle, ...common } = outer;
  const request: FhirRequest = {
    ...common,
    ...params,
    principal,
    method,
    query: [...new URLSearchParams(query)],
    header: (name) => {
      if (inherited.includes(name)) return outer.header(name);
      const value = name in headerElements ? asked[headerElements[name as keyof typeof headerElements]] : undefined;
      return typeof value === 'string' ? value : undefined;
    },
    ...body,
    audit: {},
  };
  const fullUrl = typeof entry.fullUrl === 'string' ? entry.fullUrl : undefined;
  return { row, request, method, url: asked.url, fullUrl, sentId: sent?.id };
}

/** AHDS: an absolute url is reduced to what stands behind the address of the service. */
function relative(url: string, base: string): { path: string; query: string } {
  const inside = url.startsWith(`${base}/`) || url === base ? url.slice(base.length) : url;
  const [path = '', ...query] = inside.replace(/^\/+/, '').split('?');
  return { path: path.replace(/\/+$/, ''), query: query.join('?') };
}

function route(rows: readonly InteractionRow[], method: Method, path: string) {
  const segments = path === '' ? [] : path.split('/').map(decoded);
  let known = false;
  for (const row of rows) {
    const params = matchPath(row.path, segments);
    if (!params) continue;
    known = true;
    if (row.method === (method === 'HEAD' ? 'GET' : method)) return { row, params };
  }
  if (known) throw new FhirError('method-not-allowed', `${method} is not allowed here.`);
  throw new FhirError('not-found', 'The url of the request is none that this service answers.');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new FhirError('invalid', 'The url of the request has a malformed percent escape.');
  }
}

interface PathParameter {
  readonly name: 'type' | 'id' | 'versionId' | 'compartment';
  readonly fits: (segment: string) => boolean;
}

const operationNames: ReadonlySet<string> = new Set(Object.values(operationTable).map(({ name }) => name));

const isOperationName = (segment: string) => operationNames.has(segment);
const isTypeName = (segment: string) => /^[A-Za-z]+$/.test(segment) && segment !== 'metadata';

const pathParameters: ReadonlyMap<string, PathParameter> = new Map([
  ['{type}', { name: 'type', fits: isTypeName }],
  ['{otherType}', { name: 'type', fits: isTypeName }],
  ['{id}', { name: 'id', fits: isId }],
  ['{otherId}', { name: 'id', fits: isId }],
  ['{operation}', { name: 'id', fits: isOperationName }],
  ['{vid}', { name: 'versionId', fits: () => true }],
  ['{compartment}', { name: 'compartment', fits: isTypeName }],
  ['{member}', { name: 'type', fits: (segment) => segment === '*' || isTypeName(segment) }],
]);

function matchPath(pattern: string, segments: readonly string[]) {
  const expected = pattern === '' ? [] : pattern.split('/');
  if (expected.length !== segments.length) return undefined;
  const params: { [name in PathParameter['name']]?: string } = {};
  for (const [index, part] of expected.entries()) {
    const segment = segments[index] ?? '';
    const parameter = pathParameters.get(part);
    if (parameter ? !parameter.fits(segment) : segment !== part) return undefined;
    if (parameter) params[parameter.name] = segment;
    else if (index === 0 && /^[A-Z]/.test(segment)) params.type = segment;
  }
  return params;
}

/** FHIR R4 3.1.0.11.3: a FHIRPath Patch is a Parameters, a JSON Patch is the content of a Binary. */
function patchBody(sent: Resource): Pick<FhirRequest, 'resource' | 'jsonPatch'> {
  if (sent.resourceType !== 'Binary') return { resource: sent };
  const { contentType, data } = sent;
  if (typeof contentType !== 'string' || !isJsonPatch(contentType)) {
    throw new FhirError('media-type', `The Binary of a patch must have the contentType ${jsonPatchType}.`);
  }
  if (typeof data !== 'string') throw new FhirError('required', 'The Binary of a patch must have data.');
  return { jsonPatch: parseJson(Buffer.from(data, 'base64')) };
}

function resourceOfEntry(value: JsonValue | undefined): Resource {
  if (!isObject(value)) throw new FhirError('required', 'The entry has no resource.');
  if (typeof value.resourceType !== 'string') throw new FhirError('structure', 'The resource has no resourceType.');
  return value as Resource;
}
