/** General rules of a search on the wire: handling, links, counts, pages, order. Rules: AHDS's BasicSearch, Sort, SearchProxy. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type FhirAnswer, fhirRequests, type Send } from './fhir-requests.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'ohds-search-'));
const workspaceFile = path.join(dataDir, 'workspace.json');
let server: LocalServer;
let send: Send;
let other: Send;

const tag = [{ system: 'urn:test', code: 'basic' }];
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const strict = { Prefer: 'handling=strict' };

beforeAll(async () => {
  writeFileSync(workspaceFile, '{"name":"two","services":{"fhir":{"kind":"fhir"},"research":{"kind":"fhir"}}}');
  server = await startLocalServer({ dataDir, env: { WORKSPACE_FILE: workspaceFile } });
  send = fhirRequests(`${server.url}/fhir`);
  other = fhirRequests(`${server.url}/research`);
  const patients = [
    { id: 'a', name: [{ family: 'Muller', given: ['Ann'] }], birthDate: '1980-05-01', gender: 'female' },
    { id: 'b', name: [{ family: 'Zadeh' }, { family: 'Adams' }], birthDate: '1970', gender: 'male' },
    { id: 'c', name: [{ family: 'Brown' }], birthDate: '1990-01-01' },
    { id: 'd' },
    { id: 'e', name: [{ family: 'Smith' }], birthDate: '1985-07-07', gender: 'other' },
  ];
  for (const patient of patients) {
    const stored = { resourceType: 'Patient', meta: { tag }, ...patient };
    expect((await send('PUT', `/Patient/${patient.id}`, stored)).status).toBe(201);
    await other('PUT', `/Patient/${patient.id}`, stored);
  }
  const observations = [
    { id: 'o1', subject: { reference: 'Patient/a' }, valueQuantity: { value: 10 }, code: { coding: [{ code: 'x' }] } },
    { id: 'o2', subject: { reference: 'Patient/b' }, valueQuantity: { value: 9.5 }, code: { coding: [{ code: 'y' }] } },
    { id: 'o3', subject: { reference: 'Patient/c' }, code: { coding: [{ code: 'w' }] } },
  ];
  for (const observation of observations) {
    await send('PUT', `/Observation/${observation.id}`, {
      resourceType: 'Observation',
      status: 'final',
      meta: { tag },
      ...observation,
    });
  }
  const risk = { resourceType: 'RiskAssessment', status: 'final', subject: { reference: 'Patient/a' } };
  await send('PUT', '/RiskAssessment/low', { ...risk, id: 'low', prediction: [{ probabilityDecimal: 0.1 }] });
  await send('PUT', '/RiskAssessment/high', { ...risk, id: 'high', prediction: [{ probabilityDecimal: 0.9 }] });
  await send('PUT', '/ValueSet/v2', { resourceType: 'ValueSet', id: 'v2', status: 'draft', url: 'http://b' });
  await send('PUT', '/ValueSet/v1', { resourceType: 'ValueSet', id: 'v1', status: 'draft', url: 'http://a' });
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

type Entry = { resource: { resourceType: string; id: string; issue?: Issue[] }; search: { mode: string } };
type Issue = { severity: string; code: string };
const idsOf = ({ body }: FhirAnswer): string[] =>
  (body.entry ?? []).filter((entry: Entry) => entry.search.mode === 'match').map(({ resource }: Entry) => resource.id);
const issuesOf = ({ body }: FhirAnswer): string[] =>
  (body.entry ?? []).flatMap(({ resource }: Entry) =>
    (resource.issue ?? []).map(({ severity, code }) => `${severity} ${code}`),
  );
const linkOf = ({ body }: FhirAnswer, relation: string): string | undefined =>
  body.link.find((link: { relation: string }) => link.relation === relation)?.url;
const selfOf = (answer: FhirAnswer) => (linkOf(answer, 'self') ?? '').slice(`${server.url}/fhir`.length);
const pathOf = (url: string | undefined) => (url ?? '/none').slice(`${server.url}/fhir`.length);

async function allPages(address: string): Promise<string[]> {
  const ids: string[] = [];
  for (let at: string | undefined = address; at !== undefined; ) {
    const answer: FhirAnswer = await send('GET', at);
    expect(answer.status).toBe(200);
    ids.push(...idsOf(answer));
    const next = linkOf(answer, 'next');
    at = next && pathOf(next);
  }
  return ids;
}

describe('BasicSearch: what is used and what is ignored', () => {
  it.each<[address: string, issues: string[], self: string]>([
    ['/Patient?foo=1&gender=male', ['warning not-supported'], '/Patient?gender=male'],
    ['/Patient?name=&gender=male', ['warning not-supported'], '/Patient?gender=male'],
    ['/Patient?gender=male&gender=male', [], '/Patient?gender=male'],
    ['/Patient?gender=male&gender=female', [], '/Patient?gender=male&gender=female'],
    ['/Patient?_sort=nonsense', ['warning not-supported'], '/Patient'],
    ['/Patient?_sort=_score', ['warning not-supported'], '/Patient'],
    ['/Patient?_sort=organization.name', ['warning not-supported'], '/Patient'],
    ['/Patient?_count=2000', ['information informational'], '/Patient?_count=2000'],
    ['?_type=Patient,Nonsense', ['warning not-supported'], '?_type=Patient,Nonsense'],
    ['?_type=Nonsense', ['warning not-supported'], '?_type=Nonsense'],
    ['/Patient?_text=word', ['warning not-supported'], '/Patient'],
  ])('%s: %j, self %s', async (address, issues, self) => {
    const answer = await send('GET', address);
    expect([answer.status, issuesOf(answer), selfOf(answer)]).toEqual([200, issues, self]);
    if (issues.length > 0) expect(answer.body.entry[0].search.mode).toBe('outcome');
  });

  it.each(['/Patient?foo=1', '/Patient?name=', '/Patient?_sort=nonsense', '?foo=1'])(
    'Prefer: handling=strict refuses %s with 400',
    async (address) => {
      const answer = await send('GET', address, undefined, strict);
      expect([answer.status, answer.issue]).toEqual([400, 'not-supported']);
    },
  );

  it('strict handling lists all that is wrong', async () => {
    expect((await send('GET', '/Patient?foo=1&bar=2&gender=male', undefined, strict)).body.issue).toHaveLength(2);
  });

  it.each<[address: string, status: number]>([
    ['/Patient?_total=guess', 400],
    ['/Patient?_count=-1', 400],
    ['/Patient?_count=many', 400],
    ['/Patient?_summary=nothing', 400],
    ['/Patient?_elements=', 400],
    ['/Patient?_elements=id&_summary=true', 400],
    ['/Patient?birthdate=2020-02-31', 400],
    ['/Patient?identifier=a|b|c', 400],
    ['?_type=', 400],
    ['?name=a', 400],
    ['?_type=Patient,Organization&birthdate=2000', 400],
    [`/Patient?${Array.from({ length: 101 }, (_, at) => `_tag=t${at}`).join('&')}`, 400],
    [`/Patient?_id=${Array.from({ length: 501 }, (_, at) => `i${at}`).join(',')}`, 400],
    ['/Patient?name:nonsense=a', 403],
    ['/Patient?name:missing=perhaps', 403],
    ['/Patient?birthdate=gt2000,2001', 403],
    ['/Observation?subject.name=a', 403],
    ['?_include=Patient:organization', 403],
    ['/patient?name=a', 404],
  ])('%s is %i', async (address, status) => {
    expect((await send('GET', address)).status).toBe(status);
  });

  it('a search over all types takes what every type has, and with one _type what that type has', async () => {
    expect(idsOf(await send('GET', '?_tag=urn:test|basic&_count=100'))).toHaveLength(8);
    expect(idsOf(await send('GET', '?_type=Patient&family=smith'))).toEqual(['e']);
    expect(idsOf(await send('GET', '?_type=Patient,Observation&_id=a,o1,low'))).toEqual(['a', 'o1']);
    expect(idsOf(await send('GET', '?_type=Patient&_type=Patient,Observation&_id=a,o1'))).toEqual(['a']);
  });

  it('POST _search merges the query and the form, at every level; its links are addresses for GET', async () => {
    const answer = await send('POST', '/Patient/_search?gender=female,male', 'birthdate=ge1970&_count=1', form);
    expect([answer.status, idsOf(answer)]).toEqual([200, ['a']]);
    expect(selfOf(answer)).toBe('/Patient?gender=female,male&birthdate=ge1970&_count=1');
    expect(idsOf(await send('GET', pathOf(linkOf(answer, 'next'))))).toEqual(['b']);
    expect(idsOf(await send('POST', '/_search', '_type=Patient&_id=a,b', form))).toEqual(['a', 'b']);
    expect(idsOf(await send('POST', '/Patient/_search', '', form))).toHaveLength(5);
    expect((await send('POST', '/Patient/_search', '{}', { 'Content-Type': 'application/json' })).status).toBe(415);
  });

  it('what was deleted is not found, an update is found by what it says now', async () => {
    await send('PUT', '/Patient/f', { resourceType: 'Patient', id: 'f', name: [{ family: 'Before' }] });
    await send('PUT', '/Patient/f', { resourceType: 'Patient', id: 'f', name: [{ family: 'After' }] });
    expect(idsOf(await send('GET', '/Patient?family=before'))).toEqual([]);
    expect(idsOf(await send('GET', '/Patient?family=after'))).toEqual(['f']);
    await send('DELETE', '/Patient/f');
    expect((await send('GET', '/Patient?family=after')).body).not.toHaveProperty('entry');
  });
});

describe('BasicSearch: counts and parts', () => {
  it.each<[query: string, total: number | undefined, entries: number]>([
    ['', undefined, 5],
    ['_total=none', undefined, 5],
    ['_total=accurate', 5, 5],
    ['_total=estimate', 5, 5],
    ['_total=accurate&_count=2', 5, 2],
    ['_total=estimate&_count=2', 5, 2],
    ['_summary=count', 5, 0],
    ['_count=0', 5, 0],
    ['_summary=count&_sort=family&_count=2', 5, 0],
    ['_summary=count&gender=male', 1, 0],
  ])('/Patient?%s has total %s and %i entries', async (query, total, entries) => {
    const { body } = await send('GET', `/Patient?${query}`);
    expect([body.total, (body.entry ?? []).length]).toEqual([total, entries]);
  });

  it('a part of each resource keeps its mandatory elements and is tagged', async () => {
    const { body } = await send('GET', '/Observation?_id=o1&_elements=value,subject');
    const { meta, ...rest } = body.entry[0].resource;
    expect(Object.keys(rest).sort()).toEqual(['code', 'id', 'resourceType', 'status', 'subject', 'valueQuantity']);
    expect(meta.tag).toContainEqual({
      system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
      code: 'SUBSETTED',
    });
  });
});

describe('BasicSearch: pages', () => {
  it('the default page has ten', async () => {
    const entry = Array.from({ length: 12 }, () => ({
      request: { method: 'POST', url: 'Basic' },
      resource: { resourceType: 'Basic', code: { text: 'x' } },
    }));
    await send('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
    const answer = await send('GET', '/Basic');
    expect(idsOf(answer)).toHaveLength(10);
    expect(new Set(await allPages('/Basic?_count=5')).size).toBe(12);
  });

  it('links are next, self and, beside AHDS, first, previous and last', async () => {
    const relations = (answer: FhirAnswer) => answer.body.link.map((link: { relation: string }) => link.relation);
    const first = await send('GET', '/Patient?_count=2');
    expect(relations(first)).toEqual(['next', 'self', 'last']);
    const second = await send('GET', pathOf(linkOf(first, 'next')));
    expect(relations(second)).toEqual(['next', 'self', 'first', 'previous', 'last']);
    expect(idsOf(await send('GET', pathOf(linkOf(second, 'previous'))))).toEqual(idsOf(first));
    const last = await send('GET', pathOf(linkOf(first, 'last')));
    expect([idsOf(last), linkOf(last, 'next')]).toEqual([['d', 'e'], undefined]);
  });

  it('fhir-kit-client walks them', async () => {
    const client = new Client({ baseUrl: `${server.url}/fhir` });
    type Bundle = Parameters<typeof client.nextPage>[0]['bundle'];
    const ids = (bundle: Bundle) =>
      (bundle as unknown as { entry: Entry[] }).entry.map(({ resource }) => resource.id).join(' ');
    const first = (await client.search({ resourceType: 'Patient', searchParams: { _count: 2 } })) as Bundle;
    const second = (await client.nextPage({ bundle: first })) as Bundle;
    const third = (await client.nextPage({ bundle: second })) as Bundle;
    expect([first, second, third].map(ids)).toEqual(['a b', 'c d', 'e']);
    expect(ids((await client.prevPage({ bundle: third })) as Bundle)).toBe('c d');
  });

  it('a token that was changed, is of another search or of another service is 400', async () => {
    const next = pathOf(linkOf(await send('GET', '/Patient?_count=1&gender=male,female'), 'next'));
    expect((await send('GET', next)).status).toBe(200);
    const theirs = linkOf(await other('GET', '/Patient?_count=1&gender=male,female'), 'next') ?? '';
    const foreign = theirs.slice(`${server.url}/research`.length);
    const [body = '', signature = ''] = new URL(`http://x${next}`).searchParams.get('ct')?.split('.') ?? [];
    const payload = Buffer.from(body, 'base64url').toString();
    const forged = Buffer.from(payload.replace(/\d(?=\D*$)/, '0')).toString('base64url');
    for (const bad of [
      foreign,
      next.replace('male', 'other'),
      next.replace('/Patient', '/Person'),
      `${next}A`,
      next.replace(body, forged === body ? `${body}A` : forged),
      next.replace(signature, ''),
      '/Patient?ct=',
      `/Patient?ct=${'a'.repeat(5000)}`,
    ]) {
      expect((await send('GET', bad)).status, bad).toBe(400);
    }
  });

  it('the size of a page may change on the way', async () => {
    const next = pathOf(linkOf(await send('GET', '/Patient?_count=1&_sort=birthdate'), 'next'));
    expect(idsOf(await send('GET', next.replace('_count=1', '_count=10')))).toEqual(['b', 'a', 'e', 'c']);
  });

  it('what is not written to while paging is seen once', async () => {
    const stable = new Set(['a', 'b', 'c', 'd', 'e']);
    const seen: string[] = [];
    let version = 0;
    for (let at: string | undefined = '/Patient?_sort=-_lastUpdated&_count=2'; at !== undefined; ) {
      const answer: FhirAnswer = await send('GET', at);
      seen.push(...idsOf(answer));
      version += 1;
      const name = [{ family: `V${version}` }];
      await send('PUT', '/Patient/moving', { resourceType: 'Patient', id: 'moving', name });
      const next = linkOf(answer, 'next');
      at = next && pathOf(next);
    }
    await send('DELETE', '/Patient/moving');
    expect(seen.filter((id) => stable.has(id)).sort()).toEqual([...stable]);
  });
});

describe('Sort: order', () => {
  it.each<[query: string, ids: string]>([
    ['_sort=birthdate', 'd b a e c'],
    ['_sort=-birthdate', 'c e a b d'],
    ['_sort=family', 'd b c a e'],
    ['_sort=-family', 'b e a c d'],
    ['_sort=gender,-birthdate', 'c d a b e'],
    ['_sort=-gender,birthdate', 'e b a d c'],
    ['_sort=_lastUpdated', 'a b c d e'],
    ['_sort=-_lastUpdated', 'e d c b a'],
    ['_sort=-_id', 'e d c b a'],
    ['_sort=birthdate&gender=male,female', 'b a'],
    ['_sort=birthdate&birthdate:missing=true', 'd'],
    ['_sort=birthdate&birthdate:missing=false', 'b a e c'],
    ['_sort=nonsense', 'a b c d e'],
  ])('/Patient?%s, in pages of every size', async (query, ids) => {
    for (const count of [1, 2, 3, 10]) {
      expect((await allPages(`/Patient?${query}&_count=${count}`)).join(' ')).toBe(ids);
    }
  });

  it.each<[address: string, ids: string]>([
    ['/Observation?_sort=value-quantity', 'o3 o2 o1'],
    ['/Observation?_sort=-value-quantity', 'o1 o2 o3'],
    ['/Observation?_sort=code', 'o3 o1 o2'],
    ['/Observation?_sort=-subject', 'o3 o2 o1'],
    ['/RiskAssessment?_sort=-probability', 'high low'],
    ['/RiskAssessment?_sort=probability', 'low high'],
    ['/ValueSet?_sort=url', 'v1 v2'],
    ['?_type=Patient,Observation&_id=a,b,o1&_sort=_type,_lastUpdated', 'o1 a b'],
    ['?_type=Patient,Observation&_id=a,b,o1&_sort=-_type,-_lastUpdated', 'b a o1'],
    ['?_type=Observation,RiskAssessment&_id=o1,o3,low&_sort=-patient', 'o3 low o1'],
  ])('%s', async (address, ids) => {
    expect((await allPages(`${address}&_count=1`)).join(' ')).toBe(ids);
  });

  it('goes with a total, an include and a compartment', async () => {
    const { body } = await send(
      'GET',
      '/Observation?_sort=-value-quantity&_total=accurate&_count=1&_include=Observation:subject',
    );
    expect([body.total, body.entry.map(({ resource }: Entry) => resource.id)]).toEqual([3, ['o1', 'a']]);
    expect(idsOf(await send('GET', '/Patient/a/*?_sort=-_id'))).toEqual(['o1', 'low', 'high']);
  });

  it.each(['nonsense', '_score', 'organization.name', 'name,nonsense', 'code-value-quantity'])(
    '_sort=%s is 400 with strict handling',
    async (key) => {
      expect((await send('GET', `/Patient?_sort=${key}`, undefined, strict)).status).toBe(400);
    },
  );

  it('six keys are too many, twice is once too often', async () => {
    expect(issuesOf(await send('GET', '/Patient?_sort=family,given,gender,birthdate,_id,name'))).toEqual([
      'warning not-supported',
    ]);
    expect((await send('GET', '/Patient?_sort=family&_sort=given')).status).toBe(400);
  });
});

describe('ChainingAndSort: chained conditions keep their order', () => {
  it.each<[address: string, ids: string]>([
    ['/Observation?subject:Patient.birthdate=lt1985&_sort=-value-quantity', 'o1 o2'],
    ['/Observation?patient.gender=male,female&_sort=value-quantity', 'o2 o1'],
    ['/Patient?_has:Observation:patient:code=x,y,w&_sort=birthdate', 'b a c'],
    ['/Patient?_has:Observation:patient:code=x,y,w&_sort=-family', 'b a c'],
  ])('%s', async (address, ids) => {
    for (const count of [1, 10]) expect((await allPages(`${address}&_count=${count}`)).join(' ')).toBe(ids);
  });
});

describe('SearchProxy: behind a proxy', () => {
  it('links carry PUBLIC_URL, whatever a client claims to be forwarded', async () => {
    const proxied = await startLocalServer({ env: { PUBLIC_URL: 'https://fhir.example/base' } });
    const proxy = fhirRequests(`${proxied.url}/fhir`);
    await proxy('PUT', '/Patient/a', { resourceType: 'Patient', id: 'a' });
    await proxy('PUT', '/Patient/b', { resourceType: 'Patient', id: 'b' });
    const forwarded = { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'http' };
    const answer = await proxy('GET', '/Patient?_count=1', undefined, forwarded);
    await proxied.stop();
    expect(linkOf(answer, 'self')).toBe('https://fhir.example/base/fhir/Patient?_count=1');
    expect(linkOf(answer, 'next')).toMatch(/^https:\/\/fhir\.example\/base\/fhir\/Patient\?_count=1&ct=/);
    expect(answer.body.entry[0].fullUrl).toBe('https://fhir.example/base/fhir/Patient/a');
  });

  it('without it they carry the address that was asked', async () => {
    const forwarded = { 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' };
    expect(linkOf(await send('GET', '/Patient?_count=1', undefined, forwarded), 'self')).toBe(
      `${server.url}/fhir/Patient?_count=1`,
    );
  });
});
