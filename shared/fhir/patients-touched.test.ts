import { describe, expect, it } from 'vitest';
import { maxPatients } from '../access/audit-record.ts';
import type { AuditDetail } from '../operations/operation.ts';
import { notePatients } from './patients-touched.ts';

const base = 'http://localhost:7071/fhir';

function found(...texts: string[]): string[] | undefined {
  const audit: AuditDetail = {};
  notePatients(
    audit,
    texts.map((text) => Buffer.from(text)),
    base,
  );
  return audit.patients;
}

describe('the patients that a text tells of', () => {
  it.each<[string, string, string[] | undefined]>([
    ['a reference', '{"subject":{"reference":"Patient/a-1.b"}}', ['a-1.b']],
    ['a reference to a version', '{"reference":"Patient/1/_history/2"}', ['1']],
    ['an address of this service', `{"fullUrl":"${base}/Patient/1"}`, ['1']],
    ['several, each once', '{"a":"Patient/1","b":"Patient/2","c":"Patient/1"}', ['1', '2']],
    ['a patient of another server', '{"reference":"https://other.example/fhir/Patient/1"}', undefined],
    ['another type that ends in the word', '{"reference":"MyPatient/1"}', undefined],
    ['no id', '{"url":"Patient/"}', undefined],
    ['a text that starts with it', 'Patient/1', undefined],
  ])('%s', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('are found in a part of a larger buffer', () => {
    const audit: AuditDetail = {};
    const whole = Buffer.from('"Patient/1""Patient/2""Patient/3"');
    notePatients(audit, [whole.subarray(11, 22)], base);
    expect(audit.patients).toEqual(['2']);
  });

  it('are a hundred at most', () => {
    expect(found(...Array.from({ length: 300 }, (_, at) => `"Patient/${at}"`))).toHaveLength(maxPatients);
  });
});
