import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeviceEvent } from '../device-event.ts';
import { event, openTestIngest, type Sent } from '../testing/ingesting.ts';
import { MemoryFhir, unavailable } from '../testing/memory-fhir.ts';

const hr = (minute: number, value: string, device = 'd1', patient = 'p1'): Sent => {
  const time = `2019-02-01T22:${String(minute).padStart(2, '0')}:00Z`;
  return { type: 'hr', time, device, patient, values: { hr: value } };
};
const weight = (minute: number, kg: string, device = 'd1'): Sent => ({
  ...hr(minute, '', device),
  type: 'weight',
  values: { kg },
});

const observations = (fhir: MemoryFhir) =>
  fhir.all('Observation').map(({ code, valueSampledData, valueQuantity }) => ({
    type: (code as { text: string }).text,
    value: valueQuantity ?? (valueSampledData as { data: string }).data.replace(/( E)+$/, ''),
  }));
const namesOf = ({ errors }: { errors: readonly { name: string }[] }) => errors.map(({ name }) => name);

describe('a batch of events', () => {
  it('becomes Observations; the same again changes nothing', async () => {
    const fhir = new MemoryFhir();
    const { ingest, metrics } = openTestIngest(fhir);
    const batch = [event([hr(0, '60'), weight(0, '72.5')]), event([hr(1, '61')]), event([])];
    expect(await ingest(batch)).toEqual({ mappingVersion: 'v1', failed: [] });
    expect(observations(fhir)).toEqual(
      expect.arrayContaining([
        { type: 'hr', value: '60 61' },
        { type: 'weight', value: { value: 72.5, unit: 'kg' } },
      ]),
    );
    expect(metrics()).toMatchObject({
      DeviceEvent: 3,
      DroppedEvent: 1,
      NormalizedEvent: 3,
      MeasurementGroup: 2,
      Measurement: 3,
      'FhirResourceSaved ObservationCreated': 2,
    });
    const { writes } = fhir;
    await ingest(batch);
    await openTestIngest(fhir).ingest(batch);
    expect(fhir.writes).toBe(writes);
    expect(metrics()).toMatchObject({ 'FhirResourceSaved ObservationNoOperation': 2 });
  });

  it('goes on past events that cannot be used, and tells which and why', async () => {
    const fhir = new MemoryFhir();
    const { ingest, metrics } = openTestIngest(fhir);
    const batch = [
      event([hr(0, '60')]),
      event('no JSON'),
      event([weight(1, 'heavy')]),
      event([hr(1, '61'), { ...hr(1, '1'), type: 'unknown' }, weight(2, '70')]),
      event([hr(2, '62', 'd1', 'another')]),
      event([hr(3, '63')]),
    ];
    const { failed } = await ingest(batch);
    expect(failed.map((each) => [batch.indexOf(each.event), namesOf(each)])).toEqual([
      [1, ['InvalidDataFormatException']],
      [2, ['InvalidQuantityFhirValueException']],
      [3, ['TemplateNotFoundException']],
      [4, ['PatientDeviceMismatchException']],
    ]);
    expect(observations(fhir)).toEqual(
      expect.arrayContaining([
        { type: 'hr', value: '60 61 E 63' },
        { type: 'weight', value: { value: 70, unit: 'kg' } },
      ]),
    );
    expect(metrics()).toMatchObject({ 'TotalErrors PatientDeviceMismatchException': 1 });
  });

  it('of one window loses only the event that is wrong', async () => {
    const fhir = new MemoryFhir();
    const bp = (minute: number, sys: string) => ({ ...hr(minute, ''), type: 'bp', values: { sys } });
    const batch = [event([bp(0, '120')]), event([bp(1, 'high')]), event([bp(2, '130')])];
    const { failed } = await openTestIngest(fhir).ingest(batch);
    expect(failed.map((each) => batch.indexOf(each.event))).toEqual([1]);
    expect(fhir.all('Observation')).toMatchObject([{ component: [{ valueQuantity: { value: 130 } }] }]);
  });

  it('waits for a FHIR service that is throttled, and fails as a whole when it cannot be reached at all', async () => {
    const fhir = new MemoryFhir();
    const { ingest } = openTestIngest(fhir);
    let refusals = 2;
    fhir.before = (call) => {
      if (call === 'create' && refusals-- > 0) unavailable();
    };
    const batch = [event([hr(0, '60')])];
    expect((await ingest(batch)).failed).toEqual([]);
    fhir.before = unavailable;
    const next = [event([hr(1, '61')]), event('no JSON')];
    await expect(ingest(next)).rejects.toMatchObject({ name: 'FhirUnavailable' });
    fhir.before = () => {};
    expect((await ingest(next)).failed.map(namesOf)).toEqual([['InvalidDataFormatException']]);
    expect(observations(fhir)).toEqual([{ type: 'hr', value: '60 61' }]);
  });

  it('gives up on a single Observation that the service has no answer to', async () => {
    const fhir = new MemoryFhir();
    fhir.before = (call, resource) => {
      if (call === 'create' && (resource?.code as { text?: string })?.text === 'weight') unavailable();
    };
    const batch = [event([hr(0, '60')]), event([weight(0, '70')])];
    const { failed } = await openTestIngest(fhir).ingest(batch);
    expect(failed.map((each) => [batch.indexOf(each.event), namesOf(each)])).toEqual([[1, ['FhirServiceException']]]);
    expect(observations(fhir)).toEqual([{ type: 'hr', value: '60' }]);
  });

  it('is not taken while there is no mapping', async () => {
    const none = async () => {
      throw new Error('There is no mapping.');
    };
    await expect(openTestIngest(new MemoryFhir(), { mappings: none }).ingest([])).rejects.toThrow(/no mapping/);
  });

  it('has the writes of at most ten devices under way, one device after the other in its order', async () => {
    const fhir = new MemoryFhir();
    const busy = new Set<string>();
    let most = 0;
    const order: string[] = [];
    fhir.before = async (call, resource) => {
      if (call !== 'create' || resource?.resourceType !== 'Observation') return;
      const { reference } = resource.device as { reference: string };
      const type = (resource.code as { text: string }).text;
      order.push(`${reference} ${type}`);
      busy.add(reference);
      most = Math.max(most, busy.size);
      await new Promise((resolve) => setTimeout(resolve, 1));
      busy.delete(reference);
    };
    const batch = Array.from({ length: 30 }, (_, at) => {
      const device = `d${at}`;
      return event([hr(0, '60', device, device), { ...weight(0, '1', device), patient: device }]);
    });
    await openTestIngest(fhir).ingest(batch);
    expect(most).toBe(10);
    for (const reference of new Set(order.map((each) => each.split(' ')[0]))) {
      expect(order.filter((each) => each.startsWith(`${reference} `))).toEqual([
        `${reference} hr`,
        `${reference} weight`,
      ]);
    }
  });
});

