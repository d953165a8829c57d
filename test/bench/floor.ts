/** What the machine gives without us: an HTTP server that does nothing, and SQLite that inserts one row a commit. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const source = `
  const body = Buffer.alloc(2048, 120);
  require('node:http').createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body));
  }).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

/** Plain node:http in a process of its own, answering 2 KiB. */
export async function plainHttp(): Promise<{ url: string; stop: () => void }> {
  const child: ChildProcess = spawn(process.execPath, ['-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve) =>
    child.stdout?.once('data', (data) => resolve(String(data).trim())),
  );
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.kill() };
}

/** Commits per second of one row of 2 KiB, WAL and synchronous=FULL, as the embedded store has it. */
export function plainInserts(seconds: number): number {
  const folder = mkdtempSync(path.join(tmpdir(), 'ohds-floor-'));
  const database = new DatabaseSync(path.join(folder, 'floor.db'));
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB)',
  );
  const insert = database.prepare('INSERT INTO t (body) VALUES (?)');
  const body = new Uint8Array(2048);
  const started = performance.now();
  let count = 0;
  while (performance.now() - started < seconds * 1000) {
    insert.run(body);
    count += 1;
  }
  const rate = count / ((performance.now() - started) / 1000);
  database.close();
  rmSync(folder, { recursive: true });
  return rate;
}
