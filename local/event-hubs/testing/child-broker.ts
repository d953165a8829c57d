import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface ChildBroker {
  readonly connectionString: string;
  readonly port: number;
  /** Resident memory in MB. */
  rss(): number;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** A broker in a process of its own, to be killed or measured. */
export async function startChildBroker(dataDir: string): Promise<ChildBroker> {
  const program = path.join(import.meta.dirname, 'run-broker.ts');
  const child = spawn(process.execPath, [program, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const ended = closed.then(() => Promise.reject(new Error('The broker did not start.')));
  const [connectionString] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [string];
  ended.catch(() => {});
  return {
    connectionString,
    port: Number(/localhost:(\d+)/.exec(connectionString)?.[1]),
    rss: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    kill: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
