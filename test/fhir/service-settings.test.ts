/** What workspace.json says of a FHIR service: versioning policies and CORS. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { fhirRequests, type Send } from './fhir-requests.ts';

const origin = 'https://app.example';
const workspace = {
  name: 'settings',
  services: {
    fhir: {
      kind: 'fhir',
      versioning: { default: 'versioned', Observation: 'no-version', Device: 'versioned-update' },
      cors: {
        origins: [origin],
        methods: ['GET', 'PUT'],
        headers: ['authorization'],
        maxAge: 600,
        allowCredentials: true,
      },
    },
    open: { kind: 'fhir', versioning: { default: 'no-version', Patient: 'versioned' }, cors: { origins: ['*'] } },
    closed: { kind: 'fhir' },
  },
};

const folder = mkdtempSync(path.join(tmpdir(), 'ohds-settings-'));
let server: LocalServer;
let send: Send;
beforeAll(async () => {
  const file = path.join(folder, 'workspace.json');
  writeFileSync(file, JSON.stringify(workspace));
  server = await startLocalServer({ env: { WORKSPACE_FILE: file } });
  send = fhirRequests(`${server.url}/fhir`);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('versioning policies', () => {
  const observation = (text: string) => ({ resourceType: 'Observation', id: 'o', status: 'final', code: { text } });

  it('no-version keeps the current version alone; reading another is 405', async () => {
    for (const text of ['a', 'b', 'c']) await send('PUT', '/Observation/o', observation(text));
    expect((await send('GET', '/Observation/o')).headers.get('etag')).toBe('W/"3"');
    const { body } = await send('GET', '/Observation/o/_history');
    expect([body.total, body.entry[0].resource.meta.versionId]).toEqual([1, '3']);
    expect((await send('GET', '/Observation/o/_history/3')).status).toBe(200);
    const old = await send('GET', '/Observation/o/_history/1');
    expect([old.status, old.issue]).toEqual([405, 'not-supported']);
    expect((await send('GET', '/Observation/never/_history/1')).status).toBe(404);
  });

  it('no-version: after a patch and a delete nothing is left of what was', async () => {
    await send('PUT', '/Observation/o', observation('d'));
    const patch = '[{"op":"replace","path":"/code/text","value":"e"}]';
    await send('PATCH', '/Observation/o', patch, { 'Content-Type': 'application/json-patch+json' });
    expect((await send('GET', '/Observation/o/_history')).body.total).toBe(1);
    await send('DELETE', '/Observation/o');
    expect((await send('GET', '/Observation/o')).status).toBe(410);
    const { body } = await send('GET', '/Observation/o/_history');
    expect([body.total, body.entry[0].response.status]).toEqual([1, '204 NoContent']);
  });

  it('versioned-update: a change of what is there needs If-Match, 400 without', async () => {
    const device = (text: string) => ({ resourceType: 'Device', id: 'd', deviceName: [{ name: text, type: 'other' }] });
    expect((await send('PUT', '/Device/d', device('a'))).status).toBe(201);
    const refused = await send('PUT', '/Device/d', device('b'));
    expect([refused.status, refused.issue]).toEqual([400, 'required']);
    const patch = '[{"op":"replace","path":"/deviceName/0/name","value":"c"}]';
    const type = { 'Content-Type': 'application/json-patch+json' };
    expect((await send('PATCH', '/Device/d', patch, type)).status).toBe(400);
    expect((await send('PUT', '/Device?_id=d', device('b'))).status).toBe(400);
    expect((await send('PUT', '/Device/d', device('b'), { 'If-Match': 'W/"9"' })).status).toBe(412);
    expect((await send('PUT', '/Device/d', device('b'), { 'If-Match': 'W/"1"' })).status).toBe(200);
    expect((await send('PATCH', '/Device/d', patch, { ...type, 'If-Match': 'W/"2"' })).status).toBe(200);
  });

  it('the CapabilityStatement names the policy of each type', async () => {
    const policies = async (name: string) => {
      const { body } = await fhirRequests(`${server.url}/${name}`)('GET', '/metadata');
      const resources: { type: string; versioning: string; readHistory: boolean }[] = body.rest[0].resource;
      return Object.fromEntries(
        resources.map(({ type, versioning, readHistory }) => [type, [versioning, readHistory]]),
      );
    };
    expect(await policies('fhir')).toMatchObject({
      Patient: ['versioned', true],
      Observation: ['no-version', false],
      Device: ['versioned-update', true],
    });
    expect(await policies('open')).toMatchObject({ Patient: ['versioned', true], Basic: ['no-version', false] });
  });

  it('a type that R4 does not have is told when the service starts', async () => {
    const file = path.join(folder, 'wrong.json');
    const services = { fhir: { kind: 'fhir', versioning: { Patent: 'versioned' } } };
    writeFileSync(file, JSON.stringify({ name: 'wrong', services }));
    await expect(startLocalServer({ env: { WORKSPACE_FILE: file } })).rejects.toThrow('versioning.Patent');
  });
});

/** `fetch` does not send these headers, so the names are not those of a browser's own: node's fetch sends them all. */
const ask = (service: string, address: string, method: string, headers: Record<string, string>) =>
  fetch(`${server.url}/${service}${address}`, { method, headers });
