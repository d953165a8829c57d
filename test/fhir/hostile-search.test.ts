/** Searches made to run for ever are refused in time, and the searches of others go on meanwhile. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type FhirAnswer, fhirRequests, type Send } from './fhir-requests.ts';

let server: LocalServer;
let send: Send;
const ids = Array.from({ length: 60 }, (_, at) => `p${at}`);

beforeAll(async () => {
  server = await startLocalServer();
  send = fhirRequests(`${server.url}/fhir`);
  const link = ids.map((id) => ({ type: 'seealso', other: { reference: `Patient/${id}` } }));
  const entry = ids.map((id) => ({
    request: { method: 'PUT', url: `Patient/${id}` },
    resource: { resourceType: 'Patient', id, gender: 'male', name: [{ family: id }], link },
  }));
  expect((await send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry })).status).toBe(200);
});
afterAll(() => server.stop());

const links = (count: number) => 'link:Patient.'.repeat(count);

describe('hostile searches', () => {
  it('ten links with 60^10 ways are 400 too-costly; reads, writes and searches of others are answered before', async () => {
    const answered: string[] = [];
    const told = (what: string) => (answer: FhirAnswer) => {
      answered.push(what);
      return answer;
    };
    const hostile = [
      send('GET', `/Patient?${links(9)}gender:not=male`),
      send('GET', `/Patient?${links(9)}gender:not=male&_summary=count`),
    ].map((answer) => answer.then(told('hostile')));
    for (let at = 0; at < 5; at += 1) {
      const found = await send('GET', `/Patient?family=p${at}&_revinclude=Patient:link&_count=1`).then(told('search'));
      expect([found.status, found.body.entry.length > 1]).toEqual([200, true]);
    }
    expect((await send('PUT', '/Patient/new', { resourceType: 'Patient', id: 'new' }).then(told('write'))).status).toBe(
      201,
    );
    for (const answer of await Promise.all(hostile)) expect([answer.status, answer.issue]).toEqual([400, 'too-costly']);
    expect(answered.indexOf('hostile')).toBe(6);
  });

  it.each<[what: string, query: string, status: number]>([
    ['eleven links', `${links(11)}gender=male`, 400],
    ['500 values', `family:contains=${Array.from({ length: 500 }, (_, at) => `x${at}`).join(',')}`, 200],
    ['501 values', `family:contains=${Array.from({ length: 501 }, (_, at) => `x${at}`).join(',')}`, 400],
    [
      'too many values in all',
      Array.from({ length: 3 }, (_, p) => `family:contains=${'y,'.repeat(400)}${p}`).join('&'),
      400,
    ],
    ['all that refers and is referred to, iterated', '_include:iterate=*:*&_revinclude=*:*&_include=*', 200],
    ['a very long word', `family:contains=${'z'.repeat(8000)}`, 200],
  ])('%s', async (_, query, status) => {
    const answer = await send('GET', `/Patient?${query}`);
    expect(answer.status).toBe(status);
    if (status === 400) expect(answer.issue).toBe('too-costly');
  });
});
