/** What the machine gives without us: an HTTP server that answers from memory, files, SQLite that inserts one row a commit. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdtemp, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Answers what it was told to: a piece of bytes, so many times; written as the client takes it. */
const source = `
  const [, bytes, times] = process.argv.map(Number);
  const piece = Buffer.alloc(bytes, 120);
  require('node:http').createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': bytes * times });
      if (times === 1) return response.end(piece);
      let left = times;
      const more = () => {
        while (left > 0) {
          left -= 1;
          if (!response.write(piece)) return response.once('drain', more);
        }
        response.end();
      };
      more();
    });
  }).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

export interface PlainHttp {
  readonly url: string;
  readonly stop: () => void;
}

/** Plain node:http in a process of its own, answering from memory: 2 KiB, or `times` pieces of `bytes`. */
export async function plainHttp(bytes = 2048, times = 1): Promise<PlainHttp> {
  const given = ['-e', source, String(bytes), String(times)];
  const child: ChildProcess = spawn(process.execPath, given, { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve) =>
    child.stdout?.once('data', (data) => resolve(String(data).trim())),
  );
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.kill() };
}

/** Files per second of `bytes` each, by `writers` at a time: written, synced, renamed to their name, the folder synced. */
export async function plainFiles(bytes: number, writers: number, seconds: number): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ohds-floor-'));
  const content = Buffer.alloc(bytes, 120);
  const started = performance.now();
  let count = 0;
  const write = async () => {
    while (performance.now() - started < seconds * 1000) {
      count += 1;
      const file = path.join(folder, String(count));
      const handle = await open(`${file}.partial`, 'wx');
      await handle.write(content);
      await handle.sync();
      await handle.close();
      await rename(`${file}.partial`, file);
      const names = await open(folder, 'r');
      await names.sync();
      await names.close();
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  const rate = count / ((performance.now() - started) / 1000);
  await rm(folder, { recursive: true });
  return rate;
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
