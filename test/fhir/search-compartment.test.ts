/** Searches in the five compartments on the wire: what is in them, how parameters combine, what is 404. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type FhirAnswer, fhirRequests, type Send } from './fhir-requests.ts';

let server: LocalServer;
let send: Send;
beforeAll(async () => {
  server = await startLocalServer();
  send = fhirRequests(`${server.url}/fhir`);
  const observation = { resourceType: 'Observation', status: 'final' };
  const resources = [
    { resourceType: 'Patient', id: 'p' },
    { resourceType: 'Patient', id: 'q', link: [{ type: 'seealso', other: { reference: 'Patient/p' } }] },
    {
      resourceType: 'Encounter',
      id: 'e',
      status: 'planned',
      class: { code: 'AMB' },
      subject: { reference: 'Patient/p' },
    },
    {
      ...observation,
      id: 'subject',
      code: { coding: [{ code: 'a' }] },
      subject: { reference: 'Patient/p' },
      encounter: { reference: 'Encounter/e' },
      device: { reference: 'Device/d' },
    },
    {
      ...observation,
      id: 'performer',
      code: { coding: [{ code: 'b' }] },
      subject: { reference: 'Patient/q' },
      performer: [{ reference: 'Patient/p' }, { reference: 'Practitioner/pr' }, { reference: 'RelatedPerson/r' }],
    },
    { ...observation, id: 'focus', code: { coding: [{ code: 'a' }] }, focus: [{ reference: 'Patient/p' }] },
  ];
  for (const resource of resources) {
    const { status } = await send('PUT', `/${resource.resourceType}/${resource.id}`, resource);
    expect(status).toBe(201);
  }
});
afterAll(() => server.stop());

const keysOf = ({ body }: FhirAnswer): string[] =>
  (body.entry ?? [])
    .map(
      ({ resource }: { resource: { resourceType: string; id: string } }) => `${resource.resourceType}/${resource.id}`,
    )
    .sort();

describe('Compartment: a search', () => {
  it.each([
    ['Patient/p/Observation', ['Observation/performer', 'Observation/subject']],
    ['Patient/p/Observation?code=a', ['Observation/subject']],
    ['Patient/p/Patient', ['Patient/q']],
    ['Patient/p/*', ['Encounter/e', 'Observation/performer', 'Observation/subject', 'Patient/q']],
    ['Patient/p/*?_type=Encounter,Patient', ['Encounter/e', 'Patient/q']],
    ['Patient/p/*?_lastUpdated=lt2000', []],
    ['Patient/p/*?_sort=-_lastUpdated&_id=e,focus,performer', ['Encounter/e', 'Observation/performer']],
    ['Patient/p/Observation?subject:Patient.link=Patient/p&_sort=date', ['Observation/performer']],
    ['Encounter/e/Observation', ['Observation/subject']],
    ['Device/d/*', ['Observation/subject']],
    ['Practitioner/pr/*', ['Observation/performer']],
    ['RelatedPerson/r/Observation', ['Observation/performer']],
    ['Patient/p/Medication', []],
    ['Patient/absent/Observation', []],
  ])('%s finds %j', async (path, keys) => {
    const answer = await send('GET', `/${path}`);
    expect([answer.status, answer.body.type, keysOf(answer)]).toEqual([200, 'searchset', keys]);
  });

  it.each(['Patient/p/Nonsense', 'Patient/p/observation', 'patient/p/Observation', 'Organization/o/Patient'])(
    '%s is 404: a name that is no type, is written in other case, or has no compartment',
    async (path) => {
      expect((await send('GET', `/${path}`)).status).toBe(404);
    },
  );

  it('pages below its own address', async () => {
    const first = await send('GET', '/Patient/p/*?_count=3&_total=accurate');
    const links = new Map<string, string>(
      first.body.link.map(({ relation, url }: { relation: string; url: string }) => [relation, url]),
    );
    expect(first.body.total).toBe(4);
    expect(links.get('self')).toBe(`${server.url}/fhir/Patient/p/*?_count=3&_total=accurate`);
    const second = await send('GET', (links.get('next') ?? '').slice(`${server.url}/fhir`.length));
    expect([...keysOf(first), ...keysOf(second)]).toHaveLength(4);
  });

  it.each([
    ['Patient/p/Observation?_summary=count', 2],
    ['Patient/p/*?_count=0', 4],
    ['Patient/p/Observation?_total=accurate&_count=1', 2],
    ['Device/d/Observation?_total=estimate&_count=1', 1],
  ])('%s counts %i', async (path, total) => {
    expect((await send('GET', `/${path}`)).body.total).toBe(total);
  });

  it('takes parameters, includes and sort keys of the type, and refuses as a search does', async () => {
    const answer = await send('GET', '/Patient/p/Observation?code=a,b&_sort=-code&_include=Observation:subject');
    const entries = answer.body.entry.map((entry: { search: { mode: string }; resource: { id: string } }) => [
      entry.search.mode,
      entry.resource.id,
    ]);
    expect(entries).toEqual([
      ['match', 'performer'],
      ['match', 'subject'],
      ['include', 'p'],
      ['include', 'q'],
    ]);
    expect((await send('GET', '/Patient/p/Observation?date=never')).status).toBe(400);
    expect((await send('GET', '/Patient/p/*?code=a')).status).toBe(400);
    expect((await send('GET', '/Patient/p/Observation?_type=')).status).not.toBe(500);
    const strict = await send('GET', '/Patient/p/Observation?foo=1', undefined, { Prefer: 'handling=strict' });
    expect(strict.status).toBe(400);
  });

  it('never shows what was deleted, nor what refers to the resource no more', async () => {
    const flag = { resourceType: 'Flag', id: 'f', status: 'active', code: { text: 'x' } };
    await send('PUT', '/Flag/f', { ...flag, subject: { reference: 'Patient/p' } });
    await send('PUT', '/Flag/g', { ...flag, id: 'g', subject: { reference: 'Patient/p' } });
    expect(keysOf(await send('GET', '/Patient/p/Flag'))).toEqual(['Flag/f', 'Flag/g']);
    await send('PUT', '/Flag/f', { ...flag, subject: { reference: 'Patient/q' } });
    await send('DELETE', '/Flag/g');
    expect(keysOf(await send('GET', '/Patient/p/Flag'))).toEqual([]);
  });

  it('answers an entry of a batch too', async () => {
    const entry = ['Patient/p/Observation?code=b', 'Device/d/*'].map((url) => ({ request: { method: 'GET', url } }));
    const { body } = await send('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
    expect(body.entry.map(({ resource }: { resource: unknown }) => keysOf({ body: resource } as FhirAnswer))).toEqual([
      ['Observation/performer'],
      ['Observation/subject'],
    ]);
  });
});
