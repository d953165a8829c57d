import path from 'node:path';
import { jobStoreContract } from '../jobs/job-store.contract.ts';
import { EmbeddedJobStore } from './job-store.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

jobStoreContract('the embedded job store', async () => {
  const folder = temporaryFolder();
  const open = () => new EmbeddedJobStore(path.join(folder.path, 'jobs.db'), () => {});
  let store = open();
  return {
    store,
    reopen: async () => {
      await store.close();
      store = open();
      return store;
    },
    dispose: async () => {
      await store.close();
      folder.remove();
    },
  };
});
