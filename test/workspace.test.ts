/** The workspace as a whole: services side by side, one process a data folder, start and stop. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fhirRequests } from './fhir/fhir-requests.ts';
import { type LocalServer, startLocalServer } from './local-server.ts';

const root = path.resolve(import.meta.dirname, '..');
const dataDir = mkdtempSync(path.join(tmpdir(), 'ohds-workspace-'));
const workspaceFile = path.join(dataDir, 'workspace.json');
const env = { WORKSPACE_FILE: workspaceFile };
let server: LocalServer;
beforeAll(async () => {
  writeFileSync(
    workspaceFile,
    '{"name":"two","services":{"fhir":{"kind":"fhir"},"research":{"kind":"fhir","maxBundleEntries":2}}}',
  );
  server = await startLocalServer({ dataDir, env });
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const patient = (id: string) => ({ resourceType: 'Patient', id });

describe('two FHIR services', () => {
  it('hold their own data under the same id', async () => {
    const [fhir, research] = [fhirRequests(`${server.url}/fhir`), fhirRequests(`${server.url}/research`)];
    await fhir('PUT', '/Patient/a', patient('a'));
    expect((await research('GET', '/Patient/a')).status).toBe(404);
    const { status, headers } = await research('PUT', '/Patient/a', patient('a'));
    expect([status, headers.get('location')]).toEqual([201, `${server.url}/research/Patient/a/_history/1`]);
    await fhir('DELETE', '/Patient/a');
    expect((await research('GET', '/Patient/a')).status).toBe(200);
  });

  it('have their own limits', async () => {
    const entry = new Array(3).fill({ request: { method: 'GET', url: 'metadata' } });
    const bundle = { resourceType: 'Bundle', type: 'batch', entry };
    expect((await fhirRequests(`${server.url}/fhir`)('POST', '', bundle)).status).toBe(200);
    expect((await fhirRequests(`${server.url}/research`)('POST', '', bundle)).status).toBe(400);
  });

  it('a third name is 404', async () => {
    expect((await fetch(`${server.url}/other/Patient/a`)).status).toBe(404);
  });
});

describe('the workspace', () => {
  it('/ lists the services, /health/check touches each store', async () => {
    const home = await (await fetch(server.url, { headers: { Accept: 'application/json' } })).text();
    expect(home).toContain(`${server.url}/research`);
    const health = (await (await fetch(`${server.url}/health/check`)).json()) as {
      overallStatus: string;
      details: { name: string; status: string }[];
    };
    expect(health.overallStatus).toBe('Healthy');
    expect(health.details.map(({ status }) => status)).toEqual(['Healthy', 'Healthy']);
  });

  it('answers to no other host name than its own: a page cannot read it by DNS rebinding', async () => {
    const statusFor = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        get(`${server.url}/fhir/metadata`, { headers: { Host: host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        }).on('error', reject);
      });
    expect(await statusFor('attacker.example')).toBe(421);
    expect(await statusFor('localhost:1234')).toBe(200);
    expect(await statusFor('[::1]:7071')).toBe(200);
  });

  it('a second process on the same data folder is told who has it', async () => {
    const second = spawn(process.execPath, ['local/start.ts'], {
      cwd: root,
      env: { ...process.env, ...env, DATA_DIR: dataDir, PORT: '0' },
    });
    let output = '';
    second.stderr.on('data', (data) => {
      output += data;
    });
    const code = await new Promise((resolve) => second.on('close', resolve));
    expect([code, output]).toEqual([1, expect.stringMatching(/in use|locked|another process/i)]);
    expect(output).toContain(String(server.pid));
  });

  it('a stopped server keeps everything, and stops with 0', async () => {
    expect(await server.stop()).toBe(0);
    server = await startLocalServer({ dataDir, env });
    expect((await fhirRequests(`${server.url}/research`)('GET', '/Patient/a')).status).toBe(200);
  });
});
