import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkMappings } from './check-mappings.ts';
import { differences } from './differences.ts';
import { checkGoldenCase, goldenResult } from './golden-case.ts';
import { mappingChange } from './mapping-change.ts';
import { readSampleEvents } from './sample-events.ts';

const samples = path.resolve(import.meta.dirname, '../../../local/medtech/mappings');
const [device, fhir] = ['device.json', 'fhir.json'].map((name) => readFileSync(path.join(samples, name), 'utf8')) as [
  string,
  string,
];
const mappings = checkMappings({ device, fhir });
const at = '2026-01-01T10:00:00';
const events = (...bodies: object[]) =>
  readSampleEvents(JSON.stringify(bodies.map((body) => ({ deviceId: 'd', patientId: 'p', ...body }))));

describe('what differs', () => {
  it.each([
    [1, 1 + 1e-13, 0],
    [1, 1 + 1e-11, 1],
    ['27.9809802487198', '27.980980248719828', 0],
    ['27.98', '27.99', 1],
    ['1 E E 2.0', '1 E E 2', 0],
    ['1 E', '1 E E', 1],
    ['2026-01-01T10:00:00Z', '2026-01-01T10:00:00.0000000Z', 0],
    ['a', 'b', 1],
    ['0', 0, 1],
    [null, false, 1],
    [[1, 2], [1], 1],
    [{ a: 1 }, { a: 1, b: { c: 2 } }, 1],
    [{ a: [{ b: 1 }] }, { a: [{ b: 1 }] }, 0],
  ])('%j and %j: %i', (one, other, count) => expect(differences(one, other)).toHaveLength(count));
  it('is told with its place', () =>
    expect(differences([{ a: { b: [1] } }], [{ a: { b: [2] } }])).toEqual([
      { place: '[0].a.b[0]', expected: 1, actual: 2 },
    ]));
});

describe('a golden case', () => {
  const actual = goldenResult(mappings, events({ time: `${at}Z`, weight: 70.5 }));
  it('passes with what AHDS writes: capital letters, nulls, another last digit', () => {
    const measurements = [
      {
        Type: 'weight',
        OccurrenceTimeUtc: `${at}Z`,
        IngestionTimeUtc: 'x',
        DeviceId: 'd',
        PatientId: 'p',
        EncounterId: null,
        CorrelationId: null,
        Properties: [{ Name: 'kg', Value: '70.50000000000001' }],
      },
    ];
    expect(checkGoldenCase({ measurements }, actual)).toEqual([]);
  });
  it('names what differs, errors too', () => {
    expect(checkGoldenCase({ measurements: [], observations: actual.observations, errors: ['X'] }, actual)).toEqual([
      { place: 'measurements[0]', expected: undefined, actual: expect.anything() },
      { place: 'errors[0]', expected: 'X', actual: undefined },
    ]);
  });
  it('has Observations without what is known only when they are written, whose they are as identifiers', () => {
    expect(actual.observations).toEqual([
      {
        resourceType: 'Observation',
        status: 'final',
        code: expect.objectContaining({ text: 'weight' }),
        effectivePeriod: { start: `${at}.0000000Z`, end: `${at}.0000000Z` },
        valueQuantity: expect.objectContaining({ value: 70.5 }),
        subject: { identifier: { value: 'p' } },
        device: { identifier: { value: 'd' } },
      },
    ]);
  });
  it('measurements of one second are one Observation, as in the pipeline (3.2)', () => {
    const { observations } = goldenResult(
      mappings,
      events({ time: `${at}.1Z`, weight: 70 }, { time: `${at}.9Z`, weight: 71 }),
    );
    expect(observations).toEqual([
      expect.objectContaining({ status: 'amended', valueQuantity: expect.objectContaining({ value: 71 }) }),
    ]);
  });
});

describe('a change of mappings', () => {
  const recorded = events(
    { time: `${at}Z`, heartRate: 60 },
    { time: `${at}Z`, weight: 70 },
    { time: 'never', heartRate: 61 },
  );
  it('nothing where they are the same', () => {
    const { measurements, observations, failures } = mappingChange(mappings, mappings, recorded);
    expect([measurements, observations]).toEqual(
      [2, 2].map((unchanged) => ({ added: [], removed: [], changed: [], unchanged })),
    );
    expect(failures).toEqual({ added: [], removed: [] });
  });
  it('added, removed, changed, failing', () => {
    const changed = device
      .replace('@weight', '@mass')
      .replace('"valueName": "hr"', '"valueName": "bpm"')
      .replace('$.heartRate', '$.heartRate1');
    const { measurements, observations, failures } = mappingChange(
      mappings,
      checkMappings({ device: changed, fhir }),
      recorded,
    );
    expect(measurements).toMatchObject({ added: [], changed: [], unchanged: 0 });
    expect(measurements.removed.map(({ key }) => key)).toEqual(['event 1, heartrate 1', 'event 2, weight 1']);
    expect(observations.removed.map(({ key }) => key)).toEqual([
      'p.d.heartrate.20260101100000Z.20260101105959Z',
      'p.d.weight.20260101100000Z.20260101100000Z',
    ]);
    expect(failures.added).toEqual([expect.stringMatching(/^event 1: NormalizationDataMappingException/)]);
    const back = mappingChange(checkMappings({ device: changed, fhir }), mappings, recorded);
    expect(back.measurements.added).toHaveLength(2);
    expect(back.failures.removed).toHaveLength(1);
  });
  it('what changed is told by its place', () => {
    const other = checkMappings({ device, fhir: fhir.replace('"unit": "kg"', '"unit": "kilograms"') });
    expect(mappingChange(mappings, other, recorded).observations.changed).toEqual([
      expect.objectContaining({ differences: [{ place: 'valueQuantity.unit', expected: 'kg', actual: 'kilograms' }] }),
    ]);
  });
});
