/** The README's tour against a real server. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from './local-server.ts';
import { expectShown, shownRequests } from './shown-requests.ts';

const root = path.resolve(import.meta.dirname, '..');
const steps = shownRequests('README.md');

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.stop());

describe('README tour', () => {
  it('has all its parts', () => {
    expect(steps.length).toBeGreaterThanOrEqual(12);
  });

  for (const [index, { command, expected }] of steps.entries()) {
    it(`${index + 1}. ${command.slice(0, 100)}`, async () => {
      if (command.startsWith('npm run demo')) await demo();
      else await expectShown(server.url, command, expected);
    });
  }
});

async function demo(): Promise<void> {
  const child = spawn(process.execPath, ['test/demo/run.ts', '--url', `${server.url}/fhir`], {
    cwd: root,
    stdio: 'pipe',
  });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect([code, output]).toEqual([0, expect.stringContaining('/Patient/demo-1-anna')]);
}
