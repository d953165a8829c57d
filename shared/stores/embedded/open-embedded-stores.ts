/** Opens the stores of a data folder, making what is missing. Each holds the folder's lock until it is closed. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { openWriter } from './connection.ts';
import { EmbeddedResourceStore } from './embedded-resource-store.ts';
import { EmbeddedEventCursors } from './event-cursors.ts';
import { FileBlobStore } from './file-blob-store.ts';
import { FolderExportStore } from './folder-export-store.ts';
import { FolderImportStore } from './folder-import-store.ts';
import { EmbeddedImagingIndex } from './imaging/embedded-imaging-index.ts';
import { EmbeddedJobStore } from './job-store.ts';
import { lockDataDir } from './lock-data-dir.ts';
import type { SearchTime } from './read/reader-threads.ts';
import { migrate } from './schema.ts';
import { EmbeddedSubscriptionStore } from './subscription-store.ts';
import { EmbeddedWorkQueue } from './work-queue.ts';
import { EmbeddedWorklist } from './worklist/embedded-worklist.ts';

export interface StoreLocation {
  readonly dataDir: string;
  /** The instance's name in workspace.json. */
  readonly service: string;
  /** How long searches may take. */
  readonly searchTime?: SearchTime;
}

/**
 * The store of one FHIR service, in `<dataDir>/fhir/<service>/resources.db`.
 * Rejects when another process holds the folder, when a newer release wrote the database, and inside Azure.
 */
export async function openResourceStore({
  dataDir,
  service,
  searchTime,
}: StoreLocation): Promise<EmbeddedResourceStore> {
  const folder = path.join(dataDir, 'fhir', service);
  return holding(dataDir, (release) => {
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, 'resources.db');
    return new EmbeddedResourceStore(file, prepareDatabase(file), release, searchTime);
  });
}

/** The index of one DICOM service, in `<dataDir>/dicom/<service>/imaging.db`. Rejects as `openResourceStore` does. */
export async function openImagingIndex({ dataDir, service }: StoreLocation): Promise<EmbeddedImagingIndex> {
  const folder = path.join(dataDir, 'dicom', service);
  return holding(dataDir, (release) => {
    mkdirSync(folder, { recursive: true });
    return new EmbeddedImagingIndex(path.join(folder, 'imaging.db'), release);
  });
}

/** The worklist of one DICOM service, in `<dataDir>/dicom/<service>/worklist.db`. Rejects as `openResourceStore` does. */
export async function openWorklist({ dataDir, service }: StoreLocation): Promise<EmbeddedWorklist> {
  const folder = path.join(dataDir, 'dicom', service);
  return holding(dataDir, (release) => {
    mkdirSync(folder, { recursive: true });
    return new EmbeddedWorklist(path.join(folder, 'worklist.db'), release);
  });
}

/** The files of one DICOM service, in `<dataDir>/dicom/<service>/blobs`. Rejects as `openResourceStore` does. */
export async function openBlobStore({ dataDir, service }: StoreLocation): Promise<FileBlobStore> {
  return holding(dataDir, (release) => FileBlobStore.open(path.join(dataDir, 'dicom', service, 'blobs'), release));
}

/** Events that a MedTech service could not use, in `<dataDir>/medtech/<service>/dead-letter`. Rejects likewise. */
export async function openDeadLetterStore({ dataDir, service }: StoreLocation): Promise<FileBlobStore> {
  const folder = path.join(dataDir, 'medtech', service, 'dead-letter');
  return holding(dataDir, (release) => FileBlobStore.open(folder, release));
}

/** How far the subscriptions of one FHIR service have come, in `<dataDir>/fhir/<service>/subscriptions.db`. Rejects likewise. */
export async function openSubscriptionStore({ dataDir, service }: StoreLocation): Promise<EmbeddedSubscriptionStore> {
  const folder = path.join(dataDir, 'fhir', service);
  return holding(dataDir, (release) => {
    mkdirSync(folder, { recursive: true });
    return new EmbeddedSubscriptionStore(path.join(folder, 'subscriptions.db'), release);
  });
}

/** How far the events of one DICOM service have come, in `<dataDir>/dicom/<service>/events.db`. Rejects likewise. */
export async function openEventCursors({ dataDir, service }: StoreLocation): Promise<EmbeddedEventCursors> {
  const folder = path.join(dataDir, 'dicom', service);
  return holding(dataDir, (release) => {
    mkdirSync(folder, { recursive: true });
    return new EmbeddedEventCursors(path.join(folder, 'events.db'), release);
  });
}

/** Exported files, in `<dataDir>/exports`. */
export function openExportStore(dataDir: string): FolderExportStore {
  return new FolderExportStore(path.join(dataDir, 'exports'));
}

/** Files that are dropped to be imported into one DICOM service, in `<dataDir>/imports/<service>`. */
export function openImportStore({ dataDir, service }: StoreLocation): Promise<FolderImportStore> {
  return FolderImportStore.open(path.join(dataDir, 'imports', service));
}

/** The work queue, in `<dataDir>/queue.db`. Rejects as `openResourceStore` does. */
export async function openWorkQueue(dataDir: string): Promise<EmbeddedWorkQueue> {
  return holding(dataDir, (release) => new EmbeddedWorkQueue(path.join(dataDir, 'queue.db'), release));
}

/** The job documents, in `<dataDir>/jobs.db`. Rejects as `openResourceStore` does. */
export async function openJobStore(dataDir: string): Promise<EmbeddedJobStore> {
  return holding(dataDir, (release) => new EmbeddedJobStore(path.join(dataDir, 'jobs.db'), release));
}

async function holding<T>(dataDir: string, open: (release: () => void) => T | Promise<T>): Promise<T> {
  // A Function's disk goes with its machine, and every machine has one of its own.
  if (process.env.WEBSITE_INSTANCE_ID) {
    throw new Error('The embedded stores do not run inside Azure. Set COSMOS_ENDPOINT to use Cosmos DB.');
  }
  const release = lockDataDir(dataDir);
  try {
    return await open(release);
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
