import { expect, it } from 'vitest';
import { FhirUnavailable } from '../persist/fhir-port.ts';
import { MemoryFhir, unavailable } from '../testing/memory-fhir.ts';
import { retrying } from './retry.ts';

function failing(times: number) {
  const pauses: number[] = [];
  let left = times;
  const pause = async (ms: number) => void pauses.push(ms);
  const run = async () => {
    left -= 1;
    if (left >= 0) throw new FhirUnavailable('busy');
  };
  return { pauses, run: (fhir = new MemoryFhir()) => retrying(fhir, { pause }, run) };
}

it('is done when it is done, after growing pauses', async () => {
  const { pauses, run } = failing(6);
  await run();
  expect(pauses).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000]);
});

it('ten retries later it is the fault of the one thing, if the service can be reached', async () => {
  const { pauses, run } = failing(11);
  await expect(run()).rejects.toMatchObject({ code: 'FhirServiceException' });
  expect(pauses).toHaveLength(10);
});

it('ten retries later it is the service, if it cannot be reached', async () => {
  const fhir = new MemoryFhir();
  fhir.before = unavailable;
  await expect(failing(11).run(fhir)).rejects.toMatchObject({ name: 'FhirUnavailable' });
});

it('nothing else is tried again', async () => {
  const run = async () => {
    throw new Error('a defect');
  };
  await expect(retrying(new MemoryFhir(), { pause: unavailable }, run)).rejects.toThrow('a defect');
});
