/**
 * Every way in which a FHIR request can fail or be annotated: error code → HTTP status and issue type.
 * Source: FHIR R4 IssueType; statuses as AHDS gives them (docs/conformance.md).
 */
import { type RequestErrorCode, requestErrors, UserError } from '../operations/errors.ts';
import { QueryTooLarge } from '../stores/resources/query.ts';

export type Severity = 'fatal' | 'error' | 'warning' | 'information';

export interface Issue {
  severity: Severity;
  code: string;
  diagnostics?: string;
  details?: { text: string };
  /** FHIRPath of the element, `Patient.name[0].given[1]`. */
  expression?: string[];
}

export interface OperationOutcome {
  resourceType: 'OperationOutcome';
  id?: string;
  meta?: { lastUpdated: string };
  issue: Issue[];
}

export const fhirErrors = {
  invalid: { status: 400, issue: 'invalid' },
  structure: { status: 400, issue: 'structure' },
  required: { status: 400, issue: 'required' },
  value: { status: 400, issue: 'value' },
  'not-supported': { status: 400, issue: 'not-supported' },
  'too-costly': { status: 400, issue: 'too-costly' },
  'not-found': { status: 404, issue: 'not-found' },
  deleted: { status: 410, issue: 'deleted' },
  conflict: { status: 409, issue: 'conflict' },
  'precondition-failed': { status: 412, issue: 'conflict' },
  'multiple-matches': { status: 412, issue: 'multiple-matches' },
  'not-selective': { status: 412, issue: 'too-costly' },
  'method-not-allowed': { status: 405, issue: 'not-supported' },
  /** AHDS answers 403 to search operations it does not offer (modifier, prefix, sort), although the caller is allowed. */
  'search-not-supported': { status: 403, issue: 'forbidden' },
  forbidden: { status: 403, issue: 'forbidden' },
  unauthenticated: { status: 401, issue: 'login' },
  'not-acceptable': { status: 406, issue: 'not-supported' },
  'media-type': { status: 415, issue: 'not-supported' },
  'body-too-large': { status: 413, issue: 'too-long' },
  timeout: { status: 408, issue: 'timeout' },
  throttled: { status: 429, issue: 'throttled' },
  unavailable: { status: 503, issue: 'transient' },
  /** AHDS: the record of a patient that was replaced by another one. */
  moved: { status: 301, issue: 'invalid' },
  /** AHDS: what was sent is well formed, and nothing or too much fits it. */
  unprocessable: { status: 422, issue: 'invalid' },
} as const satisfies Record<string, { status: number; issue: string }>;

export type FhirErrorCode = keyof typeof fhirErrors;

/** The FHIR face of the failures that any operation can have. A code without a line here does not compile. */
export const issueOfRequestError: Record<RequestErrorCode, string> = {
  'not-found': 'not-found',
  'method-not-allowed': 'not-supported',
  unauthenticated: 'login',
  forbidden: 'forbidden',
  'bad-request': 'invalid',
  'body-too-large': 'too-long',
  'media-type': 'not-supported',
  'not-acceptable': 'not-supported',
  timeout: 'timeout',
  'too-many-headers': 'too-costly',
  throttled: 'throttled',
  unavailable: 'transient',
  system: 'exception',
};

/** A failed FHIR request with the issues that its OperationOutcome will show. Always a user error. */
export class FhirError extends UserError<FhirErrorCode> {
  readonly issues: readonly Issue[];

  constructor(
    code: FhirErrorCode,
    diagnostics: string | readonly Issue[],
    headers: Readonly<Record<string, string>> = {},
  ) {
    const issues: readonly Issue[] =
      typeof diagnostics === 'string'
        ? [{ severity: 'error', code: fhirErrors[code].issue, diagnostics }]
        : diagnostics;
    super(code, fhirErrors[code].status, issues[0]?.diagnostics ?? code, headers);
    this.name = 'FhirError';
    this.issues = issues;
  }
}

/** What was thrown as a failure that the caller caused, if it is one: a search too large for the store is. */
export function userErrorOf(error: unknown): UserError | undefined {
  if (error instanceof QueryTooLarge) return new FhirError('too-costly', error.message);
  return error instanceof UserError ? error : undefined;
}

/** The OperationOutcome of anything thrown. A system error shows nothing but that it happened. */
export function outcomeOf(error: unknown, requestId: string, now: Date): OperationOutcome {
  return operationOutcome(issuesOf(error), requestId, now);
}

export function operationOutcome(issues: readonly Issue[], requestId: string, now: Date): OperationOutcome {
  return {
    resourceType: 'OperationOutcome',
    id: requestId,
    meta: { lastUpdated: now.toISOString() },
    issue: [...issues],
  };
}

export function issuesOf(error: unknown): readonly Issue[] {
  if (error instanceof FhirError) return error.issues;
  if (error instanceof UserError && error.code in requestErrors) {
    const code = issueOfRequestError[error.code as RequestErrorCode];
    return [{ severity: 'error', code, diagnostics: error.message }];
  }
  return [{ severity: 'fatal', code: 'exception', diagnostics: 'The request failed inside the service.' }];
}
