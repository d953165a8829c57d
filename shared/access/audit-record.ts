/**
 * What remains of a request: who did what to whose data, and what came of it. Never a query string or a body, which may
 * hold health data.
 */
import { requestError } from '../operations/errors.ts';
import type { AuditDetail } from '../operations/operation.ts';

export interface AuditRecord extends AuditDetail {
  readonly time: string;
  readonly requestId: string;
  readonly correlationId?: string;
  /** The principal's id; absent when the request failed before the caller was known. */
  readonly who?: string;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  /** `X-MS-AZUREFHIR-AUDIT-*` headers by what stands behind that prefix. */
  readonly custom?: Readonly<Record<string, string>>;
}

/** Where audit records go. `log` is the invocation's own. */
export type AuditSink = (line: string, log: (line: string) => void) => void;

/** On Azure, records go to Application Insights with the invocation's other traces. */
export const auditToLog: AuditSink = (line, log) => log(line);

const customPrefix = 'x-ms-azurefhir-audit-';
const customHeaderLimit = 10;
const customValueLimit = 2048;

/** The caller's own audit fields. AHDS answers 431 to more than 10 or longer than 2,048 characters. */
export function customAuditHeaders(headers: Headers): Record<string, string> | undefined {
  let custom: Record<string, string> | undefined;
  for (const [name, value] of headers) {
    if (!name.startsWith(customPrefix)) continue;
    custom ??= {};
    custom[name.slice(customPrefix.length)] = value;
    if (value.length > customValueLimit) {
      throw requestError('too-many-headers', `An audit header may have ${customValueLimit} characters.`);
    }
  }
  if (custom && Object.keys(custom).length > customHeaderLimit) {
    throw requestError('too-many-headers', `A request may have ${customHeaderLimit} audit headers.`);
  }
  return custom;
}
