import { describe, expect, it } from 'vitest';
import { loadDefinitions } from '../definitions/load.ts';
import { compileIndexer } from '../search/index-resource.ts';
import { entryConditions } from './entry-conditions.ts';

const index = compileIndexer(loadDefinitions());
const conditions = (resource: Record<string, unknown>) =>
  entryConditions(index({ resourceType: 'Patient', ...resource } as never, 'http://localhost/fhir'));

describe('index entries as conditions', () => {
  it('texts exactly, as they are written', () => {
    expect(conditions({ name: [{ family: 'Öz' }] })).toContainEqual({
      kind: 'value',
      param: 'Patient.family',
      test: { kind: 'string', match: 'exact', exact: 'Öz' },
    });
  });

  it('tokens by code, and by system where there is one', () => {
    expect(conditions({ identifier: [{ system: 'urn:s', value: '1' }, { value: '2' }] })).toEqual(
      expect.arrayContaining([
        { kind: 'value', param: 'Patient.identifier', test: { kind: 'token', system: 'urn:s', code: '1' } },
        { kind: 'value', param: 'Patient.identifier', test: { kind: 'token', code: '2' } },
      ]),
    );
  });

  it('dates by overlap', () => {
    expect(conditions({ birthDate: '1970-02' })).toContainEqual({
      kind: 'value',
      param: 'Patient.birthdate',
      test: {
        kind: 'date',
        range: {
          join: 'every',
          bounds: [
            { end: 'low', is: '<=', value: Date.parse('1970-03-01') - 1 },
            { end: 'high', is: '>=', value: Date.parse('1970-02-01') },
          ],
        },
      },
    });
  });

  it('references, concepts without a code and composites are left out', () => {
    const more = {
      generalPractitioner: [{ reference: 'Practitioner/1' }],
      communication: [{ language: { text: 'Danish' } }],
    };
    expect(conditions(more)).toEqual(conditions({}));
    const observation = { code: { coding: [{ code: 'a' }] }, valueQuantity: { value: 1 } };
    const kinds = entryConditions(index({ resourceType: 'Observation', ...observation } as never, '')).map(
      ({ kind }) => kind,
    );
    expect(new Set(kinds)).toEqual(new Set(['value']));
  });
});
