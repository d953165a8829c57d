import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import { describe, expect, it } from 'vitest';
import { hl7Examples } from '../../../test/fixtures/hl7-examples.ts';
import { loadDefinitions } from './load.ts';

const definitions = loadDefinitions();

describe('search parameters', () => {
  it('are those of the type and those that every type shares', () => {
    const parameters = definitions.searchParameters('Patient');
    expect(parameters.get('birthdate')).toEqual({
      url: 'http://hl7.org/fhir/SearchParameter/individual-birthdate',
      code: 'birthdate',
      type: 'date',
      base: 'Patient',
      expression: 'Patient.birthDate',
      targets: [],
      components: [],
    });
    expect(parameters.get('_tag')).toMatchObject({ base: 'Resource', expression: 'Resource.meta.tag' });
    expect(definitions.searchParameters('Nothing').size).toBe(0);
  });

  it('take of a union over many types the part of their own', () => {
    expect(definitions.searchParameters('Condition').get('code')?.expression).toBe('Condition.code');
    expect(definitions.searchParameters('InsurancePlan').get('name')?.expression).toBe('name.combine(alias)');
  });

  it('have the types that resolve() asks for as targets', () => {
    expect(definitions.searchParameters('Observation').get('patient')).toMatchObject({
      expression: 'Observation.subject',
      targets: ['Patient'],
    });
  });

  it('have as targets what their element allows, and every type where it allows any', () => {
    expect(definitions.searchParameters('AllergyIntolerance').get('patient')?.targets).toEqual(['Patient']);
    expect(definitions.searchParameters('Observation').get('focus')?.targets).toHaveLength(146);
  });

  it('name the parts of a composite', () => {
    expect(definitions.searchParameters('Observation').get('code-value-date')).toMatchObject({
      type: 'composite',
      expression: 'Observation',
      components: [
        { code: 'code', type: 'token', expression: 'code' },
        { code: 'value-date', type: 'date', expression: 'value.ofType(dateTime).combine(value.ofType(Period))' },
      ],
    });
  });

  it('can all be run on all of the examples of HL7', () => {
    const runs = new Map<string, (resource: unknown) => unknown[]>();
    const run = (expression: string, resource: unknown): unknown[] => {
      const compiled = runs.get(expression) ?? (fhirpath.compile(expression, r4) as (resource: unknown) => unknown[]);
      runs.set(expression, compiled);
      return compiled(resource);
    };
    const found = new Map<string, number>();
    for (const resource of hl7Examples()) {
      for (const { base, code, expression } of definitions.searchParameters(resource.resourceType).values()) {
        if (expression === '') continue;
        const key = `${base}.${code}`;
        found.set(key, (found.get(key) ?? 0) + run(expression, resource).length);
      }
    }
    expect(found.get('Observation.combo-value-quantity')).toBeGreaterThan(20);
    expect([...found.values()].filter((values) => values > 0).length).toBeGreaterThan(900);
  });
});
