/**
 * Every row of the FHIR services, those to come as well: under the token of patient `a`, a service that holds the record
 * of patient `b` answers as one that holds nothing.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InteractionRow } from '../interactions/interaction-row.ts';
import { interactionRows } from '../interactions/rows.ts';
import { openTestService, type TestService } from '../search/testing/test-service.ts';
import { allPages } from './testing/comparable.ts';
import { type Asked, appOf, asks } from './testing/smart-rig.ts';
import type { Content } from './testing/two-patients.ts';

const b = { reference: 'Patient/b' };
const code = { coding: [{ system: 'http://codes', code: 'c1' }], text: 'secret' };
const record: readonly Content[] = [
  {
    resourceType: 'Patient',
    id: 'b',
    name: [{ family: 'secret' }],
    identifier: [{ system: 'http://ids', value: '1' }],
  },
  { resourceType: 'Observation', id: 'b', status: 'final', code, subject: b, effectiveDateTime: '2020-01-01' },
  { resourceType: 'List', id: 'b', status: 'current', mode: 'working', subject: b, entry: [{ item: b }] },
  {
    resourceType: 'Composition',
    id: 'b',
    status: 'final',
    type: code,
    subject: b,
    date: '2020',
    author: [b],
    title: 'secret',
  },
  {
    resourceType: 'DocumentReference',
    id: 'b',
    status: 'current',
    subject: b,
    content: [{ attachment: { title: 'secret' } }],
  },
  { resourceType: 'Device', id: 'b', patient: b },
  {
    resourceType: 'ValueSet',
    id: 'b',
    url: 'http://secret',
    status: 'active',
    compose: { include: [{ system: 'http://codes' }] },
  },
  {
    resourceType: 'CodeSystem',
    id: 'b',
    url: 'http://codes',
    status: 'active',
    content: 'complete',
    concept: [{ code: 'c1' }],
  },
  { resourceType: 'ConceptMap', id: 'b', url: 'http://secret', status: 'active' },
  {
    ...{ resourceType: 'Subscription', id: 'b', status: 'off', reason: 'secret', criteria: 'Observation?patient=b' },
    channel: { type: 'rest-hook', endpoint: 'https://secret.example' },
  },
];

let holding: TestService;
let empty: TestService;
beforeAll(async () => {
  [holding, empty] = await Promise.all([openTestService({ fullText: true }), openTestService({ fullText: true })]);
  await holding.put(...structuredClone(record));
  await holding.put({ ...structuredClone(record[1]), resourceType: 'Observation', id: 'b', status: 'amended' });
});
afterAll(async () => {
  await holding.close();
  await empty.close();
});

const queries: Readonly<Record<string, string>> = {
  Observation: 'patient=b&code=c1&_total=accurate&_include=*&_revinclude=*:*',
  DocumentReference: 'patient=b',
  ValueSet: 'url=http://secret',
  CodeSystem: 'system=http://codes&code=c1&url=http://codes',
  ConceptMap: 'url=http://secret&system=http://codes&code=c1',
};

/** Requests that a row takes: of every type of the record, about what is there. */
function requestsOf(row: InteractionRow): Asked[] {
  return [...new Map(requestsTo(row).map((asked) => [JSON.stringify(asked), asked])).values()];
}

function requestsTo({ method, path, body }: InteractionRow): Asked[] {
  return record.flatMap((content): Asked[] => {
    const address = path
      .replace('{compartment}/{id}/{member}', `Patient/b/${content.resourceType}`)
      .replace(/\{(type|otherType)\}/, content.resourceType)
      .replace(/\{(id|otherId)\}/, 'b')
      .replace('{vid}', '1')
      .replace('{operation}', 'docref');
    const { resourceType: type = '' } = /^[A-Z]/.test(address) ? { resourceType: address.split('/')[0] } : {};
    const query = path.includes('_history') ? '' : `?${queries[type] ?? '_id=b'}`;
    if (body === 'form') {
      const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
      return [{ method, path: `/${address}`, body: query.slice(1), headers }];
    }
    if (body === 'patch') {
      const headers = { 'Content-Type': 'application/json-patch+json' };
      return ['', query].map((asked) => {
        const patch = JSON.stringify([{ op: 'add', path: '/language', value: 'de' }]);
        return { method, path: `/${address}${asked}`, body: patch, headers };
      });
    }
    const sent = body === 'none' ? {} : { body: content };
    const plain: Asked[] = ['', query].map((asked) => ({ method, path: `/${address}${asked}`, ...sent }));
    return body === 'none'
      ? plain
      : [...plain, { ...plain[0], method, path: `/${address}`, headers: { 'If-None-Exist': query } } as Asked];
  });
}

const scopes = ['patient/*.cruds', 'system/*.cruds?_id=a'];
const rows = interactionRows.filter(({ name }) => name !== 'capabilities');

describe.each(scopes)('an app with %s', (scope) => {
  it.each(rows.map((row) => [row.name, row] as const))('%s tells nothing of what it may not see', async (_, row) => {
    const [whole, nothing] = [asks(holding.service, appOf(scope)), asks(empty.service, appOf(scope))];
    for (const asked of requestsOf(row)) {
      const pages = await allPages(whole, asked);
      expect({ asked, pages }).toEqual({ asked, pages: await allPages(nothing, asked) });
    }
  });
});

it('a bundle with an entry for each row tells nothing either', async () => {
  const entry = rows
    .filter(({ name, body }) => name !== 'bundle' && body !== 'form' && body !== 'patch')
    .flatMap((row) => requestsOf(row).slice(0, 4))
    .map(({ method, path, body }) => ({
      request: { method, url: path.slice(1) || '?' },
      ...(body !== undefined && { resource: body }),
    }));
  const asked = { method: 'POST', path: '', body: { resourceType: 'Bundle', type: 'batch', entry } };
  const app = appOf('patient/*.cruds');
  const pages = await allPages(asks(holding.service, app), asked);
  expect(pages).toEqual(await allPages(asks(empty.service, app), asked));
});
