/** `Patient/{id}/$everything` on the wire: phases and pages, parameters, linked patients, hostile links. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type FhirAnswer, fhirRequests, type Send } from './fhir-requests.ts';

let server: LocalServer;
let send: Send;
beforeAll(async () => {
  server = await startLocalServer();
  send = fhirRequests(`${server.url}/fhir`);
  const resources = [...record, ...linkedPatients, ...hostilePatients()];
  for (let at = 0; at < resources.length; at += 500) {
    const entry = resources.slice(at, at + 500).map((resource) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    }));
    const { status } = await send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
    expect(status).toBe(200);
  }
});
afterAll(() => server.stop());

const about = (id: string) => ({ reference: `Patient/${id}` });
const observation = (id: string, patient: string, date = '2013-05-02') => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  code: { text: 'pulse' },
  subject: about(patient),
  effectiveDateTime: date,
});
const patient = (id: string, ...link: (readonly [type: string, id: string])[]) => ({
  resourceType: 'Patient',
  id,
  ...(link.length > 0 && { link: link.map(([type, other]) => ({ type, other: about(other) })) }),
});

/** One patient with a resource for each phase, as in AHDS's fixture. */
const record = [
  { resourceType: 'Organization', id: 'org', name: 'Clinic' },
  {
    resourceType: 'Patient',
    id: 'p',
    managingOrganization: { reference: 'Organization/org' },
    generalPractitioner: [{ reference: 'Organization/org' }],
  },
  observation('obs', 'p'),
  {
    resourceType: 'Encounter',
    id: 'enc',
    status: 'finished',
    class: { code: 'AMB' },
    subject: about('p'),
    period: { start: '2009-01-01', end: '2009-01-02' },
  },
  {
    resourceType: 'Appointment',
    id: 'app',
    status: 'booked',
    participant: [{ actor: about('p'), status: 'accepted' }],
    start: '2013-12-10T09:00:00Z',
    end: '2013-12-10T11:00:00Z',
  },
  { resourceType: 'Device', id: 'dev', patient: about('p') },
  observation('obs-of-absent', 'absent'),
  { resourceType: 'Device', id: 'dev-of-absent', patient: about('absent') },
];

const linkedPatients = [
  patient('see', ['seealso', 'seen']),
  patient('seen', ['seealso', 'see']),
  observation('obs-of-seen', 'seen'),
  patient('see-removed', ['seealso', 'seen-removed']),
  patient('seen-removed'),
  observation('obs-of-see-removed', 'see-removed'),
  patient('see-two', ['seealso', 'two-b'], ['seealso', 'two-a']),
  patient('two-a'),
  patient('two-b'),
  patient('replaced', ['replaced-by', 'replacing']),
  patient('replacing'),
  patient('replaces', ['replaces', 'old']),
  patient('refers', ['refer', 'other']),
];

function hostilePatients() {
  const ring = (count: number) =>
    Array.from({ length: count }, (_, at) => patient(`ring-${at}`, ['seealso', `ring-${(at + 1) % count}`]));
  const thousand = Array.from({ length: 1000 }, (_, at) => ['seealso', `nobody-${at}`] as const);
  const elsewhere = {
    ...patient('elsewhere'),
    link: [
      { type: 'seealso', other: { reference: 'http://other.example/fhir/Patient/foreign' } },
      { type: 'seealso', other: { reference: 'RelatedPerson/r' } },
      { type: 'seealso', other: { display: 'no reference' } },
      { type: 'replaced-by', other: { reference: 'http://other.example/fhir/Patient/foreign' } },
    ],
  };
  return [
    patient('itself', ['seealso', 'itself']),
    ...ring(3),
    patient('popular', ...thousand, ['seealso', 'zz-last'], ['seealso', 'zz-last']),
    patient('zz-last'),
    elsewhere,
  ];
}

interface Page {
  readonly keys: string[];
  readonly issues: { severity: string; code: string; diagnostics: string }[];
  readonly self: string;
  readonly next: string | undefined;
}

