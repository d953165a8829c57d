/** How answers refer to a job. AHDS: its id has 32 hexadecimal digits, no dashes. */
import type { DicomCall } from '../call.ts';

export interface OperationLink {
  readonly id: string;
  readonly href: string;
}

export function operationLink({ root }: DicomCall, job: string): OperationLink {
  const id = job.replaceAll('-', '');
  return { id, href: `${root}/operations/${id}` };
}

/** The job's own id; undefined for what is no id of an operation. */
export function jobOf(operation: string): string | undefined {
  const digits = operation.toLowerCase().replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/.test(digits)) return undefined;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
