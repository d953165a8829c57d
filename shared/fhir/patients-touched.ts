/**
 * Whose data a request has read, written or found, for the audit record: the patients that are in it and those that it refers
 * to. That is their compartments, and a patient whom a resource only mentions, in `Observation.focus` say. Found in the texts,
 * so that a read need not be parsed for it.
 */
import { maxPatients } from '../access/audit-record.ts';
import type { AuditDetail } from '../operations/operation.ts';
import type { FhirRequest, FhirResponse } from './interactions/interaction.ts';

const marker = 'Patient/';
const quote = 0x22;
const slash = 0x2f;

/** `base`: what absolute addresses of this service's patients start with. */
export function notePatients(audit: AuditDetail, texts: readonly Uint8Array[], base: string): void {
  for (const text of texts) {
    const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
    for (let at = bytes.indexOf(marker); at >= 0; at = bytes.indexOf(marker, at + marker.length)) {
      if (isOwnReference(bytes, at, base)) notePatient(audit, idAt(bytes, at + marker.length));
      if (audit.patients?.length === maxPatients) return;
    }
  }
}

export function notePatient(audit: AuditDetail, id: string): void {
  if (id === '') return;
  audit.patients ??= [];
  if (audit.patients.length < maxPatients && !audit.patients.includes(id)) audit.patients.push(id);
}

/** Whose data an answer shows; the resource that the request was about may be the patient. */
export function noteTouched({ audit, base }: FhirRequest, { body = [] }: FhirResponse): void {
  if (audit.resourceType === 'Patient' && audit.resourceId !== undefined) notePatient(audit, audit.resourceId);
  notePatients(audit, body, base);
}

/** `"Patient/1"`, or with the service's address before it; at another server it is another patient. */
function isOwnReference(bytes: Buffer, at: number, base: string): boolean {
  const before = bytes[at - 1];
  if (before === quote) return true;
  const from = at - 1 - base.length;
  return before === slash && from >= 0 && bytes.toString('latin1', from, at - 1) === base;
}

/** Up to 64 characters of an id. */
function idAt(bytes: Buffer, at: number): string {
  return /^[A-Za-z0-9\-.]*/.exec(bytes.toString('latin1', at, at + 64))?.[0] ?? '';
}
