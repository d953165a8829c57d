import { resourceStoreContract } from '../resources/resource-store.contract.ts';
import { openResourceStore } from './open-embedded-stores.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

resourceStoreContract('The embedded store', async () => {
  const { path: dataDir, remove } = temporaryFolder();
  let store = await openResourceStore({ dataDir, service: 'fhir' });
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openResourceStore({ dataDir, service: 'fhir' });
      return store;
    },
    dispose: async () => {
      await store.close();
      remove();
    },
  };
});
