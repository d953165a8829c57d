import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatJson, parseJsonObject } from '../../fhir/resource/json.ts';
import type { JsonObject, Resource } from '../../fhir/resource/types.ts';
import { measurementGroups } from '../group/measurement-groups.ts';
import { observationGroups } from '../group/observation-groups.ts';
import type { Measurement } from '../measurement.ts';
import { at, measurement } from '../testing/readings.ts';
import { ticksPerSecond } from '../ticks.ts';
import { createObservation } from './create-observation.ts';
import type { CodeValueTemplate } from './fhir-mapping.ts';
import { mergeObservation } from './merge-observation.ts';

const owner = { patientId: 'p', deviceId: 'd' };
const plain = { typeName: 'x', periodInterval: 60, codes: [], category: [], components: [] };

/** The Observations after a batch, as they are after a round trip through a FHIR service; how many were written. */
class Written {
  readonly all = new Map<string, Resource>();
  writes = 0;
  readonly #template: CodeValueTemplate;

  constructor(template: CodeValueTemplate) {
    this.#template = template;
  }

  batch(...measurements: Measurement[]): this {
    for (const group of measurementGroups(measurements).flatMap((each) => observationGroups(each, this.#template))) {
      const existing = this.all.get(group.segment);
      const now = existing
        ? mergeObservation(this.#template, group, existing)
        : createObservation(this.#template, group, owner, '2026-01-02T03:04:05.006Z');
      if (!now) continue;
      this.writes += 1;
      this.all.set(group.segment, parseJsonObject(Buffer.from(formatJson(now))) as Resource);
    }
    return this;
  }

  get only(): Resource {
    const [observation, ...others] = this.all.values();
    if (!observation || others.length > 0) throw new Error('There is not one Observation.');
    return observation;
  }
}

describe('an Observation that is there', () => {
  const sampled: CodeValueTemplate = { ...plain, value: { type: 'SampledData', name: 'v', periodMs: 600_000 } };
  const quantity: CodeValueTemplate = { ...plain, value: { type: 'Quantity', name: 'v', unit: 'kg' } };
  const reading = (time: string, v: string) => measurement('x', `2019-02-01T22:${time}Z`, { v });

  it('has new samples in their slots, is amended, and keeps what is not its values', () => {
    const written = new Written(sampled).batch(reading('07:30', '71'));
    const before = written.only;
    const { valueSampledData, status, ...rest } = written.batch(reading('46:01.875', '65')).only;
    expect(valueSampledData).toMatchObject({ data: '71 E E E 65 E' });
    expect(status).toBe('amended');
    for (const name of ['id', 'identifier', 'code', 'issued', 'subject', 'device', 'effectivePeriod']) {
      expect(rest[name]).toEqual(before[name]);
    }
  });

  it('is not written where nothing differs', () => {
    const written = new Written(sampled).batch(reading('07:30', '71')).batch(reading('46:01', '65'));
    expect(written.batch(reading('46:01', '65')).batch(reading('07:30', '71')).writes).toBe(2);
    expect(new Written(quantity).batch(reading('01:00', '7')).batch(reading('02:00', '7')).writes).toBe(1);
  });

  it('is not written again for readings of one time that it has weighed, alone or together', () => {
    const received = (v: string, second: bigint) =>
      measurement(
        'x',
        '2019-02-01T22:01:00Z',
        { v },
        { ingestion: at('2019-02-01T23:00:00Z') + second * ticksPerSecond },
      );
    const [first, second, third] = [received('1', 1n), received('2', 2n), received('2', 3n)];
    for (const template of [quantity, sampled]) {
      const written = new Written(template).batch(first).batch(second).batch(third);
      const { writes } = written;
      expect(written.batch(first, second, third).batch(first).batch(second, third).writes).toBe(writes);
      // One that would go before what is noted: it is noted that another has won.
      const [fourth, fifth] = [received('1', 4n), received('2', 5n)];
      const shown = formatJson(written.only.valueQuantity ?? written.only.valueSampledData ?? '');
      written.batch(fourth, fifth).batch(fourth);
      expect(formatJson(written.only.valueQuantity ?? written.only.valueSampledData ?? '')).toBe(shown);
    }
  });

  it('shows the latest reading, whichever comes last; without a note, as AHDS writes them, the one that comes', () => {
    const written = new Written(quantity).batch(reading('30:00', '72.50')).batch(reading('10:00', '60'));
    expect(formatJson(written.only)).toContain('"value":72.50,"unit":"kg"');
    expect(written.batch(reading('30:00.5', '73')).only.valueQuantity).toMatchObject({ value: 73 });
    const { meta: _meta, ...foreign } = written.only;
    const window = observationGroups(measurementGroups([reading('10:00', '60')])[0] as never, quantity)[0] as never;
    expect(mergeObservation(quantity, window, foreign as Resource)?.valueQuantity).toMatchObject({ value: 60 });
  });

  it('takes a correction of the same time, and does not take it back', () => {
    const first = { ...reading('10:00', '60'), ingestion: at('2019-02-01T22:10:01Z') };
    const correction = { ...reading('10:00', '70'), ingestion: at('2019-02-01T22:10:02Z') };
    const apart = new Written(quantity).batch(first).batch(correction).batch(first).batch(correction);
    expect([apart.only.valueQuantity, apart.writes]).toEqual([{ value: 70, unit: 'kg' }, 2]);
    const together = new Written(quantity).batch(first, correction).batch(first);
    expect([together.only.valueQuantity, together.writes]).toEqual([{ value: 70, unit: 'kg' }, 1]);
  });

  it('knows of a reading that lost to another of its time, also where a later one is shown', () => {
    const received = (order: number) => at('2019-02-01T22:30:00Z') + BigInt(order);
    const [lost, won] = ['60', '70'].map((v, order) => ({ ...reading('10:00', v), ingestion: received(order) }));
    const written = new Written(quantity).batch(reading('00:00', '70'));
    written.batch(lost as Measurement, won as Measurement, reading('20:00', '70')).batch(lost as Measurement);
    expect(written.only.valueQuantity).toMatchObject({ value: 70 });
  });

  it('of two measurements in a second is one, with the period from the first to the second', () => {
    const single = { ...quantity, periodInterval: 0 };
    const { effectivePeriod, valueQuantity } = new Written(single)
      .batch(reading('10:00.25', '60'))
      .batch(reading('10:00.75', '61')).only;
    expect(effectivePeriod).toEqual({ start: '2019-02-01T22:10:00.2500000Z', end: '2019-02-01T22:10:00.7500000Z' });
    expect(valueQuantity).toMatchObject({ value: 61 });
  });

  it('has its category from the mapping, its components by their names, and keeps those of others', () => {
    const component = (name: string) => ({ codes: [], value: { type: 'Quantity', name } }) as const;
    const written = new Written({ ...plain, components: [component('a')] }).batch(
      measurement('x', '2019-02-01T22:00:00Z', { a: '1' }),
    );
    const existing = { ...written.only, component: [{ code: { text: 'other' } }, ...(written.only.component as [])] };
    const template = {
      ...plain,
      category: [{ text: 'Activity', codes: [] }],
      components: [component('a'), component('b')],
    };
    const [group] = measurementGroups([measurement('x', '2019-02-01T22:01:00Z', { a: '2', b: '3' })]);
    const merged = mergeObservation(template, observationGroups(group as never, template)[0] as never, existing);
    expect(merged).toMatchObject({
      category: [{ text: 'Activity' }],
      component: [{ code: { text: 'other' } }, { valueQuantity: { value: 2 } }, { valueQuantity: { value: 3 } }],
    });
  });

  it('of an effectiveDateTime gets a period', () => {
    const { effectivePeriod: _period, ...kept } = new Written({ ...quantity, periodInterval: 0 }).batch(
      reading('10:00', '1'),
    ).only;
    const existing = { ...kept, effectiveDateTime: '2019-02-01T22:10:00Z' } as Resource;
    const [group] = measurementGroups([reading('10:00.5', '2')]);
    const template = { ...quantity, periodInterval: 0 };
    const merged = mergeObservation(template, observationGroups(group as never, template)[0] as never, existing);
    expect(merged?.effectivePeriod).toEqual({
      start: '2019-02-01T22:10:00.0000000Z',
      end: '2019-02-01T22:10:00.5000000Z',
    });
    expect(merged?.effectiveDateTime).toBeUndefined();
  });

  it('of another type of value, of several dimensions, or of another effective time is not supported', () => {
    const existing = new Written(sampled).batch(reading('10:00', '1')).only;
    const [group] = measurementGroups([reading('20:00', '2')]);
    const window = observationGroups(group as never, sampled)[0] as never;
    const refusal = expect.objectContaining({ code: 'NotSupportedException' });
    expect(() => mergeObservation(quantity, window, existing)).toThrow(refusal);
    const dimensions = { ...existing, valueSampledData: { ...(existing.valueSampledData as object), dimensions: 2 } };
    expect(() => mergeObservation(sampled, window, dimensions)).toThrow(refusal);
    const { effectivePeriod: _period, ...timing } = existing;
    expect(() => mergeObservation(sampled, window, { ...timing, effectiveInstant: 'x' } as Resource)).toThrow(refusal);
  });

  it('keeps the period of its samples when the mapping has another one now', () => {
    const written = new Written(sampled).batch(reading('07:30', '71'));
    const template: CodeValueTemplate = { ...plain, value: { type: 'SampledData', name: 'v', periodMs: 60_000 } };
    const [group] = measurementGroups([reading('46:01', '65')]);
    const merged = mergeObservation(template, observationGroups(group as never, template)[0] as never, written.only);
    expect(merged?.valueSampledData).toMatchObject({ period: 600_000, data: '71 E E E 65 E' });
  });

  it('moves the samples that have no new reading when its beginning moves', () => {
    const value = (name: string) => ({ type: 'SampledData', name, periodMs: 1000 }) as const;
    const correlated: CodeValueTemplate = {
      ...plain,
      periodInterval: -1,
      components: [
        { codes: [], value: value('a') },
        { codes: [], value: value('b') },
      ],
    };
    const about = { correlationId: 'c' };
    const { component } = new Written(correlated)
      .batch(measurement('x', '2019-02-01T22:00:02Z', { a: '1', b: '2' }, about))
      .batch(measurement('x', '2019-02-01T22:00:00Z', { a: '0' }, about)).only;
    expect(component).toMatchObject([{ valueSampledData: { data: '0 E 1' } }, { valueSampledData: { data: 'E E 2' } }]);
  });
});

/** What must not depend on how the readings come: not the order of the components either. */
function outcome({ all }: Written) {
  return [...all].sort().map(([segment, { effectivePeriod, valueQuantity, component = [] }]) => ({
    segment,
    shown: [effectivePeriod, valueQuantity, ...(component as JsonObject[])]
      .map((each) => formatJson(each ?? ''))
      .sort(),
  }));
}

describe('the final Observations', () => {
  const start = at('2019-02-01T22:59:50Z');
  const single: CodeValueTemplate = {
    ...plain,
    value: { type: 'Quantity', name: 'q' },
    components: [{ codes: [], value: { type: 'String', name: 's' } }],
  };
  const sampled = (periodMs: number): CodeValueTemplate => ({
    ...single,
    components: [...single.components, { codes: [], value: { type: 'SampledData', name: 'd', periodMs } }],
  });
  const texts = fc.constantFrom('1', '2', '2.0');
  const readings = fc.array(
    fc.record({ tenths: fc.nat(200), q: texts, s: texts, d: texts }, { requiredKeys: ['tenths'] }),
    { minLength: 1, maxLength: 12 },
  );
  type Reading = { tenths: number; q?: string; s?: string; d?: string };

  /** Received in the order given. */
  const received = (sent: readonly Reading[]) =>
    sent.map(({ tenths, ...values }, order) => {
      const occurrence = start + (BigInt(tenths) * ticksPerSecond) / 10n;
      const ingestion = start + BigInt(order) * ticksPerSecond;
      return measurement('x', '2019-02-01T22:00:00Z', values, { occurrence, ingestion, correlationId: 'c' });
    });

  /** Batches of neighbours in order, each perhaps again later: what a hub delivers at least once. */
  const deliveries = (events: readonly Measurement[]) =>
    fc.array(fc.tuple(fc.nat(events.length - 1), fc.integer({ min: 1, max: 5 })), { maxLength: 12 });

  it.each([-1, 0, 60, 1440])('of a periodInterval of %i do not depend on batches and repetitions', (periodInterval) => {
    const template = { ...sampled(periodInterval === 1440 ? 30_000 : 2000), periodInterval };
    fc.assert(
      fc.property(
        readings.chain((sent) => {
          const events = received(sent.toSorted((one, other) => one.tenths - other.tenths));
          return fc.tuple(fc.constant(events), deliveries(events));
        }),
        ([events, again]) => {
          const once = new Written(template).batch(...events);
          const often = new Written(template);
          let seen = 0;
          for (const [from, length] of again) {
            const first = Math.min(from, seen);
            often.batch(...events.slice(first, first + length));
            seen = Math.max(seen, Math.min(first + length, events.length));
          }
          often.batch(...events.slice(seen));
          expect(outcome(often)).toEqual(outcome(once));
          const { writes } = often;
          for (const [from, length] of again) often.batch(...events.slice(from, from + length));
          expect(outcome(often)).toEqual(outcome(once));
          expect(often.writes).toBe(writes);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([0, 60, 1440])(
    'of a periodInterval of %i and values that differ do not depend on the order either',
    (periodInterval) => {
      const template = { ...single, periodInterval };
      fc.assert(
        fc.property(
          fc
            .uniqueArray(fc.nat(200), { minLength: 1, maxLength: 12 })
            .map((times) => times.map((tenths) => ({ tenths, q: String(tenths), s: String(tenths) })))
            .chain((sent) => {
              const events = received(sent);
              return fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length }));
            }),
          ([events, shuffled]) => {
            const apart = new Written(template);
            for (const event of shuffled) apart.batch(event);
            expect(outcome(apart)).toEqual(outcome(new Written(template).batch(...events)));
          },
        ),
        { numRuns: 200 },
      );
    },
  );
});