function pageOf({ status, body }: FhirAnswer): Page {
  expect([status, body.resourceType, body.type]).toEqual([200, 'Bundle', 'searchset']);
  const entries: {
    resource: { resourceType: string; id: string; issue?: Page['issues'] };
    search: { mode: string };
  }[] = body.entry ?? [];
  const link = (relation: string) => body.link.find((each: { relation: string }) => each.relation === relation)?.url;
  return {
    keys: entries
      .filter(({ search }) => search.mode === 'match')
      .map(({ resource }) => `${resource.resourceType}/${resource.id}`)
      .sort(),
    issues: entries.filter(({ search }) => search.mode === 'outcome').flatMap(({ resource }) => resource.issue ?? []),
    self: link('self'),
    next: link('next'),
  };
}

async function pagesOf(path: string, between?: (page: number) => Promise<unknown>): Promise<Page[]> {
  const pages: Page[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const page = pageOf(await send('GET', next));
    pages.push(page);
    next = page.next?.slice(`${server.url}/fhir`.length);
    await between?.(pages.length);
    expect(pages.length).toBeLessThan(500);
  }
  return pages;
}
const keysOf = async (path: string) => (await pagesOf(path)).flatMap(({ keys }) => keys).sort();
const pageKeys = async (path: string) => (await pagesOf(path)).map(({ keys }) => keys);

describe('EverythingOperation: what is in it', () => {
  it('the patient with its organization, then its compartment, then its devices, a page each', async () => {
    expect(await pageKeys('/Patient/p/$everything')).toEqual([
      ['Organization/org', 'Patient/p'],
      ['Appointment/app', 'Encounter/enc', 'Observation/obs'],
      ['Device/dev'],
    ]);
  });

  it('a patient that does not exist may have a compartment and devices', async () => {
    expect(await pageKeys('/Patient/absent/$everything')).toEqual([
      ['Observation/obs-of-absent'],
      ['Device/dev-of-absent'],
    ]);
  });

  it('an id without anything is an empty Bundle without a next page', async () => {
    const [page, ...more] = await pagesOf('/Patient/nothing/$everything');
    expect([page?.keys, more]).toEqual([[], []]);
  });

  it('another type, and Patient in other case, is 404', async () => {
    expect((await send('GET', '/Observation/bar/$everything')).status).toBe(404);
    expect((await send('GET', '/patient/p/$everything')).status).toBe(404);
  });

  it.each(['POST', 'PUT', 'DELETE'])('%s is not allowed: 405', async (method) => {
    expect((await send(method, '/Patient/p/$everything', method === 'DELETE' ? undefined : {})).status).toBe(405);
  });

  it('answers in XML, whose next link answers in XML again', async () => {
    const get = async (url: string) => {
      const answer = await fetch(url, { headers: { Accept: 'application/fhir+xml' } });
      expect(answer.headers.get('content-type')).toContain('application/fhir+xml');
      return answer.text();
    };
    const first = await get(`${server.url}/fhir/Patient/p/$everything`);
    expect(first).toContain('<Patient>');
    const next = /<relation value="next"\/><url value="([^"]+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&');
    expect(await get(String(next))).toContain('<Observation>');
  });

  it('answers an entry of a batch and of a transaction', async () => {
    for (const type of ['batch', 'transaction']) {
      const entry = [{ request: { method: 'GET', url: 'Patient/p/$everything' } }];
      const { body } = await send('POST', '', { resourceType: 'Bundle', type, entry });
      expect(body.entry[0].resource.entry).toHaveLength(2);
    }
  });
});

