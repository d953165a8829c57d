import { describe, expect, it } from 'vitest';
import type { CompartmentDefinition } from '../definitions/definitions.ts';
import { parseSearch } from './parse-search.ts';
import { base, definitions, now } from './testing/parsed-address.ts';
import { and, or, reference, token } from './testing/tree.ts';

const codes = ['Device', 'Encounter', 'Patient', 'Practitioner', 'RelatedPerson'];
const definitionOf = (code: string) => definitions.compartments.get(code) as CompartmentDefinition;

function queryOf(code: string, member: string, query = '') {
  const types = member === '*' ? undefined : [member];
  const compartment = { definition: definitionOf(code), id: '1' };
  const pairs = [...new URLSearchParams(query)];
  return parseSearch({ definitions, types, compartment, pairs, base, strict: true, now }).query;
}

describe('a compartment', () => {
  it('is whatever refers to its resource by one of the parameters of its definition', () => {
    expect(queryOf('Patient', 'Observation')).toEqual({
      types: ['Observation'],
      where: or(
        reference('Observation.subject', { type: 'Patient', id: '1' }),
        reference('Observation.performer', { type: 'Patient', id: '1' }),
      ),
      sort: [],
    });
  });

  it('combines with further parameters', () => {
    expect(queryOf('Encounter', 'Condition', 'code=a').where).toEqual(
      and(reference('Condition.encounter', { type: 'Encounter', id: '1' }), token('Condition.code', { code: 'a' })),
    );
  });

  it('never holds a type that its definition does not name', () => {
    expect(queryOf('Patient', 'Medication').where).toEqual({ kind: 'nothing' });
  });

  it('over all types is narrowed by _type', () => {
    expect(queryOf('Device', '*', '_type=Flag,Medication')).toEqual({
      types: ['Flag', 'Medication'],
      where: reference('Flag.author', { type: 'Device', id: '1' }),
      sort: [],
    });
    expect(queryOf('Device', '*').types).toEqual([...definitionOf('Device').members.keys()]);
  });

  it.each(codes)('%s names only parameters that its member types have', (code) => {
    for (const [type, parameters] of definitionOf(code).members) {
      for (const parameter of parameters) {
        expect(definitions.searchParameters(type).get(parameter), `${type}.${parameter}`).toMatchObject({
          type: 'reference',
        });
      }
    }
  });
});
