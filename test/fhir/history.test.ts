/** History of a resource, a type, the service: FHIR R4 3.1.0.12 as AHDS answers it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { fhirRequests, type Send } from './fhir-requests.ts';

let server: LocalServer;
let send: Send;
let base: string;
const times: string[] = [];
beforeAll(async () => {
  server = await startLocalServer();
  base = `${server.url}/fhir`;
  send = fhirRequests(base);
  const wait = () => new Promise((resolve) => setTimeout(resolve, 15));
  for (const active of [true, false]) {
    const { body } = await send('PUT', '/Patient/a', { resourceType: 'Patient', id: 'a', active });
    times.push(body.meta.lastUpdated);
    await wait();
  }
  await send('DELETE', '/Patient/a');
  await wait();
  const { body } = await send('POST', '/Patient', { resourceType: 'Patient' });
  times.push(body.meta.lastUpdated);
  await send('PUT', '/Basic/b', { resourceType: 'Basic', id: 'b', code: { text: 'x' } });
});
afterAll(() => server.stop());

type Entry = { fullUrl: string; resource: { meta: { versionId: string } }; request: object; response: object };

it('of a resource: newest first, a tombstone with nothing but type, id and meta', async () => {
  const { status, body } = await send('GET', '/Patient/a/_history');
  expect([status, body.type, body.total]).toEqual([200, 'history', 3]);
  expect(body.entry.map((each: Entry) => [each.fullUrl, each.request])).toEqual([
    [`${base}/Patient/a`, { method: 'DELETE', url: 'Patient/a' }],
    [`${base}/Patient/a`, { method: 'PUT', url: 'Patient/a' }],
    [`${base}/Patient/a`, { method: 'PUT', url: 'Patient/a' }],
  ]);
  expect(body.entry.map((each: Entry) => each.response)).toMatchObject([
    { status: '204 NoContent', etag: 'W/"3"' },
    { status: '200 OK', etag: 'W/"2"' },
    { status: '201 Created', etag: 'W/"1"', lastModified: times[0] },
  ]);
  expect(Object.keys(body.entry[0].resource).sort()).toEqual(['id', 'meta', 'resourceType']);
});

it('of a type and of the service; the url of a POST has no id', async () => {
  const ofType = await send('GET', '/Patient/_history');
  expect(ofType.body.total).toBe(4);
  expect(ofType.body.entry[0].request).toEqual({ method: 'POST', url: 'Patient/' });
  expect((await send('GET', '/_history')).body.total).toBe(5);
});

it('_since is inclusive, _before exclusive, _sort=_lastUpdated oldest first', async () => {
  const since = await send('GET', `/Patient/_history?_since=${times[1]}`);
  expect(since.body.total).toBe(3);
  const before = await send('GET', `/Patient/_history?_before=${times[1]}`);
  expect(before.body.total).toBe(1);
  const { body } = await send('GET', '/Patient/a/_history?_sort=_lastUpdated');
  expect(body.entry.map((each: Entry) => each.resource.meta.versionId)).toEqual(['1', '2', '3']);
});

it('_before in the future and _at with _since are 403, _at alone is dropped', async () => {
  expect((await send('GET', '/_history?_before=2999-01-01')).status).toBe(403);
  expect((await send('GET', '/_history?_at=2020&_since=2020')).status).toBe(403);
  const { status, body } = await send('GET', '/_history?_at=2020');
  expect([status, body.link.find((each: { relation: string }) => each.relation === 'self').url]).toEqual([
    200,
    `${base}/_history`,
  ]);
});

it('pages by next links without gap or repetition; _count=0 is the count alone', async () => {
  const seen: string[] = [];
  let url: string | undefined = `${base}/_history?_count=2`;
  while (url) {
    const body = (await (await fetch(url)).json()) as { entry: Entry[]; link: { relation: string; url: string }[] };
    seen.push(...body.entry.map((each) => `${each.fullUrl} ${each.resource.meta.versionId}`));
    url = body.link.find(({ relation }) => relation === 'next')?.url;
  }
  expect(new Set(seen).size).toBe(5);
  expect(seen.length).toBe(5);
  const { body } = await send('GET', '/_history?_count=0');
  expect([body.total, body.entry]).toEqual([5, undefined]);
});

it('filtered to nothing is an empty bundle, an id that never was is 404', async () => {
  const { status, body } = await send('GET', '/Patient/a/_history?_since=2990');
  expect([status, body.total, body.entry]).toEqual([200, 0, undefined]);
  expect((await send('GET', '/Patient/never/_history')).status).toBe(404);
});
