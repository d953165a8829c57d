import { describe, expect, it } from 'vitest';
import { customAuditHeaders, dicomAuditHeaders, fhirAuditHeaders } from './audit-headers.ts';

const many = (prefix: string, count: number, value = 'x') =>
  new Headers(Array.from({ length: count }, (_, at): [string, string] => [`${prefix}${at}`, value]));

describe.each([
  ['FHIR', 'X-MS-AZUREFHIR-AUDIT-', fhirAuditHeaders, 431],
  ['DICOM', 'X-MS-AZUREDICOM-AUDIT-', dicomAuditHeaders, 400],
] as const)("the caller's own audit fields, %s", (_, prefix, rule, status) => {
  it('are what stands behind the prefix', () => {
    const headers = new Headers({ [`${prefix}Site`]: 'north', 'X-MS-AZURE-OTHER': 'x' });
    expect(customAuditHeaders(headers, rule)).toEqual({ site: 'north' });
    expect(customAuditHeaders(new Headers(), rule)).toBeUndefined();
  });

  it(`are ten of 2,048 characters; more or longer ones are ${status}`, () => {
    expect(Object.keys(customAuditHeaders(many(prefix, 10, 'x'.repeat(2048)), rule) ?? {})).toHaveLength(10);
    const refused = expect.objectContaining({ status });
    expect(() => customAuditHeaders(many(prefix, 11), rule)).toThrow(refused);
    expect(() => customAuditHeaders(many(prefix, 1, 'x'.repeat(2049)), rule)).toThrow(refused);
  });
});
