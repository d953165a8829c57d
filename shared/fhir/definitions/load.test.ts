import { describe, expect, it } from 'vitest';
import { loadDefinitions } from './load.ts';

const definitions = loadDefinitions();

describe('definitions', () => {
  it('know the 146 concrete resource types, and no abstract one', () => {
    expect(definitions.resourceTypes).toHaveLength(146);
    expect(definitions.isResourceType('Patient')).toBe(true);
    expect(definitions.isResourceType('DomainResource')).toBe(false);
    expect(definitions.isResourceType('Patient.contact')).toBe(false);
  });

  it('have every type that an element names', () => {
    const missing = new Set<string>();
    const seen = new Set<string>();
    const visit = (name: string): void => {
      if (seen.has(name)) return;
      seen.add(name);
      const type = definitions.type(name);
      if (type === undefined) missing.add(name);
      for (const element of type?.elements.values() ?? []) visit(element.type);
    };
    for (const name of definitions.resourceTypes) visit(name);
    expect(missing).toEqual(new Set());
    expect(seen.size).toBeGreaterThan(650);
  });

  it('give a backbone element its own type', () => {
    expect(definitions.type('Patient')?.elements.get('contact')).toMatchObject({ type: 'Patient.contact', min: 0 });
    expect(definitions.type('Patient.contact')).toMatchObject({ name: 'Patient.contact', kind: 'backbone' });
    expect(definitions.type('Patient.contact')?.elements.get('gender')).toMatchObject({
      type: 'code',
      binding: 'http://hl7.org/fhir/ValueSet/administrative-gender',
    });
  });

  it.each([
    ['Questionnaire.item', 'item', 'Questionnaire.item'],
    ['Bundle.entry', 'link', 'Bundle.link'],
    ['Observation.component', 'referenceRange', 'Observation.referenceRange'],
    ['Bundle.entry', 'resource', 'Resource'],
    ['Parameters.parameter', 'resource', 'Resource'],
    ['Patient', 'contained', 'Resource'],
    ['Patient', 'id', 'id'],
    ['Patient.contact', 'id', 'string'],
    ['Extension', 'url', 'uri'],
    ['Narrative', 'div', 'xhtml'],
  ])('%s.%s is a %s', (type, element, expected) => {
    expect(definitions.type(type)?.elements.get(element)?.type).toBe(expected);
  });

  it('name a choice once for each of its types, with what concerns that type only', () => {
    const elements = definitions.type('MedicationRequest')?.elements;
    expect(elements?.get('medicationReference')).toEqual({
      name: 'medicationReference',
      type: 'Reference',
      choice: 'medication',
      min: 1,
      max: 1,
      summary: true,
      targets: ['Medication'],
    });
    expect(elements?.get('medicationCodeableConcept')).not.toHaveProperty('targets');
    expect(elements?.has('medication[x]')).toBe(false);
  });

  it('list the codes of a required binding by system, and nothing for a set that cannot be listed', () => {
    expect(definitions.codes('http://hl7.org/fhir/ValueSet/administrative-gender')).toEqual(
      new Map([['http://hl7.org/fhir/administrative-gender', new Set(['female', 'male', 'other', 'unknown'])]]),
    );
    expect(definitions.codes('http://hl7.org/fhir/ValueSet/mimetypes')).toBeUndefined();
  });

  it('know the system of a bare code', () => {
    expect(definitions.systemOfCode('Patient.gender')).toBe('http://hl7.org/fhir/administrative-gender');
    expect(definitions.systemOfCode('HumanName.use')).toBe('http://hl7.org/fhir/name-use');
    expect(definitions.systemOfCode('Patient.name')).toBeUndefined();
    expect(definitions.systemOfCode('Coding.code')).toBeUndefined();
  });

  it('put resources into the five compartments', () => {
    expect([...definitions.compartments.keys()]).toEqual([
      'Device',
      'Encounter',
      'Patient',
      'Practitioner',
      'RelatedPerson',
    ]);
    const patient = definitions.compartments.get('Patient')?.members;
    expect(patient?.get('Observation')).toEqual(['subject', 'performer']);
    expect(patient?.has('Medication')).toBe(false);
  });
});
