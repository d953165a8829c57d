/** Search conditions on the wire: what AHDS refuses and we offer, paging through it, and what stays refused. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type FhirAnswer, fhirRequests, type Send } from './fhir-requests.ts';

const UCUM = 'http://unitsofmeasure.org';
const GENDERS = 'http://hl7.org/fhir/ValueSet/administrative-gender';
const MR = { coding: [{ system: 'http://type', code: 'MR' }] };
const folder = mkdtempSync(path.join(tmpdir(), 'conditions-'));
let server: LocalServer;
let send: Send;
let strictDates: Send;

beforeAll(async () => {
  const file = path.join(folder, 'workspace.json');
  const services = { fhir: { kind: 'fhir' }, contained: { kind: 'fhir', dateContainment: true } };
  writeFileSync(file, JSON.stringify({ name: 'two', services }));
  server = await startLocalServer({ env: { WORKSPACE_FILE: file } });
  send = fhirRequests(`${server.url}/fhir`);
  strictDates = fhirRequests(`${server.url}/contained`);
  const patients = Array.from({ length: 5 }, (_, at) => ({
    resourceType: 'Patient',
    id: `p${at}`,
    gender: at % 2 ? 'male' : 'female',
    birthDate: at === 0 ? '2000' : `2000-0${at}-01`,
    identifier: [{ type: MR, system: 'http://mrn', value: `${at}` }],
  }));
  const weight = {
    resourceType: 'Observation',
    id: 'weight',
    status: 'final',
    code: { text: 'weight' },
    subject: { identifier: { system: 'http://mrn', value: '7' } },
    valueQuantity: { value: 70, system: UCUM, code: 'kg' },
  };
  for (const to of [send, strictDates]) {
    for (const resource of [...patients, weight]) {
      const { status } = await to('PUT', `/${resource.resourceType}/${resource.id}`, resource);
      expect(status).toBe(201);
    }
  }
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const idsOf = ({ body }: FhirAnswer): string[] =>
  (body.entry ?? []).map(({ resource }: { resource: { id: string } }) => resource.id);
const linkOf = ({ body }: FhirAnswer, relation: string): string | undefined =>
  body.link.find((link: { relation: string }) => link.relation === relation)?.url;

describe('TokenSearch: a value set', () => {
  it('is searched by page after page, and stands in the links', async () => {
    let answer = await send('GET', `/Patient?gender:in=${GENDERS}&_count=2&_total=accurate`);
    expect(answer.body.total).toBe(5);
    expect(linkOf(answer, 'self')).toContain(`gender:in=http:`);
    const found = idsOf(answer);
    for (let next = linkOf(answer, 'next'); next !== undefined; next = linkOf(answer, 'next')) {
      answer = await send('GET', next.slice(`${server.url}/fhir`.length));
      found.push(...idsOf(answer));
    }
    expect(found).toEqual(['p0', 'p1', 'p2', 'p3', 'p4']);
  });

  it('that is not known is 400 with an OperationOutcome', async () => {
    expect(await send('GET', '/Patient?gender:in=http://nowhere')).toMatchObject({ status: 400, issue: 'invalid' });
  });

  it('is not a modifier of strings: 403, as AHDS answers', async () => {
    expect(await send('GET', '/Patient?name:in=http://nowhere')).toMatchObject({ status: 403, issue: 'forbidden' });
  });
});

describe('conditional interactions take the same conditions', () => {
  it('an identifier with its type chooses what is updated', async () => {
    const body = {
      resourceType: 'Patient',
      gender: 'other',
      identifier: [{ type: MR, system: 'http://mrn', value: '4' }],
    };
    const answer = await send('PUT', '/Patient?identifier:of-type=http://type|MR|4', body);
    expect(answer).toMatchObject({ status: 200, body: { id: 'p4', gender: 'other' } });
  });

  it('a value set chooses what is not created again', async () => {
    const answer = await send(
      'POST',
      '/Patient',
      { resourceType: 'Patient' },
      {
        'If-None-Exist': `_id=p1&gender:in=${GENDERS}`,
      },
    );
    expect(answer.status).toBe(200);
  });
});

describe('POST _search takes them too', () => {
  it('a filter in the form', async () => {
    const response = await fetch(`${server.url}/fhir/Observation/_search`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ _filter: `value-quantity gt 69999|${UCUM}|g and value-quantity le 70|${UCUM}|kg` }),
    });
    expect(response.status).toBe(200);
    const { entry } = (await response.json()) as { entry: { resource: { id: string } }[] };
    expect(entry.map(({ resource }) => resource.id)).toEqual(['weight']);
  });

  it('the identifier of a reference', async () => {
    expect(idsOf(await send('GET', '/Observation?subject:identifier=http://mrn|7'))).toEqual(['weight']);
  });
});

describe('DateSearch: dateContainment of workspace.json', () => {
  it('is overlap where it is not set, containment where it is', async () => {
    expect(idsOf(await send('GET', '/Patient?birthdate=2000-02'))).toEqual(['p0', 'p2']);
    expect(idsOf(await strictDates('GET', '/Patient?birthdate=2000-02'))).toEqual(['p2']);
  });
});

describe('hostile conditions are 400, never more', () => {
  it.each<[what: string, query: string]>([
    ['nested brackets of a filter', `_filter=${'('.repeat(5000)}`],
    [
      'nested chains of a filter',
      `_filter=${'link:Patient[link:Patient[active eq true].active eq true].'.repeat(30)}active eq true`,
    ],
    [
      'a filter of chains in chains',
      `_filter=${'link:Patient['.repeat(19)}active eq true${'].active eq true'.repeat(19)}`,
    ],
    ['400 value sets', `gender:in=${Array.from({ length: 400 }, (_, at) => `http://v/${at}`).join(',')}`],
    ['chains of 30 links', `${'link:Patient.'.repeat(30)}identifier:of-type=a|b|c`],
  ])('%s', async (_, query) => {
    const answer = await send('GET', `/Patient?${encodeURI(query).replaceAll('%25', '%')}`);
    expect(answer.status).toBe(400);
    expect(answer.issue).toBe('too-costly');
  });

  it('unit, identifier and filter of 200,000 characters', async () => {
    const long = 'x'.repeat(200_000);
    for (const form of [
      { 'value-quantity': `5|${UCUM}|${long}` },
      { 'subject:identifier': `${long}|${long}` },
      { _filter: `code eq "${long}"` },
    ]) {
      const body = new URLSearchParams(form as unknown as Record<string, string>);
      const response = await fetch(`${server.url}/fhir/Observation/_search`, { method: 'POST', body });
      expect([200, 400]).toContain(response.status);
    }
  });
});
