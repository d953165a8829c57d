import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from './database.ts';
import { EmbeddedResourceStore } from './embedded-resource-store.ts';
import { EmbeddedWorkQueue } from './embedded-work-queue.ts';
import { lockDataDir } from './lock-data-dir.ts';
import { migrate } from './schema.ts';

/** Opens (or makes) the store of the FHIR service `service` below `dataDir`. Closing it lets go of the data folder. */
export async function openResourceStore(options: {
  readonly dataDir: string;
  readonly service: string;
}): Promise<EmbeddedResourceStore> {
  refuseInAzure();
  const unlock = lockDataDir(options.dataDir);
  try {
    const folder = join(options.dataDir, 'fhir', options.service);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'resources.db');
    const database = openDatabase(path, 'write');
    try {
      migrate(database);
    } finally {
      database.close();
    }
    const store = new EmbeddedResourceStore(path);
    const close = store.close.bind(store);
    return Object.assign(store, { close: () => close().finally(unlock) });
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Opens (or makes) the work queue below `dataDir`. */
export async function openWorkQueue(dataDir: string): Promise<EmbeddedWorkQueue> {
  refuseInAzure();
  const unlock = lockDataDir(dataDir);
  return new EmbeddedWorkQueue(join(dataDir, 'queue.db'), unlock);
}

/** Instances of an app share no disk: data that one of them wrote here would be lost. */
function refuseInAzure(): void {
  if (process.env.WEBSITE_INSTANCE_ID) {
    throw new Error('The embedded store does not run inside Azure: set COSMOS_ENDPOINT.');
  }
}
