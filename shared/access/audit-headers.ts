/** Headers by which a caller adds fields of its own to the audit record. */
import { requestError } from '../operations/errors.ts';

/** How a kind of service calls them, and what it answers to too many or too long ones. */
export interface AuditHeaderRule {
  readonly prefix: string;
  readonly refused: 'too-many-headers' | 'bad-request';
}

export const fhirAuditHeaders: AuditHeaderRule = { prefix: 'x-ms-azurefhir-audit-', refused: 'too-many-headers' };
/** AHDS: 400 here, where FHIR has 431. */
export const dicomAuditHeaders: AuditHeaderRule = { prefix: 'x-ms-azuredicom-audit-', refused: 'bad-request' };

const maxHeaders = 10;
const maxValueLength = 2048;

/** The caller's fields by what stands behind the prefix. AHDS: ten, of 2,048 characters. */
export function customAuditHeaders(
  headers: Headers,
  { prefix, refused }: AuditHeaderRule,
): Record<string, string> | undefined {
  const custom: [string, string][] = [];
  for (const [name, value] of headers) {
    if (!name.startsWith(prefix)) continue;
    if (value.length > maxValueLength)
      throw requestError(refused, `An audit header has ${maxValueLength} characters at most.`);
    custom.push([name.slice(prefix.length), value]);
  }
  if (custom.length > maxHeaders) throw requestError(refused, `A request has ${maxHeaders} audit headers at most.`);
  return custom.length === 0 ? undefined : Object.fromEntries(custom);
}
