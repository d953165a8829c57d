/** History of a resource, a type, the service: FHIR R4 3.1.0.12 as AHDS answers it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

type Entry = {
  fullUrl: string;
  resource: { meta: { versionId: string; lastUpdated: string } };
  request: object;
  response: object;
};

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

it('_summary and _elements give parts of the versions; _summary=count the number alone', async () => {
  const { body } = await send('GET', '/Patient/a/_history?_elements=active&_sort=_lastUpdated');
  expect(body.entry.map((each: Entry) => Object.keys(each.resource))).toEqual([
    ['resourceType', 'id', 'meta', 'active'],
    ['resourceType', 'id', 'meta', 'active'],
    ['resourceType', 'id', 'meta'],
  ]);
  const counted = await send('GET', '/Patient/a/_history?_summary=count');
  expect([counted.body.total, counted.body.entry]).toEqual([3, undefined]);
  expect((await send('GET', '/Patient/a/_history?_summary=x')).status).toBe(400);
});

it.each([
  ['_since=yesterday', 400],
  ['_before=2020-13', 400],
  ['_count=-1', 400],
  ['_count=x', 400],
  ['ct=x', 400],
  ['_sort=name', 403],
  ['_sort=-_lastUpdated', 200],
  ['_at=2020&_before=2020', 403],
  ['_count=100000', 200],
  ['unknown=1', 200],
])('%s is %i', async (query, status) => {
  for (const level of ['/Patient/a', '/Patient', '']) {
    expect((await send('GET', `${level}/_history?${query}`)).status).toBe(status);
  }
});

it('the token of one history is not that of another', async () => {
  const { body } = await send('GET', '/_history?_count=1');
  const next = body.link.find(({ relation }: { relation: string }) => relation === 'next').url;
  const ct = new URL(next).searchParams.get('ct') ?? '';
  expect((await send('GET', `/Patient/_history?_count=1&ct=${encodeURIComponent(ct)}`)).status).toBe(400);
});

describe('History: while others write', () => {
  const ids = Array.from({ length: 5 }, (_, n) => `busy-${n}`);
  const patient = (id: string, n: number) => ({ resourceType: 'Patient', id, name: [{ text: `${n}` }] });
  /** Every page from the first on, until there is none. */
  async function read(url: string): Promise<Entry[]> {
    const seen: Entry[] = [];
    for (let next: string | undefined = url; next !== undefined; ) {
      const body = (await (await fetch(next)).json()) as { entry?: Entry[]; link: { relation: string; url: string }[] };
      seen.push(...(body.entry ?? []));
      next = body.link.find(({ relation }) => relation === 'next')?.url;
    }
    return seen;
  }

  it('pages hold every version once, in the order in which they were made', async () => {
    const writes = ids.flatMap((id) =>
      Array.from({ length: 20 }, (_, n) => send('PUT', `/Patient/${id}`, patient(id, n))),
    );
    const during = await read(`${base}/Patient/_history?_count=7&_sort=_lastUpdated`);
    expect((await Promise.all(writes)).every(({ status }) => status < 300)).toBe(true);
    const after = await read(`${base}/Patient/_history?_count=7&_sort=_lastUpdated`);
    const backwards = await read(`${base}/Patient/_history?_count=7`);
    const names = (entries: Entry[]) => entries.map(({ fullUrl, resource }) => `${fullUrl} ${resource.meta.versionId}`);
    expect(names(backwards)).toEqual(names(after).toReversed());
    expect(names(during)).toEqual(names(after).slice(0, during.length));
    for (const id of ids) {
      const versions = after.filter(({ fullUrl }) => fullUrl === `${base}/Patient/${id}`);
      expect(versions.map(({ resource }) => resource.meta.versionId)).toEqual(
        Array.from({ length: 20 }, (_, n) => `${n + 1}`),
      );
    }
    const times = after.map(({ resource }) => resource.meta.lastUpdated);
    expect(times).toEqual(times.toSorted());
  });
});
