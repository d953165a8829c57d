/** The thread that runs searches, so that a heavy one does not hold up everything else. */
import type { StatementSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { Fragment } from './compile/fragment.ts';
import { openDatabase } from './database.ts';

const database = openDatabase((workerData as { path: string }).path, 'read');
/** Prepared statements by text, the most recently used last. Texts repeat: values are never in them. */
const statements = new Map<string, StatementSync>();
const maxStatements = 200;

parentPort?.on('message', (message: { id: number; query: Fragment } | 'close') => {
  if (message === 'close') {
    database.close();
    parentPort?.close();
    return;
  }
  const { id, query } = message;
  try {
    parentPort?.postMessage({ id, rows: prepared(query.text).all(...query.parameters) });
  } catch (error) {
    parentPort?.postMessage({ id, failure: error instanceof Error ? error.message : String(error) });
  }
});

function prepared(text: string): StatementSync {
  const statement = statements.get(text) ?? database.prepare(text);
  statements.delete(text);
  statements.set(text, statement);
  if (statements.size > maxStatements) for (const oldest of statements.keys()) return dropped(oldest, statement);
  return statement;
}

function dropped(oldest: string, statement: StatementSync): StatementSync {
  statements.delete(oldest);
  return statement;
}
