import { describe, expect, it } from 'vitest';
import type { Measurement } from '../measurement.ts';
import { at, measurement } from '../testing/readings.ts';
import { measurementGroups } from './measurement-groups.ts';
import { observationGroups } from './observation-groups.ts';

const groupsOf = (measurements: Measurement[], periodInterval: number, subSecondIdentity = false) =>
  measurementGroups(measurements).flatMap((group) =>
    observationGroups(group, { periodInterval }, { subSecondIdentity }),
  );

describe('measurement groups', () => {
  it('have one device, type, patient, encounter and correlation id, with their case', () => {
    const time = '2019-02-01T22:00:00Z';
    const one = measurement('a', time, { v: '1' });
    const others = [
      measurement('A', time, { v: '1' }),
      measurement('a', time, { v: '1' }, { deviceId: 'D' }),
      measurement('a', time, { v: '1' }, { patientId: 'p' }),
      measurement('a', time, { v: '1' }, { encounterId: 'p' }),
      measurement('a', time, { v: '1' }, { correlationId: 'p' }),
      // In the key of AHDS, `device-type-…`, these two are the same.
      measurement('y-a', time, { v: '1' }, { deviceId: 'x' }),
      measurement('a', time, { v: '1' }, { deviceId: 'x-y' }),
    ];
    expect(measurementGroups([one, ...others, one]).map(({ measurements }) => measurements.length)).toEqual([
      2, 1, 1, 1, 1, 1, 1, 1,
    ]);
  });
});

describe('observation groups', () => {
  const day = [
    measurement('hr', '2019-02-01T22:59:59.9999999Z', { hr: '1' }),
    measurement('hr', '2019-02-01T22:00:00Z', { hr: '2' }),
    measurement('hr', '2019-02-02T00:00:00Z', { hr: '3' }),
  ];

  it('of 0 are one for a measurement, to the tick; their segments are to the second', () => {
    const [last] = groupsOf(day, 0);
    expect(last).toMatchObject({ start: day[0]?.occurrence, end: day[0]?.occurrence });
    expect(groupsOf(day, 0).map(({ segment }) => segment)).toEqual([
      '20190201225959Z.20190201225959Z',
      '20190201220000Z.20190201220000Z',
      '20190202000000Z.20190202000000Z',
    ]);
  });

  it('of 0 have segments to the tick where that is asked for; those of whole seconds stay as they are', () => {
    expect(groupsOf(day, 0, true).map(({ segment }) => segment)).toEqual([
      '20190201225959.9999999Z.20190201225959.9999999Z',
      '20190201220000Z.20190201220000Z',
      '20190202000000Z.20190202000000Z',
    ]);
  });

  it('of 60 are hours, of 1440 days, up to the tick before the next one', () => {
    expect(groupsOf(day, 60)).toMatchObject([
      {
        start: at('2019-02-01T22:00:00Z'),
        end: at('2019-02-01T22:59:59.9999999Z'),
        segment: '20190201220000Z.20190201225959Z',
      },
      { segment: '20190202000000Z.20190202005959Z' },
    ]);
    expect(groupsOf(day, 1440).map(({ segment }) => segment)).toEqual([
      '20190201000000Z.20190201235959Z',
      '20190202000000Z.20190202235959Z',
    ]);
    expect(groupsOf([measurement('hr', '1969-12-31T23:30:00Z', { hr: '1' })], 60)[0]?.segment).toBe(
      '19691231230000Z.19691231235959Z',
    );
  });

  it('of -1 are one for a correlation id, from the first to the last time', () => {
    const correlated = day.map((one) => ({ ...one, correlationId: 'run 1' }));
    expect(groupsOf(correlated, -1)).toMatchObject([
      { start: day[1]?.occurrence, end: day[2]?.occurrence, segment: 'run 1' },
    ]);
    for (const correlationId of [undefined, ' ']) {
      const blank = { ...(day[0] as Measurement), ...(correlationId !== undefined && { correlationId }) };
      expect(() => groupsOf([blank], -1)).toThrow(
        expect.objectContaining({ code: 'CorrelationIdNotDefinedException' }),
      );
    }
  });

  it('of any other interval are an error', () => {
    expect(() => groupsOf(day, 15)).toThrow(expect.objectContaining({ code: 'FhirDataMappingException' }));
  });

  it('keep readings sorted by time; of the same time the value that was received last, and what only the other has', () => {
    const time = '2019-02-01T22:10:00Z';
    const [group] = groupsOf(
      [
        measurement('bp', time, { sys: '2', dia: '80' }, { ingestion: at('2019-02-01T22:11:00Z') }),
        measurement('bp', time, { sys: '1', pulse: '60' }, { ingestion: at('2019-02-01T22:10:30Z') }),
        measurement('bp', '2019-02-01T22:05:00Z', { sys: '0' }),
      ],
      60,
    );
    const texts = [...(group?.readings ?? [])].map(([name, readings]) => [name, readings.map(({ text }) => text)]);
    expect(texts).toEqual([
      ['sys', ['0', '2']],
      ['dia', ['80']],
      ['pulse', ['60']],
    ]);
    expect(group?.readings.get('sys')?.map(({ contestedAt }) => contestedAt !== undefined)).toEqual([false, true]);
  });
});
