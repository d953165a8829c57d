import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockDataDir } from './lock-data-dir.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const module = path.join(import.meta.dirname, 'lock-data-dir.ts');

/** A process that takes the lock, says so or says why not, and stays. */
async function holder(folder: string) {
  const program = `
    const { lockDataDir } = await import(${JSON.stringify(module)});
    try { lockDataDir(${JSON.stringify(folder)}); console.log('locked'); setInterval(() => {}, 1000); }
    catch (error) { console.log(error.message); }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [line] = await once(child.stdout, 'data');
  const kill = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await exited;
  };
  return { said: String(line).trim(), pid: child.pid, kill };
}

describe('the lock on a data folder', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    folder = temporaryFolder();
  });
  afterEach(() => folder.remove());

  it('stops a second process, which is told the pid of the first', async () => {
    const first = await holder(folder.path);
    expect(first.said).toBe('locked');
    const second = await holder(folder.path);
    expect(second.said).toContain(`in use by process ${first.pid}.`);
    expect(() => lockDataDir(folder.path)).toThrow(`in use by process ${first.pid}.`);
    await first.kill('SIGTERM');
    lockDataDir(folder.path)();
  });

  it('is free at once when its holder was killed', async () => {
    const first = await holder(folder.path);
    await first.kill('SIGKILL');
    const second = await holder(folder.path);
    expect(second.said).toBe('locked');
    await second.kill('SIGKILL');
  });

  it('is shared within a process and free when the last store lets go', async () => {
    const releases = [lockDataDir(folder.path), lockDataDir(path.join(folder.path, '.'))];
    releases[0]?.();
    releases[0]?.();
    const other = await holder(folder.path);
    expect(other.said).toContain(`in use by process ${process.pid}.`);
    releases[1]?.();
    const later = await holder(folder.path);
    expect(later.said).toBe('locked');
    await later.kill('SIGKILL');
  });
});
