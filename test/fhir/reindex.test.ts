/** `$reindex` and `SearchParameter/$status` over the wire. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { fhirRequests, type Send } from './fhir-requests.ts';
import { finished, idsOf, parameterOf, searchParameter } from './reindexing.ts';

let server: LocalServer;
let send: Send;
beforeAll(async () => {
  server = await startLocalServer();
  send = fhirRequests(`${server.url}/fhir`);
});
afterAll(() => server.stop());

const parameters = (...parameter: object[]) => ({ resourceType: 'Parameters', parameter });
const status = async (url: string) =>
  (await send('GET', `/SearchParameter/$status?url=${url}`)).body.parameter?.[0].part[1].valueString;
const create = async (name: string, more: object = {}) => {
  const definition = searchParameter(`http://example.org/${name}`, name, {
    type: 'token',
    expression: 'Patient.active',
    ...more,
  });
  const answer = await send('PUT', `/SearchParameter/${name}`, { ...definition, id: name });
  expect(answer.status).toBe(201);
};
/** Goes through one resource at a time and waits long in between: stays active until it is cancelled. */
const slowly = parameters(
  { name: 'maximumNumberOfResourcesPerQuery', valueInteger: 1 },
  { name: 'queryDelayIntervalInMilliseconds', valueInteger: 400 },
  { name: 'targetResourceTypes', valueString: 'Patient' },
);
const batchOf = (count: number) => ({
  resourceType: 'Bundle',
  type: 'batch',
  entry: Array.from({ length: count }, (_, at) => ({
    resource: { resourceType: 'Patient', id: `p${at}`, active: at % 2 === 0 },
    request: { method: 'PUT', url: `Patient/p${at}` },
  })),
});

describe('Reindex: a job', () => {
  it('without anything to do completes at once', async () => {
    const started = await send('POST', '/$reindex', parameters());
    expect(started.status).toBe(201);
    expect(started.headers.get('content-location')).toBe(`${server.url}/fhir/_operations/reindex/${started.body.id}`);
    const job = await finished(send, started);
    expect([parameterOf(job, 'status'), parameterOf(job, 'progress')]).toEqual(['Completed', 100]);
    expect(parameterOf(job, 'totalResourcesToReindex')).toBe(0);
  });

  it('of a type without resources enables its parameters', async () => {
    await create('no-basic', { base: ['Basic'], expression: 'Basic.code' });
    await finished(send, await send('POST', '/$reindex', parameters()));
    expect(await status('http://example.org/no-basic')).toBe('Enabled');
  });

  it('says in full how it went', async () => {
    await send('POST', '', batchOf(50));
    await create('said');
    const started = await send('POST', '/$reindex', parameters());
    expect(parameterOf(started, 'status')).toBe('Queued');
    const { body } = await finished(send, started);
    const shown = Object.fromEntries(
      body.parameter.map(({ name, ...value }: { name: string }) => [name, Object.entries(value)[0]]),
    );
    const time = ['valueDateTime', expect.stringMatching(/^\d{4}-\d\d-\d\dT/)];
    expect(shown).toEqual({
      id: ['valueString', body.id],
      startTime: time,
      endTime: time,
      lastModified: time,
      queuedTime: time,
      totalResourcesToReindex: ['valueDecimal', 50],
      resourcesSuccessfullyReindexed: ['valueDecimal', 50],
      progress: ['valueDecimal', 100],
      status: ['valueString', 'Completed'],
      resources: ['valueString', 'Patient'],
      'resourceReindexProgressByResource (resource count)': ['valueString', 'Patient: 50'],
      searchParams: ['valueString', 'http://example.org/said'],
      maximumNumberOfResourcesPerQuery: ['valueDecimal', 10_000],
      maximumNumberOfResourcesPerWrite: ['valueDecimal', 1000],
    });
    expect((await send('GET', '/Patient?said=true&_summary=count')).body.total).toBe(25);
  });

  it('makes no new versions', async () => {
    expect((await send('GET', '/Patient/p0/_history')).body.total).toBe(1);
  });

  it('is 405 to ask for when none is active, 404 by an unknown id', async () => {
    const none = await send('GET', '/$reindex');
    expect([none.status, none.issue]).toEqual([405, 'not-supported']);
    expect((await send('GET', '/_operations/reindex/none')).status).toBe(404);
    expect((await send('DELETE', '/_operations/reindex/none')).status).toBe(404);
  });

  it('that is active is answered instead of a new one, holds up changes of search parameters, and can be cancelled', async () => {
    await create('held');
    const started = await send('POST', '/$reindex', slowly);
    const again = await send('POST', '/$reindex', parameters());
    expect([again.status, again.body.id]).toEqual([201, started.body.id]);
    const active = await send('GET', '/$reindex');
    expect([active.status, active.body.id]).toEqual([200, started.body.id]);
    for (const [method, path] of [
      ['PUT', '/SearchParameter/other'],
      ['DELETE', '/SearchParameter/held'],
    ] as const) {
      const other = searchParameter('http://example.org/other', 'other', {
        type: 'token',
        expression: 'Patient.active',
      });
      const answer = await send(method, path, method === 'PUT' ? { ...other, id: 'other' } : undefined);
      expect([method, answer.status, answer.issue]).toEqual([method, 409, 'conflict']);
    }
    const cancelled = await send('DELETE', `/_operations/reindex/${started.body.id}`);
    expect([cancelled.status, parameterOf(cancelled, 'status')]).toEqual([202, 'Canceled']);
    expect(parameterOf(await send('GET', `/_operations/reindex/${started.body.id}`), 'status')).toBe('Canceled');
    expect((await send('GET', '/$reindex')).status).toBe(405);
    expect(await status('http://example.org/held')).toBe('Supported');
    expect((await send('DELETE', `/_operations/reindex/${started.body.id}`)).status).toBe(409);
  });

  it('of some types enables only parameters that have no others', async () => {
    await create('both', { base: ['Patient', 'Organization'], expression: 'Patient.active | Organization.active' });
    const some = parameters({ name: 'targetResourceTypes', valueString: 'Patient' });
    const job = await finished(send, await send('POST', '/$reindex', some));
    expect(parameterOf(job, 'targetResourceTypes')).toBe('Patient');
    expect([await status('http://example.org/held'), await status('http://example.org/both')]).toEqual([
      'Enabled',
      'Supported',
    ]);
    const one = parameters({ name: 'targetSearchParameterTypes', valueString: 'http://example.org/both' });
    await create('not-this');
    await finished(send, await send('POST', '/$reindex', one));
    expect([await status('http://example.org/both'), await status('http://example.org/not-this')]).toEqual([
      'Enabled',
      'Supported',
    ]);
  });

  it.each<[why: string, body: object, headers?: Record<string, string>]>([
    ['an unknown parameter', parameters({ name: 'maximumConcurrencyOfEverything', valueInteger: 1 })],
    ['a number of 0', parameters({ name: 'maximumNumberOfResourcesPerQuery', valueInteger: 0 })],
    ['a number above the limit', parameters({ name: 'maximumNumberOfResourcesPerWrite', valueInteger: 10_001 })],
    ['a text where a number belongs', parameters({ name: 'queryDelayIntervalInMilliseconds', valueString: 'fast' })],
    ['an unknown type', parameters({ name: 'targetResourceTypes', valueString: 'Patient,Foo' })],
    ['an unknown search parameter', parameters({ name: 'targetSearchParameterTypes', valueString: 'http://none' })],
    ['another resource than Parameters', { resourceType: 'Patient' }],
    ['Prefer: respond-async', parameters(), { Prefer: 'respond-async' }],
  ])('with %s is 400', async (_, body, headers) => {
    expect((await send('POST', '/$reindex', body, headers)).status).toBe(400);
    expect((await send('GET', '/$reindex')).status).toBe(405);
  });
});