describe('EverythingOperation: parameters', () => {
  it.each([
    ['_type=Patient,Observation', [['Patient/p'], ['Observation/obs'], []]],
    ['_type=Patient&_type=Observation', [['Patient/p'], ['Observation/obs'], []]],
    ['_type=foo', [[]]],
    ['_type=Patient,Device,foo', [['Patient/p'], ['Device/dev']]],
    ['end=2010', [['Organization/org', 'Patient/p'], ['Encounter/enc'], ['Appointment/app'], ['Device/dev']]],
    ['start=2010&end=2012', [['Organization/org', 'Patient/p'], ['Appointment/app'], ['Device/dev']]],
    ['_since=3000', [[]]],
    ['_type=Patient,Observation,Encounter&start=2010&_since=2010', [['Patient/p'], ['Observation/obs'], []]],
    [
      'start=&_type=',
      [['Organization/org', 'Patient/p'], ['Appointment/app', 'Encounter/enc', 'Observation/obs'], ['Device/dev']],
    ],
  ])('%s finds %j', async (query, pages) => {
    expect(await pageKeys(`/Patient/p/$everything?${query}`)).toEqual(pages);
  });

  it.each(['abc', 'Zm9v', 'eyJQaGFzZSI6MSwgIkludGVybmFsQ29udGludWF0aW9uVG9rZW4iOiAiWm05diJ9'])(
    'the token %s is 400',
    async (token) => {
      expect((await send('GET', `/Patient/p/$everything?ct=${token}`)).status).toBe(400);
    },
  );

  it('a token of another patient, of other parameters or of a search is 400', async () => {
    const [page] = await pagesOf('/Patient/p/$everything');
    const token = new URL(String(page?.next)).searchParams.get('ct') ?? '';
    expect((await send('GET', `/Patient/p/$everything?ct=${token}`)).status).toBe(200);
    expect((await send('GET', `/Patient/see/$everything?ct=${token}`)).status).toBe(400);
    expect((await send('GET', `/Patient/p/$everything?_type=Device&ct=${token}`)).status).toBe(400);
    expect((await send('GET', `/Patient?ct=${token}`)).status).toBe(400);
  });

  it.each([
    'start=x',
    'end=2010-02-30',
    '_since=yesterday',
    'start=2010,2011',
    'start=2010&start=2011',
    '_count=x',
    '_count=0',
  ])('%s is 400', async (query) => {
    expect([(await send('GET', `/Patient/p/$everything?${query}`)).status, query]).toEqual([400, query]);
  });

  it('unknown parameters are warnings, and stand in no link', async () => {
    const page = pageOf(await send('GET', '/Patient/p/$everything?foo=bar&start=2010&baz=1'));
    expect(page.issues.map(({ severity, code }) => [severity, code])).toEqual([
      ['warning', 'not-supported'],
      ['warning', 'not-supported'],
    ]);
    expect(page.keys).toEqual(['Organization/org', 'Patient/p']);
    for (const link of [page.self, page.next]) expect(link).not.toMatch(/foo|baz/);
    expect(page.next).toContain('start=2010');
  });

  it('unknown parameters are 400 with strict handling', async () => {
    const answer = await send('GET', '/Patient/p/$everything?foo=bar', undefined, { Prefer: 'handling=strict' });
    expect([answer.status, answer.issue]).toEqual([400, 'not-supported']);
  });

  it('_count says how many resources of the compartment a page has (AHDS: not supported)', async () => {
    const pages = await pageKeys('/Patient/p/$everything?_count=2');
    expect(pages.map((keys) => keys.length)).toEqual([2, 2, 1, 1]);
    expect(pages.flat().sort()).toEqual(await keysOf('/Patient/p/$everything'));
  });
});

