import path from 'node:path';
import { subscriptionStoreContract } from '../subscriptions/subscription-store.contract.ts';
import { EmbeddedSubscriptionStore } from './subscription-store.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

subscriptionStoreContract('The embedded subscription store', async () => {
  const folder = temporaryFolder();
  const open = () => new EmbeddedSubscriptionStore(path.join(folder.path, 'subscriptions.db'), () => {});
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
