import { describe, expect, it } from 'vitest';
import type { CodeValueTemplate } from '../fhir-mapping/fhir-mapping.ts';
import { measurementGroups } from '../group/measurement-groups.ts';
import { type ObservationGroup, observationGroups } from '../group/observation-groups.ts';
import { MemoryFhir, unavailable } from '../testing/memory-fhir.ts';
import { measurement } from '../testing/readings.ts';
import { openObservationSaver } from './save-observation.ts';

const owner = { patientId: 'p', deviceId: 'd' };
const template: CodeValueTemplate = {
  typeName: 'hr',
  periodInterval: 60,
  codes: [],
  category: [],
  value: { type: 'SampledData', name: 'hr', periodMs: 600_000 },
  components: [],
};
const group = (minute: number, hr: string): ObservationGroup => {
  const time = `2019-02-01T22:${String(minute).padStart(2, '0')}:00Z`;
  const [one] = measurementGroups([measurement('hr', time, { hr })]).flatMap((each) =>
    observationGroups(each, template),
  );
  return one as ObservationGroup;
};

function opened(fhir = new MemoryFhir()) {
  const contended: string[] = [];
  const saver = openObservationSaver({
    fhir,
    cacheSize: 10,
    now: () => new Date(),
    onContention: () => contended.push('contended'),
  });
  const calls: string[] = [];
  fhir.before = (call) => void calls.push(call);
  return {
    fhir,
    contended,
    calls,
    save: (minute: number, hr: string) => saver.save(template, group(minute, hr), owner),
  };
}

const dataOf = (fhir: MemoryFhir) =>
  fhir.all('Observation').map(({ valueSampledData, status }) => [status, (valueSampledData as { data: string }).data]);

describe('an Observation is saved', () => {
  it('as a new one, then on top of the version that is remembered, and not at all where nothing differs', async () => {
    const { fhir, calls, save } = opened();
    expect(await save(1, '60')).toBe('ObservationCreated');
    expect(await save(11, '61')).toBe('ObservationUpdated');
    expect(await save(11, '61')).toBe('ObservationNoOperation');
    expect(calls).toEqual(['search', 'create', 'replace']);
    expect(dataOf(fhir)).toEqual([['amended', '60 61 E E E E']]);
  });

  it('on top of what another process has written, which is looked for again', async () => {
    const { fhir, save } = opened();
    await save(1, '60');
    expect(await opened(fhir).save(11, '61')).toBe('ObservationUpdated');
    expect(await save(21, '62')).toBe('ObservationUpdated');
    expect(dataOf(fhir)).toEqual([['amended', '60 61 62 E E E']]);
  });

  it('anew when it has been deleted', async () => {
    const { fhir, save } = opened();
    await save(1, '60');
    const [{ id } = {}] = fhir.all('Observation');
    fhir.remove('Observation', String(id));
    expect(await save(11, '61')).toBe('ObservationCreated');
    expect(dataOf(fhir)).toEqual([['final', 'E 61 E E E E']]);
  });

  it('by two writers at once without losing a reading of either', async () => {
    for (let round = 0; round < 20; round += 1) {
      const fhir = new MemoryFhir();
      const writers = [opened(fhir), opened(fhir)];
      // The calls of the two take turns at random.
      fhir.before = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 2));
      await Promise.all(writers.map(({ save }, at) => save(10 * at + 1, String(60 + at))));
      expect(dataOf(fhir)).toEqual([['amended', '60 61 E E E E']]);
    }
  });

  it('after three attempts not yet: the service is as good as unavailable', async () => {
    const { fhir, calls, save } = opened();
    fhir.replace = async () => ({ done: false });
    await save(1, '60');
    await expect(save(11, '61')).rejects.toMatchObject({ name: 'FhirUnavailable' });
    expect(calls.filter((call) => call === 'search')).toHaveLength(3);
  });

  it('never, where the identifier is not unique', async () => {
    const { fhir, save } = opened();
    await save(1, '60');
    const [observation] = fhir.all('Observation');
    fhir.put({ ...observation, resourceType: 'Observation', id: 'copy' });
    await expect(opened(fhir).save(11, '61')).rejects.toMatchObject({ code: 'MultipleObservationFoundException' });
  });

  it('later, when the service is there again', async () => {
    const { fhir, save } = opened();
    fhir.before = unavailable;
    await expect(save(1, '60')).rejects.toMatchObject({ name: 'FhirUnavailable' });
    fhir.before = () => {};
    expect(await save(1, '60')).toBe('ObservationCreated');
  });

  it('and told of where two writers may have created it at once', async () => {
    const { fhir, contended, save } = opened();
    fhir.create = async (resource) => ({ ...fhir.put(resource), contended: true }) as never;
    await save(1, '60');
    expect(contended).toHaveLength(1);
  });
});
