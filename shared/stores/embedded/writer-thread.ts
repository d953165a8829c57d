/** The thread that owns the writing connection of a service. It gets batches and answers each when it is on the disk. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Batch } from './commit-request.ts';
import { openDatabase } from './database.ts';
import { BatchWriter } from './write-batch.ts';

const database = openDatabase((workerData as { path: string }).path, 'write');
const writer = new BatchWriter(database);

parentPort?.on('message', (message: Batch | 'close') => {
  if (message !== 'close') {
    parentPort?.postMessage(writer.write(message));
    return;
  }
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  parentPort?.close();
});
