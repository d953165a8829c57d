/**
 * Answers to requests that a page of another origin makes: what the browser may let it do and see. Fetch standard, CORS protocol.
 * AHDS takes the same settings; it names no headers that the page may read, so that `ETag` is hidden from it there.
 */
export interface CorsRules {
  /** `https://app.example`, or `*` for every origin. */
  readonly origins: readonly string[];
  /** Methods and headers that a page may use; `*` for all. */
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  /** Seconds for which a browser may remember what it was allowed. */
  readonly maxAge?: number | undefined;
  readonly allowCredentials: boolean;
}

interface CrossOriginRequest {
  readonly method: string;
  readonly headers: Pick<Headers, 'get'>;
}

const exposed =
  'Content-Location, ETag, Items-Deleted, Location, Retry-After, X-Correlation-Id, X-Progress, X-Request-Id';

/** A browser asks before it sends the request itself. */
export function isPreflight({ method, headers }: CrossOriginRequest): boolean {
  return (
    method === 'OPTIONS' && headers.get('origin') !== null && headers.get('access-control-request-method') !== null
  );
}

export function isAllowedOrigin(rules: CorsRules | undefined, origin: string | null): boolean {
  return origin !== null && rules !== undefined && (rules.origins.includes('*') || rules.origins.includes(origin));
}

export function corsHeaders(rules: CorsRules, request: CrossOriginRequest): Record<string, string> {
  const origin = request.headers.get('origin');
  const anyOrigin = rules.origins.includes('*');
  const vary: Record<string, string> = anyOrigin ? {} : { Vary: 'Origin' };
  if (origin === null || !isAllowedOrigin(rules, origin)) return vary;
  return {
    ...vary,
    'Access-Control-Allow-Origin': anyOrigin ? '*' : origin,
    ...(rules.allowCredentials && { 'Access-Control-Allow-Credentials': 'true' }),
    ...(isPreflight(request) ? allowed(rules, request) : { 'Access-Control-Expose-Headers': exposed }),
  };
}

/** `*` is answered with what was asked for: browsers do not take it for everything, nor with credentials. */
function allowed({ methods, headers, maxAge }: CorsRules, request: CrossOriginRequest): Record<string, string> {
  const asked = (name: string) => request.headers.get(name) ?? '';
  const allowedMethods = methods.includes('*') ? asked('access-control-request-method') : methods.join(', ');
  const allowedHeaders = headers.includes('*') ? asked('access-control-request-headers') : headers.join(', ');
  return {
    'Access-Control-Allow-Methods': allowedMethods,
    ...(allowedHeaders !== '' && { 'Access-Control-Allow-Headers': allowedHeaders }),
    ...(maxAge !== undefined && { 'Access-Control-Max-Age': String(maxAge) }),
  };
}
