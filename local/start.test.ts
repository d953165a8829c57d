import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'ohds-start-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const running = new Map<ChildProcess, Promise<unknown>>();
/** A test that fails leaves none behind, which would hold the data folder of the next. */
afterEach(async () => {
  for (const child of running.keys()) child.kill('SIGKILL');
  await Promise.all(running.values());
  running.clear();
});

/** The command behind `npm start`. `printed` resolves when the output matches. */
function start(environment: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, ['local/start.ts', ...args], {
    cwd: root,
    env: { ...process.env, PORT: '0', EVENT_HUB_PORT: '0', DATA_DIR: path.join(folder, 'data'), ...environment },
  });
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  running.set(child, ended);
  const printed = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const match = pattern.exec(output);
      if (match) return match;
      if (child.exitCode !== null) throw new Error(`It ended:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  return { child, ended, printed };
}

describe('npm start', () => {
  it('prints what it serves and where', async () => {
    const { child, ended, printed } = start({});
    const [, url = ''] = await printed(/health +(http:\/\/127\.0\.0\.1:\d+)\/health\/check/);
    expect((await fetch(`${url}/health/check`)).status).toBe(200);
    child.kill('SIGINT');
    const { code, output } = await ended;
    expect(code).toBe(0);
    expect(output).toMatch(/\d+ Functions, ready/);
    expect(output).toContain(`fhir     ${url}/fhir`);
    expect(output).toContain(path.join(folder, 'data'));
    expect(output).toMatch(/loopback only/);
  });

  it('keeps the audit records of a stopped server', async () => {
    const { child, ended, printed } = start({ DATA_DIR: path.join(folder, 'audited') });
    const [, url] = await printed(/health +(http:\S+)\/health\/check/);
    await fetch(`${url}/fhir/metadata?secret`);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    const lines = readFileSync(path.join(folder, 'audited/audit.ndjson'), 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ path: '/fhir/metadata', status: 200 }]);
    expect(lines.join()).not.toMatch(/secret/);
  });

  it('closed by AUTH_ISSUERS=local, it takes the tokens of npm run token and no others', async () => {
    const environment = { DATA_DIR: path.join(folder, 'closed'), AUTH_ISSUERS: 'local' };
    const { child, ended, printed } = start(environment);
    const [, url] = await printed(/health +(http:\S+)\/health\/check/);
    const token = execFileSync(process.execPath, ['local/token.ts', '--role', 'FHIR Data Reader', '--minutes', '1'], {
      cwd: root,
      env: { ...process.env, ...environment },
    });
    const ask = async (authorization: string, method = 'GET') =>
      fetch(`${url}/fhir/Patient`, { method, headers: { authorization, 'Content-Type': 'application/fhir+json' } });
    const refused = await ask('Bearer x.y.z');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    expect(await refused.json()).toMatchObject({ resourceType: 'OperationOutcome', issue: [{ code: 'login' }] });
    expect((await ask(`Bearer ${token.toString().trim()}`)).status).toBe(200);
    const forbidden = await ask(`Bearer ${token.toString().trim()}`, 'POST');
    expect(forbidden.status).toBe(403);
    expect(await forbidden.json()).toMatchObject({ issue: [{ code: 'forbidden' }] });
    expect((await fetch(`${url}/fhir/metadata`)).status).toBe(200);
    const studies = await fetch(`${url}/dicom/v2/studies`);
    expect([studies.status, studies.headers.get('content-type')]).toEqual([401, 'text/plain; charset=utf-8']);
    child.kill('SIGTERM');
    expect((await ended).output).toMatch(/Closed: calls need a token of npm run token\./);
    expect((await ended).output).not.toContain(token.toString().trim());
  });

  it('open, it refuses what a page of another origin asks for', async () => {
    const { child, ended, printed } = start({ DATA_DIR: path.join(folder, 'open') });
    const [, url] = await printed(/health +(http:\S+)\/health\/check/);
    const ask = async (headers: Record<string, string>) => (await fetch(`${url}/fhir/Patient`, { headers })).status;
    expect(await ask({})).toBe(200);
    expect(await ask({ Origin: String(url) })).toBe(200);
    expect(await ask({ Origin: 'https://evil.example' })).toBe(403);
    child.kill('SIGTERM');
    await ended;
  });

  it('tells that a port is in use, and ends with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, output } = await start({ PORT: String(port) }).ended;
    other.close();
    expect(code).toBe(1);
    expect(output).toBe(`Port ${port} on 127.0.0.1 is in use. Set PORT to another one (0 takes a free one).\n`);
  });

  it('tells that the port of the Event Hubs is in use, and ends with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, output } = await start({ EVENT_HUB_PORT: String(port) }).ended;
    other.close();
    expect(code).toBe(1);
    expect(output).toBe(`Port ${port} is in use. Set EVENT_HUB_PORT to another one (0 takes a free one).\n`);
  });

  it.each([
    ['PORT', { PORT: 'seven' }, /^PORT=seven is not a port/],
    ['HOST', { HOST: '0.0.0.0' }, /^HOST=0\.0\.0\.0 can be reached by others/],
    ['WORKSPACE_FILE', { WORKSPACE_FILE: 'nowhere.json' }, /^nowhere\.json: cannot be read/],
  ])('tells a wrong %s in one line, and ends with 1', async (_, environment, message) => {
    const { code, output } = await start(environment).ended;
    expect(code).toBe(1);
    expect(output).toMatch(message);
    expect(output.trimEnd().split('\n')).toHaveLength(1);
  });

  it('a second signal does not wait for what runs', async () => {
    const { child, ended, printed } = start({ WORKSPACE_FILE: workspaceFile() }, '--app', 'local/testing/app.ts');
    const [, url] = await printed(/health +(http:\S+)\/health\/check/);
    const slow = fetch(`${url}/test/sleep?ms=8000`).catch(() => 'cut');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const began = performance.now();
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill('SIGINT');
    expect((await ended).code).toBe(1);
    expect(performance.now() - began).toBeLessThan(3000);
    expect(await slow).toBe('cut');
  });
});

function workspaceFile(): string {
  const file = path.join(folder, 'workspace.json');
  writeFileSync(file, '{"name":"test","services":{"test":{"kind":"fhir"}}}');
  return file;
}