describe('Reindex: while others write', () => {
  it('everything written before, during and after is found once the parameter is Enabled', async () => {
    await send('POST', '', batchOf(300));
    await create('meanwhile', { expression: 'Patient.gender' });
    const started = await send(
      'POST',
      '/$reindex',
      parameters({ name: 'maximumNumberOfResourcesPerWrite', valueInteger: 7 }),
    );
    let writing = true;
    let next = 0;
    const expected = new Map<string, string>();
    const write = async () => {
      while (writing) {
        next += 1;
        const at = (next * 7) % 400;
        const gender = ['male', 'female', 'other'][next % 3] ?? 'male';
        const answer = await send('PUT', `/Patient/p${at}`, { resourceType: 'Patient', id: `p${at}`, gender });
        if (answer.status < 300) expected.set(`p${at}`, gender);
      }
    };
    const writers = [write()];
    await finished(send, started);
    writing = false;
    await Promise.all(writers);
    expect(await status('http://example.org/meanwhile')).toBe('Enabled');
    expect(expected.size).toBeGreaterThan(3);
    for (const gender of ['male', 'female', 'other']) {
      const ids = [...expected].filter(([, its]) => its === gender).map(([id]) => id);
      expect(idsOf(await send('GET', `/Patient?meanwhile=${gender}&_count=1000`))).toEqual(ids.sort());
    }
  });

  it('500 parameters in one job', async () => {
    const entry = Array.from({ length: 500 }, (_, at) => ({
      resource: {
        ...searchParameter(`http://example.org/five-${at}`, `five-${at}`, {
          type: 'string',
          expression: `Patient.extension('http://example.org/five/${at}').value.ofType(string)`,
        }),
        id: `five-${at}`,
      },
      request: { method: 'PUT', url: `SearchParameter/five-${at}` },
    }));
    const stored = await send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
    expect(stored.status).toBe(200);
    const extension = [0, 250, 499].map((at) => ({ url: `http://example.org/five/${at}`, valueString: `v${at}` }));
    await send('PUT', '/Patient/five', { resourceType: 'Patient', id: 'five', extension });
    const job = await finished(send, await send('POST', '/$reindex', parameters()));
    expect(parameterOf(job, 'status')).toBe('Completed');
    expect(String(parameterOf(job, 'searchParams')).split(',').length).toBeGreaterThanOrEqual(500);
    for (const at of [0, 250, 499]) expect(idsOf(await send('GET', `/Patient?five-${at}=v${at}`))).toEqual(['five']);
  }, 60_000);
});

