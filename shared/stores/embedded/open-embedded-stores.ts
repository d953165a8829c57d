/** Opens the stores of a data folder, making what is missing. Each holds the folder's lock until it is closed. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { openWriter } from './connection.ts';
import { EmbeddedResourceStore } from './embedded-resource-store.ts';
import { EmbeddedJobStore } from './job-store.ts';
import { lockDataDir } from './lock-data-dir.ts';
import { migrate } from './schema.ts';
import { EmbeddedWorkQueue } from './work-queue.ts';

export interface StoreLocation {
  readonly dataDir: string;
  /** The instance's name in workspace.json. */
  readonly service: string;
}

/**
 * The store of one FHIR service, in `<dataDir>/fhir/<service>/resources.db`.
 * Rejects when another process holds the folder, when a newer release wrote the database, and inside Azure.
 */
export async function openResourceStore({ dataDir, service }: StoreLocation): Promise<EmbeddedResourceStore> {
  const folder = path.join(dataDir, 'fhir', service);
  return holding(dataDir, (release) => {
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, 'resources.db');
    return new EmbeddedResourceStore(file, prepareDatabase(file), release);
  });
}

/** The work queue, in `<dataDir>/queue.db`. Rejects as `openResourceStore` does. */
export async function openWorkQueue(dataDir: string): Promise<EmbeddedWorkQueue> {
  return holding(dataDir, (release) => new EmbeddedWorkQueue(path.join(dataDir, 'queue.db'), release));
}

/** The job documents, in `<dataDir>/jobs.db`. Rejects as `openResourceStore` does. */
export async function openJobStore(dataDir: string): Promise<EmbeddedJobStore> {
  return holding(dataDir, (release) => new EmbeddedJobStore(path.join(dataDir, 'jobs.db'), release));
}

function holding<T>(dataDir: string, open: (release: () => void) => T): T {
  // A Function's disk goes with its machine, and every machine has one of its own.
  if (process.env.WEBSITE_INSTANCE_ID) {
    throw new Error('The embedded stores do not run inside Azure. Set COSMOS_ENDPOINT to use Cosmos DB.');
  }
  const release = lockDataDir(dataDir);
  try {
    return open(release);
  } catch (error) {
    release();
    throw error;
  }
}

/** Brings the database to the newest schema and gives its signing key. */
function prepareDatabase(file: string): Uint8Array {
  const database = openWriter(file);
  try {
    migrate(database);
    database
      .prepare('INSERT OR IGNORE INTO store (id, last_position, signing_key) VALUES (1, 0, ?)')
      .run(randomBytes(32));
    return database.prepare('SELECT signing_key FROM store').get()?.signing_key as Uint8Array;
  } finally {
    database.close();
  }
}
