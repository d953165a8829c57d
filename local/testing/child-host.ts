import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { LocalHostOptions } from '../host.ts';

export interface ChildHost {
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** What it has printed. */
  readonly output: () => string;
  stop(): Promise<void>;
}

/** A local host in a process of its own, so that its memory can be measured. Runs the test app unless told otherwise. */
export async function startChildHost(
  options: Partial<LocalHostOptions> = {},
  environment: Readonly<Record<string, string>> = {},
): Promise<ChildHost> {
  const app = path.resolve(import.meta.dirname, 'app.ts');
  const child = fork(path.resolve(import.meta.dirname, 'run-host.ts'), [JSON.stringify({ app, ...options })], {
    silent: true,
    execPath: path.resolve(import.meta.dirname, '../../node_modules/.bin/node'),
    execArgv: [],
    env: { ...process.env, ...environment },
  });
  let output = '';
  child.stdout?.on('data', (text) => (output += text));
  child.stderr?.on('data', (text) => (output += text));
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`The host did not start:\n${output}`)));
  const [url] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => {});
  return {
    url,
    port: Number(new URL(url).port),
    process: child,
    output: () => output,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
