/** Searches as a whole: pages, links, totals, order, includes, chains, over a real store. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FhirError } from '../outcome.ts';
import { openTestService, type SearchBundle, type TestService, testBase } from '../search/testing/test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await openTestService();
  await service.put(
    { resourceType: 'Organization', id: 'o1', name: 'Good Health' },
    { resourceType: 'Organization', id: 'o2', name: 'Bad Luck', partOf: { reference: 'Organization/o1' } },
    {
      resourceType: 'Patient',
      id: 'p1',
      meta: { tag: [{ code: 'a' }] },
      name: [{ family: 'Adams', given: ['Zoe'] }],
      birthDate: '1980',
      managingOrganization: { reference: 'Organization/o1' },
    },
    {
      resourceType: 'Patient',
      id: 'p2',
      name: [{ family: 'Brown' }, { family: 'Young' }],
      birthDate: '1970-05-05',
      managingOrganization: { reference: 'Organization/o2' },
    },
    { resourceType: 'Patient', id: 'p3', name: [{ family: 'Adams', given: ['Ann'] }], birthDate: '1990' },
    { resourceType: 'Patient', id: 'p4', text: { status: 'generated', div: '<div>x</div>' } },
    {
      resourceType: 'Observation',
      id: 'x1',
      status: 'final',
      code: { coding: [{ code: 'bp' }] },
      subject: { reference: 'Patient/p1' },
      performer: [{ reference: 'Organization/o2' }],
    },
    {
      resourceType: 'Observation',
      id: 'x2',
      status: 'final',
      code: { coding: [{ code: 'hr' }] },
      subject: { reference: 'Patient/p2' },
      valueQuantity: { value: 1.5 },
    },
    {
      resourceType: 'Observation',
      id: 'x3',
      status: 'final',
      code: { text: 'x' },
      subject: { reference: 'Patient/p1' },
    },
    { resourceType: 'Group', id: 'g1', member: [{ entity: { reference: 'Patient/p1' } }] },
    { resourceType: 'Patient', id: 'gone', name: [{ family: 'Adams' }] },
  );
  await service.remove('Patient', 'gone');
});
afterAll(() => service.close());

const modes = (bundle: SearchBundle) =>
  (bundle.entry ?? []).map(({ search, resource }) => `${search.mode} ${resource.resourceType}/${resource.id}`);
const linkOf = (bundle: SearchBundle, relation: string) => bundle.link.find((link) => link.relation === relation)?.url;
const addressOf = (url: string | undefined) => (url ?? '').slice(testBase.length).replace(/^\//, '');
const refusal = (address: string, headers?: Record<string, string>) =>
  service.search(address, headers).then(
    () => undefined,
    (error: FhirError) => error.status,
  );

describe('a page', () => {
  it('is a searchset with its request, a self link and full addresses', async () => {
    const bundle = await service.search('Patient?family=adams');
    expect(bundle).toMatchObject({ resourceType: 'Bundle', id: 'request-1', type: 'searchset' });
    expect(bundle.meta.lastUpdated).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(bundle.link).toEqual([{ relation: 'self', url: `${testBase}/Patient?family=adams` }]);
    expect(bundle.entry?.[0]).toMatchObject({
      fullUrl: `${testBase}/Patient/p1`,
      resource: { resourceType: 'Patient', id: 'p1', meta: { versionId: '1' } },
      search: { mode: 'match' },
    });
    expect(bundle).not.toHaveProperty('total');
  });

  it('without matches has no entries', async () => {
    expect(await service.search('Patient?family=nobody')).not.toHaveProperty('entry');
  });

  it('never shows deleted resources or old versions', async () => {
    expect(await service.find('Patient?family=adams')).toEqual(['p1', 'p3']);
    expect(await service.find('Patient?_id=gone')).toEqual([]);
  });

  it('of several types is found over the whole service', async () => {
    expect(await service.find('?_type=Organization,Group')).toEqual(['o1', 'o2', 'g1']);
    expect(await service.find('?_tag=a')).toEqual(['p1']);
    expect(await service.find('?_type=Nonsense')).toEqual([]);
    expect((await service.search('?_tag=a')).link).toEqual([{ relation: 'self', url: `${testBase}?_tag=a` }]);
  });

  it('names an unknown type in the address 404', async () => {
    expect(await refusal('patient?name=a')).toBe(404);
  });

  it('has the outcome of ignored parameters first, and leaves them out of the links', async () => {
    const bundle = await service.search('Patient?foo=1&family=adams&name=');
    expect(modes(bundle)).toEqual(['outcome OperationOutcome/request-1', 'match Patient/p1', 'match Patient/p3']);
    expect(bundle.entry?.[0]?.resource.issue).toMatchObject([
      { severity: 'warning', code: 'not-supported' },
      { severity: 'warning', code: 'not-supported' },
    ]);
    expect(linkOf(bundle, 'self')).toBe(`${testBase}/Patient?family=adams`);
  });

  it('is 400 instead when handling is strict', async () => {
    expect(await refusal('Patient?foo=1', { prefer: 'handling=strict' })).toBe(400);
    expect(await refusal('Patient?family=a', { prefer: 'handling=strict' })).toBeUndefined();
  });
});

describe('paging', () => {
  const pages = async (address: string): Promise<string[][]> => {
    const found: string[][] = [];
    for (let next: string | undefined = address; next !== undefined; ) {
      const bundle: SearchBundle = await service.search(next);
      found.push((bundle.entry ?? []).map(({ resource }) => String(resource.id)));
      const url = linkOf(bundle, 'next');
      next = url === undefined ? undefined : addressOf(url);
    }
    return found;
  };

  it('follows next links to the last page, which has none', async () => {
    expect(await pages('Patient?_count=1')).toEqual([['p1'], ['p2'], ['p3'], ['p4']]);
    expect(await pages('Patient?_count=3')).toEqual([['p1', 'p2', 'p3'], ['p4']]);
    expect(await pages('Patient?_count=4')).toEqual([['p1', 'p2', 'p3', 'p4']]);
  });

  it('keeps the order of a sort over missing and equal values', async () => {
    expect(await pages('Patient?_count=1&_sort=birthdate')).toEqual([['p4'], ['p2'], ['p1'], ['p3']]);
    expect(await pages('Patient?_count=1&_sort=-birthdate')).toEqual([['p3'], ['p1'], ['p2'], ['p4']]);
    expect(await pages('Patient?_count=1&_sort=family,given')).toEqual([['p4'], ['p3'], ['p1'], ['p2']]);
    expect(await pages('Patient?_count=1&_sort=-family,given')).toEqual([['p2'], ['p3'], ['p1'], ['p4']]);
  });

  it('puts next before self as AHDS does, and its token into the links of the further page', async () => {
    const first = await service.search('Patient?_count=2&foo=1');
    expect(first.link.map(({ relation }) => relation)).toEqual(['next', 'self', 'last']);
    const next = linkOf(first, 'next');
    expect(next).toMatch(/^http:\/\/localhost\/fhir\/Patient\?_count=2&ct=[\w.-]+$/);
    expect(linkOf(await service.search(addressOf(next)), 'self')).toBe(next);
  });

  it('gives the total on the first page only', async () => {
    const first = await service.search('Patient?_count=3&_total=accurate');
    expect(first.total).toBe(4);
    expect(await service.search(addressOf(linkOf(first, 'next')))).not.toHaveProperty('total');
    expect((await service.search('Patient?_total=accurate')).total).toBe(4);
    expect((await service.search('Patient?_count=1&_total=estimate')).total).toBe(4);
    expect(await service.search('Patient?_total=none')).not.toHaveProperty('total');
  });

  it('takes another page size on the way', async () => {
    const next = addressOf(linkOf(await service.search('Patient?_count=1'), 'next'));
    expect(await service.find(next.replace('_count=1', '_count=2'))).toEqual(['p2', 'p3']);
    expect(await service.find(next.replace('_count=1&', ''))).toEqual(['p2', 'p3', 'p4']);
  });

  it.each(['Patient?_count=1', 'Patient?_count=1&_sort=-_lastUpdated', 'Patient?_count=1&_sort=-_id'])(
    'goes back by previous, to the ends by first and last: %s',
    async (address) => {
      const ids = (await pages(address)).flat();
      let bundle = await service.search(addressOf(linkOf(await service.search(address), 'last')));
      const backwards: string[] = [];
      for (;;) {
        backwards.push(...(bundle.entry ?? []).map(({ resource }) => String(resource.id)));
        const next = linkOf(bundle, 'next');
        if (next !== undefined) expect(await service.find(addressOf(next))).toEqual([backwards.at(-2)]);
        const previous = linkOf(bundle, 'previous');
        if (previous === undefined) break;
        bundle = await service.search(addressOf(previous));
      }
      expect(backwards).toEqual(ids.toReversed());
      expect(linkOf(bundle, 'first')).toBe(`${testBase}/${address}`);
    },
  );

  it('does not go back where the opposite order is another one: by a parameter with several values', async () => {
    const first = await service.search('Patient?_count=1&_sort=family');
    expect(first.link.map(({ relation }) => relation)).toEqual(['next', 'self']);
    const second = await service.search(addressOf(linkOf(first, 'next')));
    expect(second.link.map(({ relation }) => relation)).toEqual(['next', 'self', 'first']);
  });

  it('refuses tokens that it did not write for this search', async () => {
    const address = addressOf(linkOf(await service.search('Patient?_count=1&family=adams'), 'next'));
    expect(await refusal(address)).toBeUndefined();
    expect(await refusal(address.replace('adams', 'brown'))).toBe(400);
    expect(await refusal(address.replace('Patient', 'Group'))).toBe(400);
    expect(await refusal(`${address}x`)).toBe(400);
    expect(await refusal('Patient?ct=abc')).toBe(400);
    expect(await refusal('Patient?ct=')).toBe(400);
  });
});

describe('counting', () => {
  it.each([
    'Patient?_summary=count',
    'Patient?_count=0',
    'Patient?_summary=count&_sort=family&_include=Patient:organization',
  ])('%s has a total and no entries', async (address) => {
    const bundle = await service.search(address);
    expect(bundle.total).toBe(4);
    expect(bundle).not.toHaveProperty('entry');
  });

  it.each(['_summary=count', '_count=0'])(
    '%s still says what it ignored: the total holds without it',
    async (asked) => {
      const { total, entry } = await service.search(`Patient?${asked}&nmae=adams`);
      expect([total, entry?.map(({ search }) => search.mode)]).toEqual([4, ['outcome']]);
    },
  );
});

describe('includes', () => {
  it.each<[address: string, entries: string[]]>([
    ['Patient?_id=p1&_include=Patient:organization', ['match Patient/p1', 'include Organization/o1']],
    [
      'Observation?_id=x1&_include=Observation:subject&_include=Observation:performer',
      ['match Observation/x1', 'include Organization/o2', 'include Patient/p1'],
    ],
    ['Observation?_id=x1&_include=Observation:subject:Group', ['match Observation/x1']],
    ['Observation?_id=x1&_include=*', ['match Observation/x1', 'include Organization/o2', 'include Patient/p1']],
    [
      'Patient?_id=p1&_revinclude=Observation:subject&_revinclude=Group:member',
      ['match Patient/p1', 'include Observation/x1', 'include Observation/x3', 'include Group/g1'],
    ],
    [
      'Patient?_id=p1&_revinclude=*:*',
      ['match Patient/p1', 'include Observation/x1', 'include Observation/x3', 'include Group/g1'],
    ],
    ['Organization?_include=Organization:partof', ['match Organization/o1', 'match Organization/o2']],
    ['Patient?_id=p4&_include=Patient:organization', ['match Patient/p4']],
  ])('%s', async (address, entries) => {
    expect(modes(await service.search(address))).toEqual(entries);
  });

  it('belong to the matches of their page', async () => {
    const bundle = await service.search('Observation?_count=1&_include=Observation:subject');
    expect(modes(bundle)).toEqual(['match Observation/x1', 'include Patient/p1']);
    expect(modes(await service.search(addressOf(linkOf(bundle, 'next'))))).toEqual([
      'match Observation/x2',
      'include Patient/p2',
    ]);
  });

  it('that are cut off are told of', async () => {
    const bundle = await service.search('Patient?_id=p1&_revinclude=Observation:subject&_includesCount=1');
    expect(modes(bundle)).toEqual(['outcome OperationOutcome/request-1', 'match Patient/p1', 'include Observation/x1']);
    expect(bundle.entry?.[0]?.resource.issue).toMatchObject([{ severity: 'warning', code: 'incomplete' }]);
  });
});

describe('chains', () => {
  it.each<[address: string, ids: string[]]>([
    ['Observation?subject:Patient.family=adams', ['x1', 'x3']],
    ['Observation?patient.birthdate=lt1975', ['x2']],
    ['Observation?patient.organization.name=bad', ['x2']],
    ['Observation?subject:Patient.organization.partof.name=good', ['x2']],
    ['Observation?subject:Patient.family:missing=true', []],
    ['Observation?subject:Patient.family=x', []],
    ['Observation?patient._id=p1,p2&code=hr', ['x2']],
    ['Observation?patient._tag=a', ['x1', 'x3']],
    ['Patient?_has:Observation:patient:code=bp', ['p1']],
    ['Patient?_has:Observation:patient:code=hr,bp', ['p1', 'p2']],
    ['Patient?_has:Group:member:_id=g1', ['p1']],
    ['Organization?_has:Patient:organization:_has:Observation:patient:code=bp', ['o1']],
    ['Organization?_has:Observation:performer:subject:Patient.family=adams', ['o2']],
    ['Observation?patient._has:Group:member:_id=g1', ['x1', 'x3']],
    ['Observation?performer:Organization.name=bad&subject:Patient.family=brown', []],
  ])('%s', async (address, ids) => {
    expect(await service.find(address)).toEqual(ids);
  });

  it('do not follow references to deleted resources', async () => {
    await service.put({ resourceType: 'Flag', id: 'f', subject: { reference: 'Patient/gone' } });
    expect(await service.find('Flag?subject:Patient.family=adams')).toEqual([]);
    expect(await service.find('Flag?subject=Patient/gone')).toEqual(['f']);
  });
});

describe('a part of each resource', () => {
  it('has the elements asked for, the mandatory ones, and a tag', async () => {
    const bundle = await service.search('Observation?_id=x2&_elements=valueQuantity,subject');
    expect(bundle.entry?.[0]?.resource).toEqual({
      resourceType: 'Observation',
      id: 'x2',
      meta: {
        versionId: '1',
        lastUpdated: expect.any(String),
        tag: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' }],
      },
      status: 'final',
      code: { coding: [{ code: 'hr' }] },
      subject: { reference: 'Patient/p2' },
      valueQuantity: { value: 1.5 },
    });
  });

  it.each([
    ['text', ['resourceType', 'id', 'meta', 'text']],
    ['data', ['resourceType', 'id', 'meta']],
    ['true', ['resourceType', 'id', 'meta']],
  ])('as _summary=%s', async (summary, names) => {
    const bundle = await service.search(`Patient?_id=p4&_summary=${summary}`);
    expect(Object.keys(bundle.entry?.[0]?.resource ?? {})).toEqual(names);
  });
});

describe('hostile searches', () => {
  it('are answered or refused by the caller’s own fault', async () => {
    const hostile = [
      `name=${encodeURIComponent(`'; DROP TABLE resource; --`)}`,
      'name=%00%01',
      'name=%F0%9F%98%80',
      'name=%25%25%25',
      '_id=../../etc/passwd',
      `_id=${'a'.repeat(100_000)}`,
      `identifier=${'a|b,'.repeat(499)}`,
      `${'_has:Observation:patient:performer:Patient.'.repeat(3)}name=a`,
      `birthdate=${'9'.repeat(10_000)}`,
      'birthdate=9999-12-31T23:59:59Z',
      'birthdate=ap0001',
      '_sort=-_id,_lastUpdated,-family,given,birthdate',
      `_revinclude=*:*&_include=*&_include=Patient:*`,
      '=x',
      'name',
      ':exact=a',
      '.name=a',
      'name.=a',
      'link:Patient.=a',
      '_has:::=a',
      '__proto__.name=a',
      'constructor:missing=true',
    ];
    for (const query of hostile) {
      const status = await refusal(`Patient?${query}`);
      expect([undefined, 400, 403], query).toContain(status);
    }
    expect(await service.find('Patient?family=adams')).toEqual(['p1', 'p3']);
  });
});