describe('SearchParameterInitialization: $status', () => {
  const gender = 'http://hl7.org/fhir/SearchParameter/individual-gender';
  const states = (body: { parameter: { part: Record<string, string>[] }[] }) =>
    body.parameter.map(({ part }) => [part[0]?.valueUrl, part[1]?.valueString]);

  it('the parameters of the specification are Enabled from the start; those without expression Unsupported', async () => {
    const { body } = await send('GET', '/SearchParameter/$status');
    const all = new Map(states(body) as [string, string][]);
    expect(all.size).toBeGreaterThan(1200);
    expect(all.get(gender)).toBe('Enabled');
    expect(all.get('http://hl7.org/fhir/SearchParameter/Location-near')).toBe('Unsupported');
    expect(body.parameter[0].name).toBe('searchParameterStatus');
  });

  it.each([
    [`url=${gender}`, 1],
    [`url=${gender},http://hl7.org/fhir/SearchParameter/individual-birthdate`, 2],
    [`url=${gender}&code=gender`, 1],
    ['code=gender&resourceType=Patient', 1],
    ['code=gender,birthdate&resourceType=Practitioner,Patient', 2],
  ])('GET %s shows %i', async (query, count) => {
    const answer = await send('GET', `/SearchParameter/$status?${query}`);
    const gotten = states(answer.body).filter(([url]) => url?.startsWith('http://hl7.org/'));
    expect([answer.status, gotten.length]).toEqual([200, count]);
  });

  it('nothing found is 404', async () => {
    const answers = ['url=http://none', `url=${gender}&code=birthdate`, 'code=gender&resourceType=Location'];
    for (const query of answers) {
      const answer = await send('GET', `/SearchParameter/$status?${query}`);
      expect([query, answer.status, answer.issue]).toEqual([query, 404, 'not-found']);
    }
  });

  it('POST _search takes the same filters as a form', async () => {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const answer = await send('POST', '/SearchParameter/$status/_search', `url=${gender}`, form);
    expect([answer.status, states(answer.body)]).toEqual([200, [[gender, 'Enabled']]]);
  });

  const set = (url: string, to: string) =>
    send(
      'PUT',
      '/SearchParameter/$status',
      parameters({
        name: 'searchParameterStatus',
        part: [
          { name: 'url', valueUrl: url },
          { name: 'status', valueString: to },
        ],
      }),
    );

  it('a parameter of the specification is disabled and enabled again, each time by a reindex', async () => {
    const disabled = await set(gender, 'Disabled');
    expect([disabled.status, disabled.body.type]).toEqual([200, 'batch-response']);
    expect(states(disabled.body.entry[0].resource)).toEqual([[gender, 'PendingDisable']]);
    expect((await send('GET', '/Patient?gender=male')).body.entry[0].search.mode).toBe('outcome');
    await finished(send, await send('POST', '/$reindex', parameters()));
    expect(await status(gender)).toBe('Disabled');
    expect((await send('GET', '/Patient?gender=male', undefined, { Prefer: 'handling=strict' })).status).toBe(400);
    expect(
      (await send('PUT', '/Patient/late', { resourceType: 'Patient', id: 'late', gender: 'unknown' })).status,
    ).toBe(201);
    expect(states((await set(gender, 'Supported')).body.entry[0].resource)).toEqual([[gender, 'Supported']]);
    await finished(send, await send('POST', '/$reindex', parameters()));
    expect(await status(gender)).toBe('Enabled');
    expect(idsOf(await send('GET', '/Patient?gender=unknown'))).toEqual(['late']);
  });

  it('what cannot be set is told in an outcome beside what was', async () => {
    const part = (url: string) => [
      { name: 'url', valueUrl: url },
      { name: 'status', valueString: 'Disabled' },
    ];
    const body = parameters(
      { name: 'searchParameterStatus', part: part('http://none') },
      { name: 'searchParameterStatus', part: part('http://example.org/said') },
    );
    const answer = await send('PUT', '/SearchParameter/$status', body);
    const [first, second] = answer.body.entry.map(({ resource }: { resource: object }) => resource);
    expect(states(first)).toEqual([['http://example.org/said', 'PendingDisable']]);
    expect([second.resourceType, second.id, second.issue.length]).toEqual([
      'OperationOutcome',
      'FailedSearchParameterUpdates',
      1,
    ]);
  });

  it.each<[string, object]>([
    ['no parameters', parameters()],
    [
      'another status',
      parameters({
        name: 'searchParameterStatus',
        part: [
          { name: 'url', valueUrl: gender },
          { name: 'status', valueString: 'Enabled' },
        ],
      }),
    ],
    ['no url', parameters({ name: 'searchParameterStatus', part: [{ name: 'status', valueString: 'Disabled' }] })],
    ['another name', parameters({ name: 'status', part: [] })],
    ['another resource', { resourceType: 'Patient' }],
  ])('%s is 400', async (_, body) => {
    expect((await send('PUT', '/SearchParameter/$status', body)).status).toBe(400);
  });
});
