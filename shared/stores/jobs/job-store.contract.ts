/** What every adapter of the job port must do. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, type JobStore, keptJobs } from './job-store.ts';

export interface OpenedJobStore {
  readonly store: JobStore;
  /** Closes the store and opens it again on the same data. */
  reopen(): Promise<JobStore>;
  dispose(): Promise<void>;
}

let last = 0;
export function someJob(more: Partial<Job> = {}): Job {
  last += 1;
  return {
    id: `job-${last}`,
    kind: 'reindex',
    service: 'fhir',
    definition: { types: ['Patient'] },
    state: 'Queued',
    step: 0,
    progress: {},
    failure: null,
    attempts: 0,
    lease: { token: 0, until: 0 },
    queued: last,
    started: null,
    changed: last,
    ended: null,
    ...more,
  };
}

export function jobStoreContract(name: string, open: () => Promise<OpenedJobStore>): void {
  describe(`${name} keeps the contract of job stores`, () => {
    let opened: OpenedJobStore;
    let store: JobStore;
    beforeAll(async () => {
      opened = await open();
      store = opened.store;
    });
    afterAll(() => opened.dispose());

    it('a job is read as it was created, by its service only', async () => {
      const job = someJob({ definition: { name: 'Zoë', list: [1, null] } });
      expect(await store.create(job, false)).toMatchObject({ created: true, job });
      expect(await store.read('fhir', job.id)).toMatchObject(job);
      expect(await store.read('research', job.id)).toBeUndefined();
      expect(await store.read('fhir', 'none')).toBeUndefined();
    });

    it('replacing needs the latest revision', async () => {
      const { job } = await store.create(someJob({ service: 'a' }), false);
      expect(await store.replace({ ...job, state: 'Running', step: 1 }, job.revision)).toBe(true);
      expect(await store.replace({ ...job, state: 'Canceled' }, job.revision)).toBe(false);
      expect(await store.read('a', job.id)).toMatchObject({ state: 'Running', step: 1 });
    });

    it('of two that replace the same revision one succeeds', async () => {
      const { job } = await store.create(someJob({ service: 'b' }), false);
      const both = await Promise.all([1, 2].map((step) => store.replace({ ...job, step }, job.revision)));
      expect(both.toSorted()).toEqual([false, true]);
    });

    it('active jobs are those of the service that are queued or running, oldest first', async () => {
      const states = ['Completed', 'Running', 'Failed', 'Queued', 'Canceled'] as const;
      for (const state of states) await store.create(someJob({ service: 'c', state }), false);
      expect((await store.active('c')).map(({ state }) => state)).toEqual(['Running', 'Queued']);
    });

    it('a job that must be alone gives way to an active one of its kind and service', async () => {
      const all = await Promise.all([1, 2, 3].map(() => store.create(someJob({ service: 'd' }), true)));
      expect(all.filter(({ created }) => created)).toHaveLength(1);
      const [{ id } = { id: '' }] = await store.active('d');
      expect(all.map(({ job }) => job.id)).toEqual([id, id, id]);
      expect((await store.create(someJob({ service: 'd', kind: 'export' }), true)).created).toBe(true);
      expect((await store.create(someJob({ service: 'e' }), true)).created).toBe(true);
    });

    it('and is created when that has ended', async () => {
      const { job } = await store.create(someJob({ service: 'f' }), true);
      await store.replace({ ...job, state: 'Completed' }, job.revision);
      expect((await store.create(someJob({ service: 'f' }), true)).created).toBe(true);
    });

    it('keeps the newest ended jobs and every active one, however many there are', async () => {
      const oldest = [someJob({ service: 'h' }), someJob({ service: 'h', state: 'Failed' })];
      for (const job of oldest) await store.create(job, false);
      const ended = Array.from({ length: keptJobs + 5 }, () => someJob({ service: 'h', state: 'Completed' }));
      for (const job of ended) await store.create(job, false);
      const kept = async ({ id }: Job) => (await store.read('h', id)) !== undefined;
      expect(await Promise.all(ended.slice(-keptJobs).map(kept))).toEqual(new Array(keptJobs).fill(true));
      expect((await store.active('h')).map(({ id }) => id)).toEqual([oldest[0]?.id]);
    });

    it('everything is there after opening again', async () => {
      const { job } = await store.create(someJob({ service: 'g', progress: { after: [5] } }), false);
      await store.replace({ ...job, step: 3 }, job.revision);
      store = await opened.reopen();
      expect(await store.read('g', job.id)).toMatchObject({ ...job, step: 3, revision: expect.any(Number) });
    });
  });
}
