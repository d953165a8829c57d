/** A reindex of some thousand resources, killed in the middle again and again, loses nothing. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fhirRequests, type Send } from './fhir/fhir-requests.ts';
import { finished, parameterOf, searchParameter } from './fhir/reindexing.ts';
import { type LocalServer, startLocalServer } from './local-server.ts';

const patients = 3000;
const colors = ['red', 'green', 'blue'];

describe('Reindex: a server that is killed', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'ohds-reindex-'));
  let server: LocalServer;
  let send: Send;
  const start = async () => {
    server = await startLocalServer({ dataDir });
    send = fhirRequests(`${server.url}/fhir`);
  };
  beforeAll(start);
  afterAll(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const color = (at: number) => colors[at % colors.length] ?? '';
  const patient = (at: number) => ({
    resourceType: 'Patient',
    id: `p${at}`,
    extension: [{ url: 'http://example.org/color', valueCode: color(at) }],
    name: [{ family: `Family ${at}`, given: ['Given'] }],
    birthDate: '1970-01-01',
  });

  it('goes on where it was, and finds every resource at the end', async () => {
    for (let at = 0; at < patients; at += 500) {
      const entry = Array.from({ length: 500 }, (_, index) => ({
        resource: patient(at + index),
        request: { method: 'PUT', url: `Patient/p${at + index}` },
      }));
      expect((await send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry })).status).toBe(200);
    }
    const definition = searchParameter('http://example.org/color', 'color', {
      type: 'token',
      expression: "Patient.extension('http://example.org/color').value.ofType(code)",
    });
    expect((await send('POST', '/SearchParameter', definition)).status).toBe(201);
    const slow = {
      resourceType: 'Parameters',
      parameter: [
        { name: 'maximumNumberOfResourcesPerQuery', valueInteger: 50 },
        { name: 'maximumNumberOfResourcesPerWrite', valueInteger: 10 },
        { name: 'queryDelayIntervalInMilliseconds', valueInteger: 100 },
      ],
    };
    const job = await send('POST', '/$reindex', slow);
    const done: number[] = [];
    for (let kill = 0; kill < 4; kill += 1) {
      await pause(300 + 500 * kill);
      const now = await send('GET', `/_operations/reindex/${job.body.id}`);
      expect(parameterOf(now, 'status')).toMatch(/Queued|Running/);
      done.push(Number(parameterOf(now, 'resourcesSuccessfullyReindexed')));
      expect((await send('PUT', `/Patient/p${kill}`, { ...patient(kill), active: true })).status).toBe(200);
      await server.kill();
      await start();
      const strict = await send('GET', '/Patient?color=red', undefined, { Prefer: 'handling=strict' });
      expect(strict.status).toBe(400);
    }
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(done.at(-1)).toBeGreaterThan(0);
    const end = await finished(send, job);
    expect([parameterOf(end, 'status'), parameterOf(end, 'failureDetails')]).toEqual(['Completed', undefined]);
    for (const each of colors) {
      const found = await send('GET', `/Patient?color=${each}&_summary=count`, undefined, {
        Prefer: 'handling=strict',
      });
      expect([each, found.body.total]).toEqual([each, patients / colors.length]);
    }
    expect((await send('GET', '/Patient/p5/_history')).body.total).toBe(1);
  }, 120_000);

  it('SearchParameterInitialization: states survive a restart', async () => {
    await server.kill();
    await start();
    const { body } = await send('GET', '/SearchParameter/$status?url=http://example.org/color');
    expect(body.parameter[0].part[1].valueString).toBe('Enabled');
    expect((await send('GET', '/Patient?color=red&_summary=count')).body.total).toBe(patients / colors.length);
    const { body: capabilities } = await send('GET', '/metadata');
    const resource = capabilities.rest[0].resource.find(({ type }: { type: string }) => type === 'Patient');
    expect(resource.searchParam).toContainEqual({
      name: 'color',
      definition: 'http://example.org/color',
      type: 'token',
    });
  });
});
