/**
 * What remains of a request: who did what to whose data, and what came of it. Never a query string or a body, which may
 * hold health data.
 */
import type { AuditDetail, AuditEntry } from '../operations/operation.ts';

/** What the record of a request and those of its entries have in common. */
interface AuditCommon {
  readonly time: string;
  readonly requestId: string;
  readonly correlationId?: string | undefined;
  /** The service instance; absent at the workspace's own addresses. */
  readonly service?: string | undefined;
  /** The principal's id; absent when the request failed before the caller was known. */
  readonly who?: string | undefined;
  /** The app through which it called, where a token names one. */
  readonly client?: string | undefined;
  readonly operation: string;
}

export interface AuditRecord extends AuditCommon, Omit<AuditDetail, 'entries'> {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  /** How many records of entries follow. */
  readonly entries?: number;
  /** The caller's own fields, by what stands behind the headers' prefix. */
  readonly custom?: Readonly<Record<string, string>> | undefined;
}

/** One entry of the request with the same `requestId`. */
export interface AuditEntryRecord extends AuditCommon, AuditEntry {
  /** Its place among the entries, from 1 on. */
  readonly entry: number;
}

/** Where records go: appended, never changed. One call for each, in order; `log` is the invocation's own. */
export type AuditSink = (line: string, log: (line: string) => void) => void;

/** On Azure, records go to Application Insights with the invocation's other traces. */
export const auditToLog: AuditSink = (line, log) => log(line);

const maxTextLength = 2048;
/** More than these are not counted one by one: a record has its limit, and such a request is about the service as a whole. */
export const maxPatients = 100;

/** The request's record and one for each of its entries. What the caller chose is cut where it is longer than anything that means something. */
export function auditRecords(
  { entries = [], ...detail }: AuditDetail,
  request: Omit<AuditRecord, keyof AuditDetail>,
): [AuditRecord, ...AuditEntryRecord[]] {
  const path = request.path.slice(0, maxTextLength);
  const correlationId = request.correlationId?.slice(0, maxTextLength);
  const { time, requestId, service, who, client, operation } = request;
  const common = { time, requestId, correlationId, service, who, client, operation };
  const patients = [...new Set([detail, ...entries].flatMap(({ patients = [] }) => patients))].slice(0, maxPatients);
  return [
    {
      ...request,
      ...detail,
      path,
      correlationId,
      ...(patients.length > 0 && { patients }),
      ...(entries.length > 0 && { entries: entries.length }),
    },
    ...entries.map((entry, at) => ({ ...common, entry: at + 1, ...entry })),
  ];
}
