import path from 'node:path';
import { workQueueContract } from '../queue/work-queue.contract.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { EmbeddedWorkQueue } from './work-queue.ts';

workQueueContract('The embedded work queue', async () => {
  const folder = temporaryFolder();
  let now = Date.UTC(2026, 0, 1);
  const open = () =>
    new EmbeddedWorkQueue(
      path.join(folder.path, 'queue.db'),
      () => {},
      () => now,
    );
  let queue = open();
  return {
    queue,
    tick: async (seconds) => {
      now += seconds * 1000;
    },
    reopen: async () => {
      await queue.close();
      queue = open();
      return queue;
    },
    dispose: async () => {
      await queue.close();
      folder.remove();
    },
  };
});
