import { describe, expect, it } from 'vitest';
import { formatJson } from '../../fhir/resource/json.ts';
import { measurementGroups } from '../group/measurement-groups.ts';
import { observationGroups } from '../group/observation-groups.ts';
import type { Measurement } from '../measurement.ts';
import { measurement } from '../testing/readings.ts';
import { createObservation } from './create-observation.ts';
import type { CodeValueTemplate } from './fhir-mapping.ts';
import { idOfIdentifier, serviceSystem } from './observation-identity.ts';

const owner = { patientId: 'patientA', deviceId: 'deviceA' };
const now = '2026-01-02T03:04:05.006Z';

function created(template: CodeValueTemplate, ...measurements: Measurement[]) {
  const [group] = measurementGroups(measurements).flatMap((each) => observationGroups(each, template));
  if (!group) throw new Error('There is no group.');
  return createObservation(template, group, owner, now);
}

const plain = { typeName: 'x', periodInterval: 0, codes: [], category: [], components: [] };

describe('a new Observation', () => {
  it('is the one of the worked example', () => {
    const template: CodeValueTemplate = {
      typeName: 'heartrate',
      periodInterval: 60,
      codes: [{ code: '8867-4', system: 'http://loinc.org', display: 'Heart rate' }],
      category: [],
      value: { type: 'SampledData', name: 'hr', periodMs: 600_000, unit: 'count/min' },
      components: [],
    };
    const { meta: _meta, ...observation } = created(
      template,
      measurement('heartrate', '2019-02-01T22:46:01.875Z', { hr: '65' }),
      measurement('heartrate', '2019-02-01T22:07:30Z', { hr: '71' }),
    );
    expect(observation).toEqual({
      resourceType: 'Observation',
      id: '95c0cd94536a5d4e1e525c73b831c9235d7115d8efb4294298102d3a170b7b64',
      identifier: [{ system: serviceSystem, value: 'patientA.deviceA.heartrate.20190201220000Z.20190201225959Z' }],
      status: 'final',
      code: {
        coding: [
          { system: 'http://loinc.org', code: '8867-4', display: 'Heart rate' },
          { system: serviceSystem, code: 'heartrate', display: 'heartrate' },
        ],
        text: 'heartrate',
      },
      subject: { reference: 'Patient/patientA' },
      device: { reference: 'Device/deviceA' },
      issued: now,
      effectivePeriod: { start: '2019-02-01T22:00:00.0000000Z', end: '2019-02-01T22:59:59.9999999Z' },
      valueSampledData: {
        origin: { value: 0, unit: 'count/min' },
        period: 600_000,
        dimensions: 1,
        data: '71 E E E 65 E',
      },
    });
  });

  it('has ids of identifiers as AHDS makes them', () => {
    expect(idOfIdentifier('user123')).toBe('c018de55d21c966ef1d413084969c7d23cfd83f9ee46c83c24461e6c0b085423');
    expect(idOfIdentifier('device123')).toBe('e06accbb3e1dc2ca4773724cfc492354e84ec2a5d8e31394675041c8a88d8717');
  });

  it('of a measurement has its time to the tick as start and end, and needs no note of it', () => {
    const template: CodeValueTemplate = {
      ...plain,
      value: { type: 'Quantity', name: 'w', unit: 'kg', system: 'http://unitsofmeasure.org', code: 'kg' },
    };
    const observation = created(template, measurement('X', '2019-02-01T22:46:01.8751234Z', { w: '72.50' }));
    const time = '2019-02-01T22:46:01.8751234Z';
    expect(observation.effectivePeriod).toEqual({ start: time, end: time });
    expect(observation.meta).toBeUndefined();
    expect(formatJson(observation)).toContain(
      '"valueQuantity":{"value":72.50,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}',
    );
    // The identifier has the type as the measurement spells it, the code as the mapping does.
    expect(JSON.stringify(observation.identifier)).toContain('patientA.deviceA.X.20190201224601Z.20190201224601Z');
    expect(observation.code).toMatchObject({ text: 'x' });
  });

  it('has the latest of several readings as Quantity or String', () => {
    const template: CodeValueTemplate = {
      ...plain,
      periodInterval: 1440,
      value: { type: 'Quantity', name: 'w' },
      components: [{ codes: [], value: { type: 'String', name: 's' } }],
    };
    const readings = ['12:00', '23:00', '01:00'].map((time, index) =>
      measurement('x', `2019-02-01T${time}:00Z`, { w: String(index), s: `text ${index}` }),
    );
    expect(created(template, ...readings)).toMatchObject({
      valueQuantity: { value: 1 },
      component: [{ code: { text: 's' }, valueString: 'text 1' }],
    });
  });

  it('has the concept of the mapping, whatever was measured, and its category', () => {
    const codes = [{ code: 'worn', system: 'urn:x', display: 'Worn' }];
    const observation = created(
      {
        ...plain,
        category: [{ text: 'Activity', codes: [{ code: 'activity' }] }],
        value: { type: 'CodeableConcept', name: 'v', text: 'Device worn', codes },
      },
      measurement('x', '2019-02-01T12:00:00Z', { v: 'whatever' }),
    );
    expect(observation).toMatchObject({
      category: [{ text: 'Activity', coding: [{ code: 'activity' }] }],
      valueCodeableConcept: { text: 'Device worn', coding: codes },
    });
  });

  it('leaves out what has no reading, and is written without any value too', () => {
    const template: CodeValueTemplate = {
      ...plain,
      value: { type: 'Quantity', name: 'a' },
      components: ['b', 'c'].map((name) => ({ codes: [], value: { type: 'Quantity', name } }) as const),
    };
    const one = created(template, measurement('x', '2019-02-01T12:00:00Z', { c: '1' }));
    expect(one.valueQuantity).toBeUndefined();
    expect(one.component).toHaveLength(1);
    const none = created(template, measurement('x', '2019-02-01T12:00:00Z', { d: '1' }));
    expect([none.valueQuantity, none.component, none.status]).toEqual([undefined, undefined, 'final']);
  });

  it.each([
    ['InvalidQuantityFhirValueException', { type: 'Quantity', name: 'v' }],
    ['FhirDataMappingException', { type: 'SampledData', name: 'v' }],
    ['FhirDataMappingException', { type: 'SampledData', name: 'v', periodMs: 1000 }],
    ['FhirDataMappingException', { type: 'CodeableConcept', name: 'v' }],
  ] as const)('fails with %s on a value that %j cannot hold', (code, value) => {
    const reading = measurement('x', '2019-02-01T12:00:00Z', { v: '72 bpm' });
    expect(() => created({ ...plain, value }, reading)).toThrow(expect.objectContaining({ code }));
  });
});
