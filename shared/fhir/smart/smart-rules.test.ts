/** The rules of SMART scopes that a caller sees (docs/smart.md). That nothing else is seen is `oracle.test.ts`. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localPrincipal } from '../../access/principal.ts';
import type { Resource } from '../resource/types.ts';
import { openTestService, type TestService } from '../search/testing/test-service.ts';
import { allPages } from './testing/comparable.ts';
import { type Asked, appOf, asks } from './testing/smart-rig.ts';

let test: TestService;
beforeAll(async () => {
  test = await openTestService();
  const of = (id: string) => ({ subject: { reference: `Patient/${id}` } });
  const observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' } };
  await test.put(
    { resourceType: 'Patient', id: 'a' },
    { resourceType: 'Patient', id: 'b' },
    { resourceType: 'Practitioner', id: 'p' },
    { ...observation, id: 'a1', ...of('a') },
    { ...observation, id: 'a2', status: 'amended', ...of('a') },
    { ...observation, id: 'b1', ...of('b') },
    { ...observation, id: 'p1', ...of('b'), performer: [{ reference: 'Practitioner/p' }] },
    { ...observation, id: 'f1', ...of('b'), focus: [{ reference: 'Patient/a' }] },
    { ...observation, id: 'x1', subject: { reference: 'http://else.where/fhir/Patient/a' } },
    { resourceType: 'Condition', id: 'a1', ...of('a') },
    { resourceType: 'Device', id: 'free' },
    { resourceType: 'Device', id: 'ofb', patient: { reference: 'Patient/b' } },
  );
});
afterAll(() => test.close());

const get = (path: string): Asked => ({ method: 'GET', path });

async function status(scopes: string, asked: Asked, fhirUser?: string): Promise<number> {
  return (await asks(test.service, appOf(scopes, fhirUser))(asked)).status;
}

async function found(scopes: string, path: string, fhirUser?: string): Promise<string[]> {
  const { text } = await asks(test.service, appOf(scopes, fhirUser))(get(path));
  const { entry = [] } = JSON.parse(text) as { entry?: { resource: Resource; search: { mode: string } }[] };
  return entry.filter(({ search }) => search.mode !== 'outcome').map(({ resource }) => String(resource.id));
}

describe('letters', () => {
  it('r reads by id and does not search, s searches and does not read: 403', async () => {
    expect(await status('patient/Observation.r', get('/Observation/a1'))).toBe(200);
    expect(await status('patient/Observation.r', get('/Observation'))).toBe(403);
    expect(await status('patient/Observation.s', get('/Observation/a1'))).toBe(403);
    expect(await status('patient/Observation.s', get('/Observation'))).toBe(200);
  });

  it('of one type say nothing of another: 403, and a search over all types finds only what they are about', async () => {
    expect(await status('patient/Observation.rs', get('/Condition'))).toBe(403);
    expect(await found('patient/Observation.rs', '?_id=a1')).toEqual(['a1']);
    expect(await found('patient/Observation.rs', '/Observation?_include=*')).toEqual(['a1', 'a2']);
    expect(await found('patient/Observation.rs patient/Patient.rs', '/Observation?_include=*')).toContain('a');
  });

  it('with only r of a type it is not included', async () => {
    expect(await found('patient/Observation.rs patient/Patient.r', '/Observation?_include=*')).toEqual(['a1', 'a2']);
  });

  it('400 for scopes on a type that there is not', async () => {
    expect(await status('patient/Nothing.rs patient/Observation.rs', get('/Observation'))).toBe(400);
  });
});

describe('the compartment', () => {
  it('is of formal parameters only, and of this service only; outside it is 404', async () => {
    expect(await found('patient/*.rs', '/Observation')).toEqual(['a1', 'a2']);
    for (const id of ['b1', 'f1', 'x1']) expect(await status('patient/*.rs', get(`/Observation/${id}`))).toBe(404);
    expect(await status('patient/*.rs', get('/Patient/b'))).toBe(404);
  });

  it('of a practitioner has what refers to the practitioner', async () => {
    const user = 'https://ehr.example/Practitioner/p';
    expect(await found('user/*.rs', '/Observation', user)).toEqual(['p1']);
    expect(await found('user/*.rs', '/Patient', user)).toEqual([]);
  });

  it('has the types that nobody owns, and devices that are nobody else’s', async () => {
    expect(await found('patient/*.rs', '/Practitioner')).toEqual(['p']);
    expect(await found('patient/*.rs', '/Device')).toEqual(['free']);
  });

  it('does not bound system scopes', async () => {
    expect(await found('system/Observation.rs', '/Observation?_count=50')).toHaveLength(6);
    expect(await status('system/Observation.rs', get('/Patient/a'))).toBe(403);
  });
});

describe('granular scopes', () => {
  it('let through what meets one of the queries', async () => {
    const amended = 'patient/Observation.rs?status=amended';
    expect(await found(amended, '/Observation')).toEqual(['a2']);
    expect(await status(amended, get('/Observation/a1'))).toBe(404);
    expect(await found(`${amended} patient/Observation.rs?_id=a1`, '/Observation')).toEqual(['a1', 'a2']);
  });

  it('do not count beside an unrestricted one', async () => {
    expect(await found('patient/Observation.rs?status=amended patient/Observation.rs', '/Observation')).toHaveLength(2);
  });

  it('refuse chains and includes with 400', async () => {
    const scopes = 'patient/Observation.rs?status=final patient/Patient.rs';
    expect(await status(scopes, get('/Observation?subject:Patient._id=a'))).toBe(400);
    expect(await status(scopes, get('/Observation?_include=*'))).toBe(400);
    expect(await status(scopes, get('/Patient?_has:Observation:subject:status=final'))).toBe(400);
    expect(await status(scopes, get('/Observation/$lastn?patient.name=x&code=x'))).toBe(400);
  });

  it.each([
    'status:not=final',
    'subject.name=x',
    '_has:List:item:status=x',
    '_include=*',
    'unknown=1',
    'date=never',
    '_list=1',
  ])('of %s are 400', async (query) =>
    expect(await status(`patient/Observation.rs?${query}`, get('/Observation'))).toBe(400),
  );
});

describe('writes', () => {
  const scopes = 'patient/*.cruds';
  const observation = (of: string, more: object = {}) => {
    const subject = { reference: `Patient/${of}` };
    return { resourceType: 'Observation', status: 'final', code: { text: 'new' }, subject, ...more };
  };
  const put = (id: string, body: object, headers = {}): Asked => {
    return { method: 'PUT', path: `/Observation/${id}`, body: { ...body, id }, headers };
  };

  it('stay in the compartment: 403 for what would be outside it, or in another patient’s as well', async () => {
    const create = (body: object): Asked => ({ method: 'POST', path: '/Observation', body });
    expect(await status(scopes, create(observation('a')))).toBe(201);
    expect(await status(scopes, create(observation('b')))).toBe(403);
    expect(await status(scopes, create(observation('a', { performer: [{ reference: 'Patient/b' }] })))).toBe(403);
    expect(await status(scopes, { method: 'POST', path: '/Patient', body: { resourceType: 'Patient' } })).toBe(403);
    expect(await status('patient/*.rs', create(observation('a')))).toBe(403);
  });

  it('to an id that is not within the limits are 404, whether it is there or not', async () => {
    for (const id of ['b1', 'nothing']) {
      expect(await status(scopes, put(id, observation('a')))).toBe(404);
      expect(await status(scopes, put(id, observation('a'), { 'If-Match': 'W/"1"' }))).toBe(404);
      expect(await status(scopes, { method: 'DELETE', path: `/Observation/${id}` })).toBe(204);
    }
    expect(await test.find('Observation?_id=b1')).toEqual(['b1']);
  });

  it('move nothing out of the compartment, and change nothing that nobody owns: 403', async () => {
    expect(await status(scopes, put('a1', observation('b')))).toBe(403);
    expect(await status(scopes, put('a1', observation('a')))).toBe(200);
    const practitioner = { resourceType: 'Practitioner', id: 'p' };
    expect(await status(scopes, { method: 'PUT', path: '/Practitioner/p', body: practitioner })).toBe(403);
    expect(await status(scopes, { method: 'DELETE', path: '/Practitioner/p' })).toBe(403);
  });

  it('do not change another patient who links to this one, though that one can be seen', async () => {
    const link = [{ other: { reference: 'Patient/a' }, type: 'seealso' }];
    await test.put({ resourceType: 'Patient', id: 'linking', link });
    expect(await status(scopes, get('/Patient/linking'))).toBe(200);
    const body = { resourceType: 'Patient', id: 'linking', link, active: false };
    expect(await status(scopes, { method: 'PUT', path: '/Patient/linking', body })).toBe(403);
    const own = { resourceType: 'Patient', id: 'a', active: true };
    expect(await status(scopes, { method: 'PUT', path: '/Patient/a', body: own })).toBe(200);
  });

  it('leave a resource in the compartments that it is in, and add none', async () => {
    const performer = [{ reference: 'Patient/b' }];
    await test.put({ ...observation('a', { performer }), resourceType: 'Observation', id: 'both' });
    const note = [{ text: 'x' }];
    expect(await status(scopes, put('both', observation('a', { performer, note })))).toBe(200);
    const another = [...performer, { reference: 'Patient/c' }];
    expect(await status(scopes, put('both', observation('a', { performer: another })))).toBe(403);
  });

  it('need no right to read what they replace', async () => {
    const asked = put('a1', observation('a', { note: [{ text: 'again' }] }));
    expect(await status('patient/Observation.u', asked)).toBe(200);
    expect(await status('patient/Observation.u', { ...asked, path: '/Observation?_id=a1' })).toBe(403);
  });

  it('do not count what is hidden: conditions match within the limits', async () => {
    const asked = {
      method: 'POST',
      path: '/Observation',
      body: observation('a'),
      headers: { 'If-None-Exist': '_id=b1' },
    };
    expect(await status(scopes, asked)).toBe(201);
  });

  it('remove no versions: 403', async () => {
    expect(await status(scopes, { method: 'DELETE', path: '/Observation/a1?_hardDelete=true' })).toBe(403);
    expect(await status(scopes, { method: 'DELETE', path: '/Observation/a1/$purge-history' })).toBe(403);
  });
});

describe('subscriptions', () => {
  const channel = { type: 'rest-hook', endpoint: 'https://x.example/hook', payload: 'application/fhir+json' };
  const body = { resourceType: 'Subscription', status: 'requested', reason: 'x', criteria: 'Observation?', channel };
  const asked: Asked = { method: 'POST', path: '/Subscription', body };

  it('need a token that may read everything', async () => {
    expect(await status('patient/*.cruds', asked)).toBe(403);
    expect(await status('system/Subscription.cruds system/Observation.rs', asked)).toBe(403);
    expect(await status('system/*.cruds?_tag=x', asked)).toBe(403);
    expect(await status('system/*.cruds', asked)).toBe(201);
  });
});

it.each([
  '?_type=Observation,Patient&_count=50',
  '/_history?_count=50',
  '/Patient/a/$everything',
  '/Observation?_include=*',
  '/Observation/f1/_history',
])('system/*.rs is answered as without limits: %s', async (path) => {
  const app = asks(test.service, appOf('system/*.rs'));
  expect(await allPages(app, get(path))).toEqual(await allPages(asks(test.service, localPrincipal), get(path)));
});