const preflight = (service: string, from: string, asked = 'PUT', address = '/Patient/1') =>
  ask(service, address, 'OPTIONS', {
    Origin: from,
    'Access-Control-Request-Method': asked,
    'Access-Control-Request-Headers': 'authorization,content-type',
  });
const allowed = ({ headers }: Response, ...names: string[]) =>
  names.map((name) => headers.get(`access-control-${name}`));

describe('Cors: requests of other origins', () => {
  it('a preflight is answered with what the settings allow', async () => {
    const answer = await preflight('fhir', origin);
    expect(answer.status).toBe(204);
    expect(allowed(answer, 'allow-origin', 'allow-methods', 'allow-headers', 'max-age', 'allow-credentials')).toEqual([
      origin,
      'GET, PUT',
      'authorization',
      '600',
      'true',
    ]);
    expect(answer.headers.get('vary')).toBe('Origin');
  });

  it('"*" is every origin, and what the browser asks for', async () => {
    const answer = await preflight('open', 'https://anyone.example', 'PATCH', '/no/such/address');
    expect(answer.status).toBe(204);
    expect(allowed(answer, 'allow-origin', 'allow-methods', 'allow-headers', 'max-age', 'allow-credentials')).toEqual([
      '*',
      'PATCH',
      'authorization,content-type',
      null,
      null,
    ]);
  });

  it.each([
    ['another origin', 'fhir', 'https://other.example'],
    ['a service without the setting', 'closed', origin],
  ])('%s is allowed nothing', async (_, service, from) => {
    expect(allowed(await preflight(service, from), 'allow-origin', 'allow-methods')).toEqual([null, null]);
    const answer = await ask(service, '/metadata', 'GET', { Origin: from });
    expect([answer.status, ...allowed(answer, 'allow-origin')]).toEqual([200, null]);
  });

  it.each([
    ['a read', 'GET', '/metadata', 200],
    ['HEAD', 'HEAD', '/metadata', 200],
    ['a read of nothing', 'GET', '/Patient/never', 404],
    ['an address that is not served', 'GET', '/a/b/c/d/e', 404],
    ['a method that is not served', 'DELETE', '/metadata', 405],
    ['a broken body', 'POST', '/Patient', 415],
  ])('%s carries the headers, errors too', async (_, method, address, status) => {
    const answer = await ask('fhir', address, method, { Origin: origin });
    expect([answer.status, ...allowed(answer, 'allow-origin', 'allow-credentials')]).toEqual([status, origin, 'true']);
    expect(answer.headers.get('access-control-expose-headers')).toContain('ETag');
  });

  it('OPTIONS without an origin names the methods', async () => {
    const answer = await ask('fhir', '/Patient/1', 'OPTIONS', {});
    expect([answer.status, answer.headers.get('allow')]).toEqual([204, 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS']);
  });
});
