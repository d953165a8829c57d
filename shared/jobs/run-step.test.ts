import { afterEach, describe, expect, it } from 'vitest';
import type { StoredJob } from '../stores/jobs/job-store.ts';
import { JobFailure, type JobKind } from './job-kind.ts';
import { leaseSeconds, maxAttempts, runJobMessage } from './run-step.ts';
import { Died, FragileWorld } from './testing/fragile-world.ts';

/** What the job works on: items that are marked, which may happen twice; and how often each step was begun. */
interface Items {
  readonly marked: Map<number, number>;
  write: <T>(work: () => Promise<T>) => Promise<T>;
}

const steps = 4;
const itemsPerStep = 2;

/** Marks two items in each step. Each mark is a write that the process may die at. */
const marking: JobKind<Items> = {
  kind: 'mark',
  step: async ({ marked, write }, job) => {
    const at = Number(job.progress.at ?? 0);
    for (let item = at; item < at + itemsPerStep; item += 1) {
      await write(async () => {
        marked.set(item, (marked.get(item) ?? 0) + 1);
      });
    }
    return { progress: { at: at + itemsPerStep }, done: job.step === steps - 1 };
  },
};

const worlds: FragileWorld<Items>[] = [];
function world(kind: JobKind<Items> = marking): FragileWorld<Items> {
  const items: Items = { marked: new Map(), write: (work) => work() };
  const made = new FragileWorld<Items>([kind], items);
  items.write = (work) => made.write(work);
  worlds.push(made);
  return made;
}
afterEach(async () => {
  for (const each of worlds.splice(0)) await each.close();
});

const all = Array.from({ length: steps * itemsPerStep }, (_, at) => at);

async function expectWhole({ jobs, context }: FragileWorld<Items>, id: string): Promise<StoredJob | undefined> {
  const job = await jobs.read('mark', id);
  expect(job).toMatchObject({ state: 'Completed', step: steps, progress: { at: all.length }, failure: null });
  expect([...context.marked.keys()].sort((a, b) => a - b)).toEqual(all);
  return job;
}

/** Starts the job again, as its caller would, when the process died before it answered. */
async function started(one: FragileWorld<Items>, exclusive: boolean): Promise<string> {
  for (;;) {
    try {
      return (await one.jobs.start('mark', {})).job.id;
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      await one.restart(exclusive);
    }
  }
}

/** Every write of a whole job: asked of one that nothing happens to. */
const writesOfAJob = 2 + 1 + steps * (1 + itemsPerStep + 1) + (steps - 1);
const deaths = Array.from({ length: writesOfAJob }, (_, at) => at + 1).flatMap((write) => [
  { write, done: false },
  { write, done: true },
]);

