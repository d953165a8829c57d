/** create, read, vread, update, delete: FHIR R4 3.1.0 as AHDS answers it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { fhirRequests, type Send } from './fhir-requests.ts';

let server: LocalServer;
let send: Send;
let base: string;
beforeAll(async () => {
  server = await startLocalServer();
  base = `${server.url}/fhir`;
  send = fhirRequests(base);
});
afterAll(() => server.stop());

const patient = (more: object = {}) => ({ resourceType: 'Patient', ...more });

describe('Create: what the client sends and what it gets', () => {
  it('ignores the client id and version, answers 201 with Location, ETag and Last-Modified', async () => {
    const meta = { versionId: '7', lastUpdated: '2001-01-01T00:00:00Z', source: 'urn:source' };
    const { status, headers, body } = await send('POST', '/Patient', patient({ id: 'mine', meta }));
    expect(status).toBe(201);
    expect(body.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.meta).toMatchObject({ versionId: '1', source: 'urn:source' });
    expect(Date.now() - Date.parse(body.meta.lastUpdated)).toBeLessThan(60_000);
    expect(headers.get('location')).toBe(`${base}/Patient/${body.id}/_history/1`);
    expect(headers.get('etag')).toBe('W/"1"');
    expect(Math.floor(Date.parse(body.meta.lastUpdated) / 1000)).toBe(
      Date.parse(headers.get('last-modified') ?? '') / 1000,
    );
    expect(headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
  });

  it('always carries the security headers and a request id of ours, and echoes the caller’s as correlation id', async () => {
    const { headers } = await send('GET', '/Patient/none', undefined, { 'X-Request-Id': 'caller-1' });
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('content-security-policy')).toBe("frame-src 'self';");
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('x-correlation-id')).toBe('caller-1');
  });

  it('keeps the digits of decimals', async () => {
    const text =
      '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.50},"component":[{"code":{"text":"y"},"valueQuantity":{"value":100.00}},{"code":{"text":"z"},"valueQuantity":{"value":0.000000010}}]}';
    const { body } = await send('POST', '/Observation', text);
    const raw = await (await fetch(`${base}/Observation/${body.id}`)).text();
    expect(raw.match(/"value":[^}]+/g)).toEqual(['"value":1.50', '"value":100.00', '"value":0.000000010']);
  });

  it('Prefer: return=minimal has no body, return=OperationOutcome has an outcome', async () => {
    const minimal = await send('POST', '/Patient', patient(), { Prefer: 'return=minimal' });
    expect([minimal.status, minimal.body]).toEqual([201, {}]);
    const outcome = await send('POST', '/Patient', patient(), { Prefer: 'return=OperationOutcome' });
    expect([outcome.status, outcome.issue]).toEqual([201, 'informational']);
  });

  it('resolves a conditional reference to exactly one resource, else 400', async () => {
    const system = `urn:s:${Date.now()}`;
    const made = await send('POST', '/Organization', {
      resourceType: 'Organization',
      name: 'A',
      identifier: [{ system, value: '1' }],
    });
    const reference = `Organization?identifier=${system}|1`;
    const good = await send('POST', '/Patient', patient({ managingOrganization: { reference } }));
    expect(good.body.managingOrganization.reference).toBe(`Organization/${made.body.id}`);
    const bad = await send('POST', '/Patient', patient({ managingOrganization: { reference: `${reference}x` } }));
    expect(bad.status).toBe(400);
  });
});

describe('Update: upsert, If-Match, nothing changed', () => {
  it('of a new id creates it: 201, version 1', async () => {
    const { status, headers } = await send('PUT', '/Patient/up-1', patient({ id: 'up-1' }));
    expect([status, headers.get('etag')]).toEqual([201, 'W/"1"']);
  });

  it('makes a new version: 200, version 2', async () => {
    const { status, body } = await send('PUT', '/Patient/up-1', patient({ id: 'up-1', active: true }));
    expect([status, body.meta.versionId]).toEqual([200, '2']);
  });

  it('that changes nothing makes no version', async () => {
    const again = patient({ id: 'up-1', meta: { versionId: '9', lastUpdated: '2020-01-01T00:00:00Z' }, active: true });
    const { status, body } = await send('PUT', '/Patient/up-1', again);
    expect([status, body.meta.versionId]).toEqual([200, '2']);
  });

  it('If-Match: the current version passes, a stale one is 412, an absent resource 404', async () => {
    const body = patient({ id: 'up-1', active: false });
    expect((await send('PUT', '/Patient/up-1', body, { 'If-Match': 'W/"1"' })).status).toBe(412);
    expect((await send('PUT', '/Patient/up-1', body, { 'If-Match': 'W/"2"' })).status).toBe(200);
    const absent = patient({ id: 'up-absent' });
    expect((await send('PUT', '/Patient/up-absent', absent, { 'If-Match': 'W/"1"' })).status).toBe(404);
  });

  it('_meta-history=false keeps no previous version where only meta has changed', async () => {
    await send('PUT', '/Patient/up-meta', patient({ id: 'up-meta' }));
    const tagged = patient({ id: 'up-meta', meta: { tag: [{ code: 'x' }] } });
    const { body } = await send('PUT', '/Patient/up-meta?_meta-history=false', tagged);
    expect(body.meta.versionId).toBe('2');
    expect((await send('GET', '/Patient/up-meta/_history/1')).status).toBe(404);
    await send('PUT', '/Patient/up-meta?_meta-history=false', { ...tagged, active: true });
    expect((await send('GET', '/Patient/up-meta/_history/2')).status).toBe(200);
  });

  it('by many writers at once: every one is a version of its own', async () => {
    await send('PUT', '/Patient/up-many', patient({ id: 'up-many' }));
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        send('PUT', '/Patient/up-many', patient({ id: 'up-many', name: [{ text: `${n}` }] })),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(new Array(20).fill(200));
    const versions = answers.map(({ body }) => Number(body.meta.versionId)).sort((a, b) => a - b);
    expect(versions).toEqual(Array.from({ length: 20 }, (_, n) => n + 2));
  });

  it('by many writers with the same If-Match: exactly one wins', async () => {
    await send('PUT', '/Patient/up-race', patient({ id: 'up-race' }));
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        send('PUT', '/Patient/up-race', patient({ id: 'up-race', name: [{ text: `${n}` }] }), { 'If-Match': 'W/"1"' }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...new Array(9).fill(412)]);
  });
});

describe('Delete: soft, hard, purge', () => {
  it('leaves a tombstone: 204, then 410 with its version; again 204 without a new version', async () => {
    await send('PUT', '/Patient/del-1', patient({ id: 'del-1', name: [{ family: 'Deleted' }] }));
    const deleted = await send('DELETE', '/Patient/del-1');
    expect([deleted.status, deleted.headers.get('etag')]).toEqual([204, 'W/"2"']);
    const gone = await send('GET', '/Patient/del-1');
    expect([gone.status, gone.issue, gone.headers.get('etag')]).toEqual([410, 'deleted', 'W/"2"']);
    expect((await send('DELETE', '/Patient/del-1')).status).toBe(204);
    expect((await send('GET', '/Patient/del-1/_history/2')).status).toBe(410);
    expect((await send('GET', '/Patient/del-1/_history/1')).status).toBe(200);
    expect((await send('GET', '/Patient/del-1/_history/3')).status).toBe(404);
    const found = await send('GET', '/Patient?family=deleted');
    expect(found.body.entry).toBeUndefined();
  });

  it('an update brings it back on top of the tombstone: 200', async () => {
    const { status, body } = await send('PUT', '/Patient/del-1', patient({ id: 'del-1' }));
    expect([status, body.meta.versionId]).toEqual([200, '3']);
  });

  it('of what never was is 204', async () => {
    expect((await send('DELETE', '/Patient/never')).status).toBe(204);
  });

  it('hard: every version goes, the id is as new', async () => {
    expect((await send('DELETE', '/Patient/del-1?_hardDelete=true')).status).toBe(204);
    expect((await send('GET', '/Patient/del-1')).status).toBe(404);
    expect((await send('GET', '/Patient/del-1/_history')).status).toBe(404);
    expect((await send('PUT', '/Patient/del-1', patient({ id: 'del-1' }))).status).toBe(201);
  });

  it('$purge-history keeps the current version only', async () => {
    for (const active of [true, false, true]) await send('PUT', '/Patient/purge', patient({ id: 'purge', active }));
    expect((await send('DELETE', '/Patient/purge/$purge-history')).status).toBe(204);
    const { body } = await send('GET', '/Patient/purge/_history');
    expect(
      body.entry.map((each: { resource: { meta: { versionId: string } } }) => each.resource.meta.versionId),
    ).toEqual(['3']);
  });
});

describe('Read, VRead: statuses', () => {
  it('HEAD has the headers of GET and no body', async () => {
    await send('PUT', '/Patient/head', patient({ id: 'head' }));
    const { status, headers, body } = await send('HEAD', '/Patient/head');
    expect([status, headers.get('etag'), body]).toEqual([200, 'W/"1"', {}]);
  });

  it('_pretty breaks lines and changes nothing else', async () => {
    const text = await (await fetch(`${base}/Patient/head?_pretty=true`)).text();
    expect(text).toContain('\n  "id": "head"');
    expect(JSON.parse(text)).toEqual((await send('GET', '/Patient/head')).body);
  });

  it('_format=json wins over an Accept that is not offered', async () => {
    const { status } = await send('GET', '/Patient/head?_format=json', undefined, { Accept: 'text/turtle' });
    expect(status).toBe(200);
  });

  it('metadata names the version, every type and its search parameters', async () => {
    const { body } = await send('GET', '/metadata');
    expect(body).toMatchObject({ resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', status: 'active' });
    expect(body.rest[0].resource.length).toBeGreaterThan(140);
    const found = body.rest[0].resource.find((each: { type: string }) => each.type === 'Patient');
    expect(found.searchParam.map((each: { name: string }) => each.name)).toContain('birthdate');
    expect((await send('GET', '/$versions')).body).toEqual({ versions: ['4.0'], default: '4.0' });
  });
});

describe('X-Provenance', () => {
  const provenance = (more: object = {}) =>
    JSON.stringify({
      resourceType: 'Provenance',
      recorded: '2026-01-01T00:00:00Z',
      agent: [{ who: { display: 'A' } }],
      ...more,
    });
  const put = (active: boolean, header: string) =>
    send('PUT', '/Patient/prov', patient({ id: 'prov', active }), { 'X-Provenance': header });

  it('is stored with the write, its target the version that was made', async () => {
    expect((await put(true, provenance())).status).toBe(201);
    expect((await put(false, provenance())).status).toBe(200);
    const { body } = await send('GET', '/Provenance?target=Patient/prov');
    const targets = body.entry.map((each: { resource: { target: object[] } }) => each.resource.target);
    expect(targets).toEqual([[{ reference: 'Patient/prov/_history/1' }], [{ reference: 'Patient/prov/_history/2' }]]);
  });

  it('malformed, invalid, of another type or with a target is 400, and nothing is written', async () => {
    const targeted = provenance({ target: [{ reference: 'Patient/x' }] });
    for (const header of ['{', '{}', provenance({ recorded: 'x' }), JSON.stringify(patient()), targeted]) {
      expect((await put(true, header)).status).toBe(400);
    }
    expect((await send('GET', '/Patient/prov')).body.meta.versionId).toBe('2');
  });
});
