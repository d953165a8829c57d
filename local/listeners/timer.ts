import { randomUUID } from 'node:crypto';
import type { Listener, ListenerFactory } from './listener.ts';
import { parseSchedule } from './ncrontab.ts';

/** Longest time that `setTimeout` can wait. */
const longestWaitMs = 2 ** 31 - 1;

/** Invokes by schedule, one invocation at a time: a time that comes while one runs is left out, as in the host. */
export const timerListener: ListenerFactory = (called, { invoke }): Listener => {
  const { name } = called.metadata;
  const schedule = parseSchedule(String(called.trigger.schedule));
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;
  let last = new Date();

  const run = async () => {
    const now = new Date();
    const data = { json: JSON.stringify(timerData(last, schedule.next(now))) };
    last = now;
    try {
      await invoke(called, { invocationId: randomUUID(), data });
    } catch (error) {
      console.error(`${name} failed:`, error);
    }
  };

  const wait = () => {
    if (stopped) return;
    const due = schedule.next(new Date()).getTime();
    timer = setTimeout(() => (Date.now() < due ? wait() : tick()), Math.min(due - Date.now(), longestWaitMs));
  };

  const tick = () => {
    running = run().finally(wait);
  };

  return {
    start: () => (called.trigger.runOnStartup ? tick() : wait()),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
};

/** The worker's protocol has .NET's spelling; the library turns it into the documented one. */
function timerData(last: Date, next: Date) {
  return {
    Schedule: { AdjustForDST: false },
    ScheduleStatus: { Last: last.toISOString(), Next: next.toISOString(), LastUpdated: last.toISOString() },
    IsPastDue: false,
  };
}