describe('a job', () => {
  it('does each step once when nothing happens', async () => {
    const one = world();
    const id = await started(one, false);
    expect(await one.untilEnded(id, false)).toBe('Completed');
    await expectWhole(one, id);
    expect([...one.context.marked.values()]).toEqual(all.map(() => 1));
    expect(one.writes).toBe(writesOfAJob);
  });

  it.each(deaths)(
    'is completed by the next process of the data when one dies at write $write, done: $done',
    async (dieAt) => {
      const one = world();
      one.dieAt = dieAt;
      const id = await started(one, true);
      const before = one.now;
      expect(await one.untilEnded(id, true)).toBe('Completed');
      await expectWhole(one, id);
      // It goes on at once.
      expect(one.now - before).toBeLessThan(10_000);
    },
  );

  it.each(deaths)('is completed by another process when one dies at write $write, done: $done', async (dieAt) => {
    const one = world();
    one.dieAt = dieAt;
    const id = await started(one, false);
    const before = one.now;
    expect(await one.untilEnded(id, false)).toBe('Completed');
    await expectWhole(one, id);
    expect(one.now - before).toBeLessThan((leaseSeconds + 120) * 1000);
  });

  it('does each step once when every message comes twice', async () => {
    const one = world();
    const id = await started(one, false);
    expect(await one.untilEnded(id, false, 'first', true)).toBe('Completed');
    await expectWhole(one, id);
    expect([...one.context.marked.values()]).toEqual(all.map(() => 1));
  });

  it('is not led astray by messages of earlier and later steps in any order', async () => {
    const one = world();
    const id = await started(one, false);
    for (const step of [3, 0, 2, 0, 1, 0, 3, 1, 2, 3, 2, 3]) {
      await runJobMessage(one.jobs, one.kinds, one.context, { id, step });
    }
    await expectWhole(one, id);
    expect([...one.context.marked.values()]).toEqual(all.map(() => 1));
    expect(await one.untilEnded(id, false, 'last')).toBe('Completed');
    expect([...one.context.marked.values()]).toEqual(all.map(() => 1));
  });

  it('has one worker at a time; a late one that lost its lease cannot checkpoint', async () => {
    const waiting: (() => void)[] = [];
    let begun = 0;
    const slow: JobKind<Items> = {
      kind: 'mark',
      step: async (_, job) => {
        begun += 1;
        const by = begun;
        if (begun === 1) await new Promise<void>((resolve) => waiting.push(resolve));
        return { progress: { by }, done: job.step === 1 };
      },
    };
    const one = world(slow);
    const id = await started(one, false);
    const run = (step: number) => runJobMessage(one.jobs, one.kinds, one.context, { id, step });
    const late = run(0);
    await new Promise((resolve) => setImmediate(resolve));
    await run(0);
    expect(begun).toBe(1);
    one.now += (leaseSeconds + 1) * 1000;
    await run(0);
    expect(await one.jobs.read('mark', id)).toMatchObject({ step: 1, progress: { by: 2 } });
    waiting[0]?.();
    await late;
    expect(await one.jobs.read('mark', id)).toMatchObject({ step: 1, progress: { by: 2 } });
  });

  it('tries a step again that failed, each time later', async () => {
    let failures = 3;
    const times: number[] = [];
    const one = world({
      kind: 'mark',
      step: async (items, job) => {
        times.push(one.now);
        failures -= 1;
        if (failures >= 0) throw new Error('for a while');
        return marking.step(items, job);
      },
    });
    const id = await started(one, false);
    expect(await one.untilEnded(id, false)).toBe('Completed');
    await expectWhole(one, id);
    const waits = times.slice(1, 4).map((time, at) => time - (times[at] ?? 0));
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(one.errors).toHaveLength(3);
  });

  it('fails when a step fails again and again; what was thrown goes to the log only', async () => {
    const one = world({ kind: 'mark', step: () => Promise.reject(new Error('name of a patient')) });
    const id = await started(one, false);
    expect(await one.untilEnded(id, false)).toBe('Failed');
    const job = await one.jobs.read('mark', id);
    expect(job?.failure).toContain(`failed ${maxAttempts} times`);
    expect(job?.failure).not.toContain('patient');
    expect(one.errors).toHaveLength(maxAttempts);
  });

  it('fails when a step kills its process again and again', async () => {
    const one = world();
    const id = await started(one, false);
    for (let round = 0; round < maxAttempts; round += 1) {
      expect(await one.jobs.read('mark', id)).toMatchObject({ step: 0, attempts: round });
      // The claim is one write, the first mark the next.
      one.dieAt = { write: one.writes + 2, done: false };
      await one.deliver();
      await one.restart(true);
    }
    await one.deliver();
    const job = await one.jobs.read('mark', id);
    expect(job).toMatchObject({ state: 'Failed', failure: expect.stringContaining('did not finish') });
    expect(one.context.marked.size).toBe(0);
  });

  it('fails at once, with its reason, when it cannot succeed', async () => {
    const one = world({ kind: 'mark', step: () => Promise.reject(new JobFailure('The container does not exist.')) });
    const id = await started(one, false);
    expect(await one.untilEnded(id, false)).toBe('Failed');
    expect(await one.jobs.read('mark', id)).toMatchObject({ failure: 'The container does not exist.', attempts: 1 });
  });

  it('that is cancelled in the middle of a step stays cancelled', async () => {
    const one = world({
      kind: 'mark',
      step: async (items, job) => {
        if (job.step === 1) await one.jobs.cancel('mark', job.id);
        return marking.step(items, job);
      },
    });
    const id = await started(one, false);
    expect(await one.untilEnded(id, false)).toBe('Canceled');
    for (let round = 0; round < 20; round += 1) {
      await one.deliver();
      one.now += 30_000;
    }
    expect(await one.jobs.read('mark', id)).toMatchObject({ state: 'Canceled', step: 1 });
    expect(one.context.marked.has(steps * itemsPerStep - 1)).toBe(false);
    expect(await one.jobs.cancel('mark', 'none')).toBeUndefined();
  });

  it('is answered to everybody who asks for one while it is active', async () => {
    const one = world();
    const asked = await Promise.all([1, 2, 3].map(() => one.jobs.start('mark', {})));
    expect(new Set(asked.map(({ job }) => job.id)).size).toBe(1);
    expect(asked.filter(({ created }) => created)).toHaveLength(1);
  });

  it('leaves no messages behind when it has ended', async () => {
    const one = world();
    await one.untilEnded(await started(one, false), false);
    one.now += 3600_000;
    await one.deliver();
    one.now += 3600_000;
    expect(await one.deliver()).toBe(false);
  });
});