describe('the Observations of a day of events', () => {
  const sent = fc.array(
    fc.record({
      device: fc.constantFrom('d1', 'd2'),
      kind: fc.constantFrom('hr', 'weight', 'bp'),
      second: fc.nat(300),
      value: fc.constantFrom('1', '2', '3'),
    }),
    { minLength: 1, maxLength: 15 },
  );

  function eventsOf(readings: { device: string; kind: string; second: number; value: string }[]): DeviceEvent[] {
    return readings
      .toSorted((one, other) => one.second - other.second)
      .map(({ device, kind, second, value }) => {
        const time = new Date(Date.UTC(2019, 1, 1, 22, 58) + second * 1000).toISOString();
        const values: Record<string, string> =
          kind === 'hr' ? { hr: value } : kind === 'weight' ? { kg: value } : { sys: value };
        return event([{ type: kind, time, device, patient: device, values }]);
      });
  }

  const outcome = (fhir: MemoryFhir) =>
    fhir
      .all('Observation')
      .map(({ id, effectivePeriod, valueSampledData, valueQuantity, component }) =>
        JSON.stringify([id, effectivePeriod, valueSampledData, valueQuantity, component]),
      )
      .sort();

  it('do not depend on how it is cut into batches, on restarts, or on a batch that breaks off and comes again', async () => {
    await fc.assert(
      fc.asyncProperty(
        sent,
        fc.array(
          fc.record({ length: fc.integer({ min: 1, max: 6 }), failsAt: fc.option(fc.nat(6)), restart: fc.boolean() }),
        ),
        async (readings, batches) => {
          const events = eventsOf(readings);
          const once = new MemoryFhir();
          await openTestIngest(once).ingest(events);
          const fhir = new MemoryFhir();
          let { ingest } = openTestIngest(fhir, { retries: 0 });
          let done = 0;
          for (const { length, failsAt, restart } of batches) {
            if (restart) ingest = openTestIngest(fhir, { retries: 0 }).ingest;
            let calls = 0;
            fhir.before = () => {
              calls += 1;
              if (failsAt !== null && calls > failsAt) unavailable();
            };
            const taken = await ingest(events.slice(done, done + length)).then(
              () => true,
              () => false,
            );
            if (taken) done += length;
          }
          fhir.before = () => {};
          ({ ingest } = openTestIngest(fhir));
          await ingest(events.slice(done));
          expect(outcome(fhir)).toEqual(outcome(once));
          const { writes } = fhir;
          for (const one of events) await ingest([one]);
          expect(fhir.writes).toBe(writes);
        },
      ),
      { numRuns: 100 },
    );
  });
});
