/**
 * One request to one endpoint, from web-standard request to answer. Always answers: in streaming mode an error thrown
 * to the Functions host would leave the client hanging until a time limit.
 */
import { randomUUID } from 'node:crypto';
import { customAuditHeaders } from '../access/audit-headers.ts';
import { type AuditEntryRecord, type AuditRecord, auditRecords } from '../access/audit-record.ts';
import type { Authenticate } from '../access/authenticate.ts';
import { mayDo, type Principal } from '../access/principal.ts';
import type { ClientConnection } from './client-connection.ts';
import { type CorsRules, corsHeaders, isPreflight } from './cors.ts';
import type { Endpoint } from './endpoint.ts';
import { requestError, systemText, UserError } from './errors.ts';
import type { Answer, AuditDetail, Method } from './operation.ts';
import { type AddressRules, publicRoot } from './request-address.ts';
import { type BodySource, readStream, readWhole } from './request-body.ts';
import { matchRoute, pathSegments } from './route-template.ts';

/** What a Function receives, in the parts that are used. */
export interface IncomingRequest extends BodySource {
  readonly method: string;
  readonly url: string;
}

export interface Surroundings {
  readonly address: AddressRules;
  readonly authenticate: Authenticate;
  readonly connection: ClientConnection | undefined;
  /** What pages of other origins may do with the service of that name; undefined: nothing. */
  readonly cors?: (serviceName: string) => CorsRules | undefined;
  readonly audit: (record: AuditRecord | AuditEntryRecord) => void;
  /** Gets system errors only: their texts hold no data of a caller. */
  readonly logError: (text: string) => void;
}

/** AHDS sends these with every answer. */
const constantHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'SAMEORIGIN',
  'Content-Security-Policy': "frame-src 'self';",
};

export async function serve(endpoint: Endpoint, request: IncomingRequest, around: Surroundings): Promise<Answer> {
  const started = performance.now();
  const requestId = randomUUID();
  const correlationId = request.headers.get('x-request-id') ?? undefined;
  const detail: AuditDetail = {};
  const known: { principal?: Principal; custom?: Record<string, string> | undefined } = {};
  const rules = around.cors && corsRulesOf(request, around.cors);
  let answer: Answer;
  try {
    known.custom = customAuditHeaders(request.headers, endpoint.auditHeaders);
    if (endpoint.access !== 'public') known.principal = await authorize(endpoint, request, around);
    if (rules && isPreflight(request)) answer = { status: 204 };
    else
      answer = await run(endpoint, request, { requestId, correlationId, detail, principal: known.principal }, around);
  } catch (error) {
    answer = failed(endpoint, error, request, requestId, around);
  }
  const records = auditRecords(detail, {
    time: new Date().toISOString(),
    requestId,
    correlationId,
    service: instanceOf(endpoint, request),
    who: known.principal?.id,
    client: known.principal?.client,
    operation: endpoint.name,
    method: request.method,
    path: new URL(request.url).pathname,
    status: answer.status,
    durationMs: Math.round((performance.now() - started) * 10) / 10,
    custom: known.custom,
  });
  for (const record of records) around.audit(record);
  const headers: Record<string, string> = { ...answer.headers, ...constantHeaders, 'X-Request-Id': requestId };
  if (correlationId !== undefined) headers['X-Correlation-Id'] = correlationId;
  return { ...answer, headers: rules ? { ...headers, ...corsHeaders(rules, request) } : headers };
}

function corsRulesOf({ url }: IncomingRequest, cors: NonNullable<Surroundings['cors']>): CorsRules | undefined {
  const [, first = ''] = new URL(url).pathname.split('/');
  return cors(first.toLowerCase());
}

async function authorize(endpoint: Endpoint, request: IncomingRequest, around: Surroundings): Promise<Principal> {
  const params = routeValues(endpoint, request);
  const principal = await around.authenticate(request.headers, serviceOf(params));
  if (!mayDo(principal, endpoint.access)) {
    throw requestError('forbidden', 'The caller lacks the data action that this operation needs.');
  }
  return principal;
}

interface Known {
  readonly requestId: string;
  readonly correlationId: string | undefined;
  readonly detail: AuditDetail;
  readonly principal: Principal | undefined;
}

/** Read from the URL: in streaming mode the host's `params` is mixed with other trigger metadata. */
function routeValues({ template }: Endpoint, { url }: IncomingRequest): Record<string, string> {
  const params = matchRoute(template, pathSegments(new URL(url).pathname));
  if (params) return params;
  throw requestError('not-found', 'Nothing is served at this address.');
}

/** For the audit record; nothing in an address that nobody serves. */
function instanceOf({ template }: Endpoint, { url }: IncomingRequest): string | undefined {
  return matchRoute(template, pathSegments(new URL(url).pathname))?.service?.toLowerCase();
}

/** As workspace.json spells it; empty at the workspace's root. */
function serviceOf({ service }: Record<string, string>): string {
  return service?.toLowerCase() ?? '';
}

async function run(endpoint: Endpoint, request: IncomingRequest, known: Known, around: Surroundings): Promise<Answer> {
  const url = new URL(request.url);
  const params = routeValues(endpoint, request);
  const root = publicRoot(url, request.headers, around.address);
  const serviceName = serviceOf(params);
  const gate = endpoint.gate(serviceName);
  const turn = gate?.enter(() => around.connection?.gone ?? false);
  if (turn) await turn;
  try {
    return await answerOf({ endpoint, request, known, around, url, root, params, serviceName });
  } finally {
    gate?.leave();
  }
}

interface Admitted {
  readonly endpoint: Endpoint;
  readonly request: IncomingRequest;
  readonly known: Known;
  readonly around: Surroundings;
  readonly url: URL;
  readonly root: string;
  readonly params: Record<string, string>;
  readonly serviceName: string;
}

/** The body belongs to the work: it is in memory from here on. */
async function answerOf(admitted: Admitted): Promise<Answer> {
  const { endpoint, request, known, around, url, root, params, serviceName } = admitted;
  const maxBytes = endpoint.maxBodyBytes(serviceName);
  return endpoint.run({
    operation: endpoint.name,
    method: request.method as Method,
    url: new URL(root + url.pathname + url.search),
    params,
    headers: request.headers,
    body: endpoint.body.kind === 'whole' ? await readWhole(request, maxBytes) : new Uint8Array(),
    stream: endpoint.body.kind === 'stream' ? readStream(request, maxBytes) : undefined,
    serviceName,
    base: serviceName === '' ? root : `${root}/${serviceName}`,
    principal: known.principal ?? anonymous,
    requestId: known.requestId,
    correlationId: known.correlationId,
    audit: known.detail,
    connection: around.connection,
  });
}

/** Calls public operations: nobody asked who it is, so nothing is allowed. */
const anonymous: Principal = { id: 'anonymous', allows: () => false };

function failed(
  endpoint: Endpoint,
  error: unknown,
  request: IncomingRequest,
  requestId: string,
  around: Surroundings,
): Answer {
  const { method, url, headers } = request;
  if (!(error instanceof UserError)) {
    around.logError(`${endpoint.name} failed, request ${requestId}: ${systemText(error)}`);
  }
  return endpoint.renderError(error, { requestId, method, url, headers });
}