describe('EverythingOperation: linked patients', () => {
  it('a seealso link is followed, once: the patient that it leads back to is not shown again', async () => {
    expect(await pageKeys('/Patient/see/$everything')).toEqual([
      ['Patient/see'],
      ['Patient/seen'],
      ['Observation/obs-of-seen'],
      [],
    ]);
  });

  it('two seealso links are followed in the order of their ids', async () => {
    expect(await pageKeys('/Patient/see-two/$everything')).toEqual([
      ['Patient/see-two'],
      ['Patient/two-a'],
      ['Patient/two-b'],
      [],
    ]);
  });

  it('a link that is removed meanwhile is followed: the version of the first page counts', async () => {
    const pages = await pagesOf('/Patient/see-removed/$everything', async (page) => {
      if (page === 1) expect((await send('PUT', '/Patient/see-removed', patient('see-removed'))).status).toBe(200);
    });
    expect(pages.map(({ keys }) => keys)).toEqual([
      ['Patient/see-removed'],
      ['Observation/obs-of-see-removed'],
      ['Patient/seen-removed'],
      [],
    ]);
    expect(await pageKeys('/Patient/see-removed/$everything')).toEqual([
      ['Patient/see-removed'],
      ['Observation/obs-of-see-removed'],
      [],
    ]);
  });

  it.each([undefined, 'handling=lenient'])('a replaced patient is a warning (Prefer: %s)', async (prefer) => {
    const [first, second, ...more] = await pagesOf('/Patient/replaced/$everything');
    const answer = pageOf(
      await send('GET', '/Patient/replaced/$everything', undefined, prefer ? { Prefer: prefer } : {}),
    );
    expect(answer.issues).toMatchObject([{ severity: 'warning', code: 'conflict' }]);
    expect(answer.issues[0]?.diagnostics).toContain('replacing');
    expect([first?.keys, second?.keys, second?.issues, more]).toEqual([['Patient/replaced'], [], [], []]);
  });

  it('a replaced patient is 301 to the one that replaces it with strict handling', async () => {
    const answer = await send('GET', '/Patient/replaced/$everything', undefined, { Prefer: 'handling=strict' });
    expect([answer.status, answer.issue]).toEqual([301, 'invalid']);
    expect(answer.headers.get('content-location')).toBe(`${server.url}/fhir/Patient/replacing/$everything`);
  });

  it.each(['replaces', 'refers'])('a link of type %s is not followed', async (id) => {
    expect(await pageKeys(`/Patient/${id}/$everything`)).toEqual([[`Patient/${id}`], []]);
  });
});

describe('EverythingOperation: hostile links', () => {
  it('a patient that links to itself comes once', async () => {
    expect(await keysOf('/Patient/itself/$everything')).toEqual(['Patient/itself']);
  });

  it('patients that link in a ring come to an end, and no further than one link', async () => {
    expect(await keysOf('/Patient/ring-0/$everything')).toEqual(['Patient/ring-0', 'Patient/ring-1', 'Patient/ring-2']);
  });

  it('a thousand links to nobody are passed in a bounded number of pages, and the one to somebody is found', async () => {
    const pages = await pagesOf('/Patient/popular/$everything');
    expect(pages.flatMap(({ keys }) => keys)).toEqual(['Patient/popular', 'Patient/zz-last']);
    expect(pages.length).toBeLessThan(30);
  });

  it('links to other servers, to related persons and to nothing are not followed', async () => {
    const pages = await pagesOf('/Patient/elsewhere/$everything');
    expect(pages.flatMap(({ keys }) => keys)).toEqual(['Patient/elsewhere']);
    expect(pages[0]?.issues).toEqual([]);
  });
});

describe('EverythingOperation: while resources are being written', () => {
  const ids = Array.from({ length: 60 }, (_, at) => `busy-${at}`);
  beforeAll(async () => {
    const entry = [patient('busy'), ...ids.map((id) => observation(id, 'busy'))].map((resource) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    }));
    expect((await send('POST', '', { resourceType: 'Bundle', type: 'batch', entry })).status).toBe(200);
  });

  it('nothing that is there all the time is missed; only what is changed may come again', async () => {
    const changed = new Set<string>();
    const pages = await pagesOf('/Patient/busy/$everything?_count=7', async (page) => {
      for (const id of [ids[page] ?? '', ids.at(-page) ?? '']) {
        changed.add(`Observation/${id}`);
        await send('PUT', `/Observation/${id}`, {
          ...observation(id, 'busy'),
          status: 'amended',
          issued: new Date().toISOString(),
        });
      }
      if (page === 2) await send('DELETE', '/Observation/busy-30');
      if (page === 3) await send('PUT', '/Observation/busy-new', observation('busy-new', 'busy'));
      if (page > 20) return;
    });
    const found = pages.flatMap(({ keys }) => keys);
    for (const id of ids) if (id !== 'busy-30') expect(found).toContain(`Observation/${id}`);
    expect(found).toContain('Observation/busy-new');
    const twice = found.filter((key, at) => found.indexOf(key) !== at);
    expect(twice.filter((key) => !changed.has(key))).toEqual([]);
  });
});
