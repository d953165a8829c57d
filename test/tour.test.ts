/**
 * The README's tour against a real server: each `console` block is run, and what it shows must be in the real answer.
 * Under a request stand `HTTP <status>`, headers, and JSON of which every property must be in the answer's.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from './local-server.ts';

interface Step {
  readonly command: string;
  readonly expected: string;
}

const root = path.resolve(import.meta.dirname, '..');
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
const steps: Step[] = [...readme.matchAll(/```console\n(.*?)```/gs)]
  .flatMap(([, block = '']) => block.split(/^\$ /m).slice(1))
  .map((text) => {
    const [command = '', ...expected] = text.split('\n');
    return { command, expected: expected.join('\n').trim() };
  });

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
      else await curl(command, expected);
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

async function curl(command: string, expected: string): Promise<void> {
  const { url, ...init } = parsed(command);
  const response = await fetch(url.replace('localhost:7071', server.url.replace('http://', '')), init);
  const text = await response.text();
  const [, status, headers = '', json] = /^HTTP (\d+)\n?((?:[A-Za-z-]+: [^\n]*\n?)*)(.*)$/s.exec(expected) ?? [];
  expect([response.status, response.status === Number(status) ? '' : text]).toEqual([Number(status), '']);
  for (const header of headers.split('\n').filter((line) => line !== '')) {
    const [name = '', value] = header.split(/: (.*)/);
    expect(response.headers.get(name)).toBe(value);
  }
  if (json) expectPart(JSON.parse(text), JSON.parse(json), '');
}

/** The few options of curl that the tour uses. */
function parsed(command: string): { url: string; method: string; headers: Record<string, string>; body?: string } {
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const headers: Record<string, string> = {};
  let method: string | undefined;
  let body: string | undefined;
  let url = '';
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '-X') method = words[++at];
    else if (word === '-d') body = words[++at];
    else if (word === '-H') {
      const [name = '', value = ''] = (words[++at] ?? '').split(/: (.*)/);
      headers[name] = value;
    } else url = `http://${word}`;
  }
  return { url, method: method ?? (body === undefined ? 'GET' : 'POST'), headers, ...(body !== undefined && { body }) };
}

/** Every property and item of `part` is in `whole`; an array of `part` is the beginning of the whole one. */
function expectPart(whole: unknown, part: unknown, place: string): void {
  if (typeof part !== 'object' || part === null) {
    expect([place, whole]).toEqual([place, part]);
    return;
  }
  expect([place, typeof whole]).toEqual([place, 'object']);
  for (const [key, value] of Object.entries(part)) {
    expectPart((whole as Record<string, unknown>)[key], value, `${place}/${key}`);
  }
}
