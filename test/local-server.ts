/** The server as a user starts it, in a process of its own, on a free port, with a data folder of its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const readyWithinMs = 20_000;

/** What `npm start` passes to node: `node <flags> local/start.ts`. */
const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: { start: string } };
const startArguments = scripts.start.split(' ').slice(1);

export interface LocalServer {
  /** `http://127.0.0.1:41234` */
  readonly url: string;
  /** Of its Event Hubs; 0 in a workspace without them. */
  readonly eventHubPort: number;
  readonly pid: number;
  readonly dataDir: string;
  /** What it has printed so far. */
  output(): string;
  /** Resident memory in MB. */
  rss(): number;
  /** SIGTERM; the exit code once it has stopped. A data folder that was made for it is removed. */
  stop(): Promise<number | null>;
  /** SIGKILL, and nothing tidied up. */
  kill(): Promise<void>;
}

export async function startLocalServer(
  options: { readonly dataDir?: string; readonly env?: Record<string, string>; readonly args?: readonly string[] } = {},
): Promise<LocalServer> {
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'ohds-'));
  const child = spawn(process.execPath, [...startArguments, ...(options.args ?? [])], {
    cwd: root,
    env: { ...process.env, EVENT_HUB_PORT: '0', ...options.env, PORT: '0', DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const { url, eventHubPort } = await printedAddresses(child);
  const { pid = 0 } = child;
  return {
    url,
    eventHubPort,
    pid,
    dataDir,
    output: () => output,
    rss: () => residentKilobytes(pid) / 1024,
    stop: async () => {
      child.kill('SIGTERM');
      const code = await ended;
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
      return code;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The addresses that the server prints once it is ready. Rejects with what it printed when it does not get there. */
function printedAddresses(child: ChildProcess): Promise<{ url: string; eventHubPort: number }> {
  return new Promise((resolve, reject) => {
    let output = '';
    const failed = (why: string) => reject(new Error(`The server ${why}:\n${output}`));
    const timer = setTimeout(() => failed('did not get ready'), readyWithinMs);
    const read = (data: Buffer) => {
      output += data;
      const url = /health\s+(http:\/\/\S+)\/health\/check/.exec(output)?.[1];
      if (!url || !output.includes('Ctrl-C')) return;
      clearTimeout(timer);
      resolve({ url, eventHubPort: Number(/events\s+Endpoint=sb:\/\/localhost:(\d+)/.exec(output)?.[1] ?? 0) });
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => {
      clearTimeout(timer);
      failed(`ended with ${code}`);
    });
  });
}

function residentKilobytes(pid: number): number {
  if (process.platform !== 'linux') return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]));
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
