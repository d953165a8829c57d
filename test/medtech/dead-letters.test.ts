import { execFile } from 'node:child_process';
import path from 'node:path';
import { EventHubProducerClient } from '@azure/event-hubs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { fhirRequests } from '../fhir/fhir-requests.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';

const root = path.resolve(import.meta.dirname, '../..');
const soon = { timeout: 20_000, interval: 50 };
let server: LocalServer;

beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(async () => {
  await server.stop();
});

async function send(...bodies: unknown[]): Promise<void> {
  const endpoint = `Endpoint=sb://localhost:${server.eventHubPort};SharedAccessKeyName=x;SharedAccessKey=y`;
  const client = new EventHubProducerClient(`${endpoint};UseDevelopmentEmulator=true`, 'devicedata');
  await client.sendBatch(
    bodies.map((body) => ({ body })),
    { partitionKey: 'd' },
  );
  await client.close();
}

const weight = (patientId: string, minute: number) => ({
  deviceId: 'scale',
  patientId,
  time: `2026-01-01T10:0${minute}:00Z`,
  weight: 70 + minute,
});

interface Letter {
  name: string;
  errors: { name: string }[];
}

async function letters(query = ''): Promise<Letter[]> {
  const response = await fetch(`${server.url}/medtech/dead-letters${query}`);
  expect(response.status).toBe(200);
  return ((await response.json()) as { deadLetters: Letter[] }).deadLetters;
}

function replay(...args: string[]): Promise<{ code: number; output: string }> {
  const command = [path.join(root, 'local/medtech/run.ts'), 'replay', '--url', `${server.url}/medtech`, ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}

it('what cannot be used is told with its reason, and used by a replay once the reason is gone', async () => {
  const fhir = fhirRequests(`${server.url}/fhir`);
  const observations = async () => (await fhir('GET', '/Observation?_summary=count')).body.total;
  await send(weight('ann', 1), weight('bob', 2), 'no JSON object', weight('ann', 3));
  await vi.waitFor(async () => expect([await observations(), (await letters()).length]).toEqual([2, 1]), soon);
  const [letter] = await letters();
  expect(letter?.errors).toMatchObject([{ name: 'PatientDeviceMismatchException' }]);
  const one = await (await fetch(`${server.url}/medtech/dead-letters/${letter?.name}`)).json();
  expect(JSON.parse((one as { bodyText: string }).bodyText)).toEqual(weight('bob', 2));

  expect(await replay()).toEqual({ code: 1, output: '0 replayed\n1 left with PatientDeviceMismatchException\n' });
  const [{ resource: device }] = (await fhir('GET', '/Device?identifier=scale')).body.entry;
  await fhir('PUT', '/Patient/bob', { resourceType: 'Patient', id: 'bob', identifier: [{ value: 'bob' }] });
  await fhir('PUT', `/Device/${device.id}`, { ...device, patient: { reference: 'Patient/bob' } });
  expect(await replay('--error', 'FhirDataMappingException')).toMatchObject({ output: '0 replayed\n' });
  expect(await replay('--until', '2026-01-01')).toMatchObject({ output: '0 replayed\n' });
  expect(await replay('--since', '2026-01-01')).toEqual({ code: 0, output: '1 replayed\n' });
  expect([await observations(), await letters()]).toEqual([3, []]);
});

it('a request that is wrong is 400, a letter that is not there 404', async () => {
  const statusOf = async (pathAndQuery: string, init?: RequestInit) =>
    (await fetch(`${server.url}/medtech/dead-letters${pathAndQuery}`, init)).status;
  for (const query of ['?since=yesterday', '?limit=0', '?limit=x', '?limit=1001'])
    expect(await statusOf(query)).toBe(400);
  for (const body of ['[]', '{', '{"errors":"x"}', '{"errors":[1]}', '{"after":1}', '{"until":1}', '{"limit":"5"}']) {
    expect([body, await statusOf('/$replay', { method: 'POST', body })]).toEqual([body, 400]);
  }
  expect(await statusOf('/2026.json')).toBe(404);
});
