/** Custom search parameters over the wire: their rules, their life, what they find. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type FhirAnswer, fhirRequests, type Send } from './fhir-requests.ts';
import { finished, idsOf, parameterOf, searchParameter } from './reindexing.ts';

let server: LocalServer;
let send: Send;
beforeAll(async () => {
  server = await startLocalServer();
  send = fhirRequests(`${server.url}/fhir`);
});
afterAll(() => server.stop());

const reindexed = async () => {
  const job = await finished(send, await send('POST', '/$reindex', { resourceType: 'Parameters', parameter: [] }));
  expect(parameterOf(job, 'status')).toBe('Completed');
};
const warnings = ({ body }: FhirAnswer): string[] => {
  const [first] = body.entry ?? [];
  return first?.search.mode === 'outcome' ? first.resource.issue.map(({ code }: { code: string }) => code) : [];
};
const statusOf = async (url: string) => {
  const { body } = await send('GET', `/SearchParameter/$status?url=${encodeURIComponent(url)}`);
  return body.parameter?.[0].part[1].valueString;
};

describe('CustomSearchParam: the life of a parameter', () => {
  const url = 'http://example.org/eye-color';
  const extension = 'http://example.org/extension/eye-color';
  const definition = searchParameter(url, 'eye-color', {
    type: 'token',
    expression: `Patient.extension('${extension}').value.ofType(CodeableConcept)`,
  });
  const patient = (id: string, code: string) => ({
    resourceType: 'Patient',
    id,
    extension: [{ url: extension, valueCodeableConcept: { coding: [{ system: 'http://eyes', code }] } }],
  });
  let id = '';

  it('created, it is Supported: a search on it is not supported', async () => {
    await send('PUT', '/Patient/blue', patient('blue', 'blue'));
    const created = await send('POST', '/SearchParameter', definition);
    expect(created.status).toBe(201);
    id = created.body.id;
    expect(await statusOf(url)).toBe('Supported');
    expect(warnings(await send('GET', '/Patient?eye-color=blue'))).toEqual(['not-supported']);
    const strict = await send('GET', '/Patient?eye-color=blue', undefined, { Prefer: 'handling=strict' });
    expect([strict.status, strict.issue]).toEqual([400, 'not-supported']);
  });

  it('what is written meanwhile is found with x-ms-use-partial-indices, what was there before is not', async () => {
    await send('PUT', '/Patient/blue-too', patient('blue-too', 'blue'));
    const partial = { 'x-ms-use-partial-indices': 'true' };
    const found = await send('GET', '/Patient?eye-color=http://eyes|blue', undefined, partial);
    expect([idsOf(found), warnings(found)]).toEqual([['blue-too'], []]);
  });

  it('the CapabilityStatement does not list it', async () => {
    expect(await listed('Patient')).not.toContain('eye-color');
  });

  it('after a reindex it is Enabled, listed, and finds everything', async () => {
    await reindexed();
    expect(await statusOf(url)).toBe('Enabled');
    expect(await listed('Patient')).toContain('eye-color');
    const found = await send('GET', '/Patient?eye-color=http://eyes|blue');
    expect([idsOf(found), warnings(found)]).toEqual([['blue', 'blue-too'], []]);
  });

  it('takes part in chains, :missing and conditional interactions', async () => {
    await send('PUT', '/Observation/o', {
      resourceType: 'Observation',
      id: 'o',
      status: 'final',
      code: { text: 'x' },
      subject: { reference: 'Patient/blue' },
    });
    expect(idsOf(await send('GET', '/Observation?subject:Patient.eye-color=blue'))).toEqual(['o']);
    await send('PUT', '/Patient/none', { resourceType: 'Patient', id: 'none' });
    expect(idsOf(await send('GET', '/Patient?eye-color:missing=true'))).toEqual(['none']);
    const updated = await send('PUT', '/Patient?eye-color=green', { ...patient('green', 'green') });
    expect(updated.status).toBe(201);
  });

  it('changed, it must be reindexed again', async () => {
    const changed = { ...definition, id, code: 'eyes' };
    expect((await send('PUT', `/SearchParameter/${id}`, changed)).status).toBe(200);
    expect(await statusOf(url)).toBe('Supported');
    expect(warnings(await send('GET', '/Patient?eye-color=blue'))).toEqual(['not-supported']);
    await reindexed();
    expect(idsOf(await send('GET', '/Patient?eyes=blue'))).toEqual(['blue', 'blue-too']);
    expect(warnings(await send('GET', '/Patient?eye-color=blue'))).toEqual(['not-supported']);
  });

  it('a new url retires the old parameter and adds a new one', async () => {
    const changed = { ...definition, id, code: 'eyes', url: `${url}-2` };
    expect((await send('PUT', `/SearchParameter/${id}`, changed)).status).toBe(200);
    expect([await statusOf(url), await statusOf(`${url}-2`)]).toEqual([undefined, 'Supported']);
    await reindexed();
    expect(await statusOf(`${url}-2`)).toBe('Enabled');
    expect(idsOf(await send('GET', '/Patient?eyes=blue'))).toEqual(['blue', 'blue-too']);
  });

  it('deleted, it is PendingDelete and still read, not searched by; gone after the next reindex', async () => {
    expect((await send('DELETE', `/SearchParameter/${id}`)).status).toBe(204);
    expect(await statusOf(`${url}-2`)).toBe('PendingDelete');
    expect((await send('GET', `/SearchParameter/${id}`)).status).toBe(200);
    expect(warnings(await send('GET', '/Patient?eyes=blue'))).toEqual(['not-supported']);
    expect((await send('DELETE', `/SearchParameter/${id}`)).status).toBe(204);
    await reindexed();
    expect((await send('GET', `/SearchParameter/${id}`)).status).toBe(410);
    expect(await statusOf(`${url}-2`)).toBeUndefined();
    expect((await send('DELETE', `/SearchParameter/${id}`)).status).toBe(404);
  });

  it('its url can be used again', async () => {
    expect((await send('POST', '/SearchParameter', { ...definition, url: `${url}-2` })).status).toBe(201);
    await reindexed();
    expect(idsOf(await send('GET', '/Patient?eye-color=blue'))).toEqual(['blue', 'blue-too']);
  });

  const listed = async (type: string): Promise<string[]> => {
    const { body } = await send('GET', '/metadata');
    const resource = body.rest[0].resource.find((each: { type: string }) => each.type === type);
    return resource.searchParam.map(({ name }: { name: string }) => name);
  };
});

describe('CustomSearchParam: definitions that are refused', () => {
  const given = (more: object) => searchParameter('http://example.org/bad', 'bad', more);
  const refused: [why: string, definition: object, issue: string][] = [
    ['no url', given({ url: undefined }), 'required'],
    ['a relative url', given({ url: 'bad' }), 'not-supported'],
    ['a url of 129 characters', given({ url: `http://example.org/${'x'.repeat(110)}` }), 'not-supported'],
    ['no expression', given({ expression: undefined }), 'not-supported'],
    ['an expression that is none', given({ expression: 'Patient.name.(' }), 'not-supported'],
    ['an expression of another type', given({ expression: 'Observation.code' }), 'not-supported'],
    [
      'an element that the parameter type cannot find',
      given({ type: 'number', expression: 'Patient.name' }),
      'not-supported',
    ],
    ['an element that does not exist', given({ expression: 'Patient.colour' }), 'not-supported'],
    ['type special', given({ type: 'special' }), 'not-supported'],
    ['a composite without components', given({ type: 'composite', expression: 'Patient' }), 'not-supported'],
    [
      'a code of the specification with another expression',
      given({ code: 'gender', expression: 'Patient.active' }),
      'not-supported',
    ],
    [
      'a code that every type has',
      given({ code: '_tag', type: 'token', expression: 'Patient.active' }),
      'not-supported',
    ],
    ['a regular expression', given({ expression: "Patient.name.family.matches('(a+)+$')" }), 'not-supported'],
    ['recursion', given({ expression: 'Patient.descendants().exists()' }), 'not-supported'],
    [
      'an expression of 6,000 characters',
      given({ expression: `Patient.name${'.given'.repeat(1000)}` }),
      'not-supported',
    ],
    [
      'parentheses 1,000 deep',
      given({ expression: `${'('.repeat(1000)}Patient.name${')'.repeat(1000)}` }),
      'not-supported',
    ],
    [
      'criteria inside criteria',
      given({ expression: `Patient.name${'.where(given'.repeat(9)}${'.exists())'.repeat(9)}` }),
      'not-supported',
    ],
  ];
  it.each(refused)('%s is 400', async (_, definition, issue) => {
    const answer = await send('POST', '/SearchParameter', definition);
    expect([answer.status, answer.issue]).toEqual([400, issue]);
    expect((await send('GET', '/SearchParameter?url=http://example.org/bad')).body.entry).toBeUndefined();
  });

  it('an unsupported one has a leading issue that it could not be created, then the reason', async () => {
    const { body } = await send('POST', '/SearchParameter', given({ expression: 'Patient.colour' }));
    expect(body.issue.map(({ diagnostics }: { diagnostics: string }) => diagnostics)).toEqual([
      expect.stringContaining('could not be created'),
      expect.stringContaining('Patient'),
    ]);
  });

  it('a url that is used is 400 for a POST and for a PUT with another id', async () => {
    const definition = searchParameter('http://example.org/once', 'once', {
      expression: 'Patient.active',
      type: 'token',
    });
    expect((await send('PUT', '/SearchParameter/once', { ...definition, id: 'once' })).status).toBe(201);
    expect((await send('POST', '/SearchParameter', definition)).status).toBe(400);
    expect((await send('PUT', '/SearchParameter/twice', { ...definition, id: 'twice' })).status).toBe(400);
    expect((await send('PUT', '/SearchParameter/once', { ...definition, id: 'once', name: 'again' })).status).toBe(200);
  });

  it('a code that is used by a custom parameter on an overlapping type is 400, on another type it is not', async () => {
    const on = (name: string, base: string, expression: string) =>
      searchParameter(`http://example.org/${name}`, 'overlap', { type: 'token', base: [base], expression });
    expect((await send('POST', '/SearchParameter', on('o1', 'Patient', 'Patient.active'))).status).toBe(201);
    expect((await send('POST', '/SearchParameter', on('o2', 'Patient', 'Patient.gender'))).status).toBe(400);
    expect((await send('POST', '/SearchParameter', on('o3', 'Resource', 'Resource.language'))).status).toBe(400);
    expect((await send('POST', '/SearchParameter', on('o4', 'Patient', ' Patient.active'))).status).toBe(201);
    expect((await send('POST', '/SearchParameter', on('o5', 'Group', 'Group.active'))).status).toBe(201);
  });

  it('a parameter of the specification cannot be updated: 405; its url cannot be created: 400', async () => {
    const definition = searchParameter('http://hl7.org/fhir/SearchParameter/Patient-active', 'active', {
      type: 'token',
      expression: 'Patient.active',
    });
    const updated = await send('PUT', '/SearchParameter/Patient-active', { ...definition, id: 'Patient-active' });
    expect([updated.status, updated.issue]).toEqual([405, 'not-supported']);
    expect((await send('POST', '/SearchParameter', definition)).status).toBe(400);
  });

  it('deleting one that is absent is 404, unlike other types', async () => {
    expect((await send('DELETE', '/SearchParameter/absent')).status).toBe(404);
    expect((await send('DELETE', '/Patient/absent')).status).toBe(204);
  });

  it('of concurrent changes of one parameter one succeeds, the others are 400', async () => {
    const url = 'http://example.org/raced';
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) =>
        send(
          'POST',
          '/SearchParameter',
          searchParameter(url, `raced-${name}`, { expression: 'Patient.active', type: 'token' }),
        ),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400, 400]);
    expect((await send('GET', `/SearchParameter?url=${url}&_summary=count`)).body.total).toBe(1);
  });

  it('concurrent changes of different parameters all succeed', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        send(
          'POST',
          '/SearchParameter',
          searchParameter(`http://example.org/many-${at}`, `many-${at}`, {
            expression: 'Patient.active',
            type: 'token',
          }),
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(new Array(10).fill(201));
  });
});

describe('CustomSearchParam: in bundles', () => {
  const entry = (name: string, code: string, method = 'PUT') => ({
    resource: {
      ...searchParameter(`http://example.org/${name}`, code, { type: 'token', expression: `Patient.active` }),
      id: name,
    },
    request: { method, url: method === 'PUT' ? `SearchParameter/${name}` : 'SearchParameter' },
  });
  const bundle = (type: string, ...entries: object[]) => ({ resourceType: 'Bundle', type, entry: entries });

  it('a batch says for each entry whether it is taken', async () => {
    const bad = entry('batch-2', 'gender');
    const { body } = await send('POST', '', bundle('batch', entry('batch-1', 'batch-1'), bad));
    expect(body.entry.map(({ response }: { response: { status: string } }) => response.status)).toEqual(['201', '400']);
    expect(await statusOf('http://example.org/batch-1')).toBe('Supported');
  });

  it('a transaction stores resources and states together, or nothing', async () => {
    const patient = {
      resource: { resourceType: 'Patient', id: 'with-it' },
      request: { method: 'PUT', url: 'Patient/with-it' },
    };
    const done = await send('POST', '', bundle('transaction', entry('tx-1', 'tx-1'), entry('tx-2', 'tx-2'), patient));
    expect(done.status).toBe(200);
    expect([await statusOf('http://example.org/tx-1'), await statusOf('http://example.org/tx-2')]).toEqual([
      'Supported',
      'Supported',
    ]);
    const failed = await send('POST', '', bundle('transaction', entry('tx-3', 'tx-3'), entry('tx-4', 'gender')));
    expect(failed.status).toBe(400);
    expect(await statusOf('http://example.org/tx-3')).toBeUndefined();
    expect((await send('GET', '/SearchParameter/tx-3')).status).toBe(404);
  });

  it('two of a transaction with one url, or one code on overlapping types, are 400', async () => {
    const same = { ...entry('tx-6', 'tx-6'), resource: { ...entry('tx-5', 'tx-5').resource, id: 'tx-6' } };
    expect((await send('POST', '', bundle('transaction', entry('tx-5', 'tx-5'), same))).status).toBe(400);
    const other = entry('tx-8', 'tx-7');
    other.resource = { ...other.resource, expression: 'Patient.gender' };
    expect((await send('POST', '', bundle('transaction', entry('tx-7', 'tx-7'), other))).status).toBe(400);
    expect((await send('GET', '/SearchParameter/tx-5')).status).toBe(404);
  });
});
