/**
 * Errors are decided at birth. A user error is the caller's to mend: its text goes into the answer and never into a log,
 * because it may quote the caller's data. Everything else that is thrown is a system error: its text is logged and the
 * caller sees only the request id.
 */

/** Failures that any operation of any service can have; services have tables of their own that extend this one. */
export const requestErrors = {
  'not-found': { status: 404 },
  'method-not-allowed': { status: 405 },
  unauthenticated: { status: 401 },
  forbidden: { status: 403 },
  'bad-request': { status: 400 },
  'body-too-large': { status: 413 },
  'media-type': { status: 415 },
  'not-acceptable': { status: 406 },
  timeout: { status: 408 },
  'too-many-headers': { status: 431 },
  throttled: { status: 429 },
  unavailable: { status: 503 },
  system: { status: 500 },
} as const satisfies Record<string, { status: number }>;

export type RequestErrorCode = keyof typeof requestErrors;

/** A failure that the caller caused. `code` is a key of the service's error table; `headers` go into the answer. */
export class UserError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: Code, status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'UserError';
    this.code = code;
    this.status = status;
    this.headers = headers;
  }
}

/** A failure from the common table. */
export function requestError(code: RequestErrorCode, message: string, headers?: Record<string, string>): UserError {
  return new UserError(code, requestErrors[code].status, message, headers);
}

/** What a log may say of anything thrown: a user error's text is the caller's and stays out. */
export function systemText(error: unknown): string {
  if (error instanceof UserError) return `user error ${error.code}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
