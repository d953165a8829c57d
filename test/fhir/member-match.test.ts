/** `Patient/$member-match` on the wire: AHDS's members and rows, and what is 400. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { sharedData } from '../shared-data.ts';
import { fhirRequests, type Send } from './fhir-requests.ts';

let server: LocalServer;
let send: Send;

interface Member {
  readonly city?: string;
  readonly family?: string;
  readonly number?: string;
  readonly birthDate?: string;
}

const v2 = 'http://terminology.hl7.org/CodeSystem/v2-0203';
const tag = { tag: [{ code: 'member-match' }] };

function memberPatient({ city, family, number, birthDate }: Member) {
  const identifier = (code: string, system: string, value: string) => ({
    type: { coding: [{ system, code, display: 'Medical  number' }] },
    system: 'urn:some-hospital',
    value,
  });
  return {
    resourceType: 'Patient',
    meta: tag,
    ...(city && { address: [{ city }] }),
    ...(family && { name: [{ family }] }),
    ...(number && {
      identifier: [identifier('MR', 'http://hl7.org/fhir/v2/0203', 'record'), identifier('MB', v2, number)],
    }),
    ...(birthDate && { birthDate }),
  };
}

function coverage(patient: string, type: string, subPlan?: string) {
  const system = 'http://terminology.hl7.org/CodeSystem/coverage-class';
  return {
    resourceType: 'Coverage',
    meta: tag,
    status: 'active',
    type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: type }] },
    beneficiary: { reference: `Patient/${patient}` },
    payor: [{ reference: `Patient/${patient}` }],
    ...(subPlan && { class: [{ type: { coding: [{ system, code: 'subplan' }] }, value: subPlan }] }),
  };
}

beforeAll(async () => {
  server = await startLocalServer();
  send = fhirRequests(`${server.url}/fhir`);
  const patients = [
    memberPatient({ city: 'Seattle', family: 'Robinson', number: '01', birthDate: '1970-01-01' }),
    memberPatient({ city: 'Portland', family: 'Williamas', number: '02', birthDate: '1970-01-02' }),
    memberPatient({ city: 'Seattle', family: 'Jones', number: '03', birthDate: '1970-02-01' }),
    memberPatient({ city: 'Boston', family: 'Numberless' }),
  ];
  const ids: string[] = [];
  for (const patient of patients) ids.push((await send('POST', '/Patient', patient)).body.id);
  const [one = '', two = '', three = '', four = ''] = ids;
  const coverages = [
    coverage(one, 'EHCPOL', 'P0'),
    coverage(two, 'DENTPRG', 'P8'),
    coverage(three, 'EHCPOL', 'P9'),
    coverage(one, 'EHCPOL', 'P8'),
    coverage(three, 'EHCPOL', 'P1'),
    coverage(two, 'EHCPOL', 'P2'),
    coverage(four, 'EHCPOL', 'P7'),
  ];
  for (const each of coverages) expect((await send('POST', '/Coverage', each)).status).toBe(201);
});
afterAll(() => server.stop());

const parameters = (...parameter: { name: string; resource: unknown }[]) => ({ resourceType: 'Parameters', parameter });
const asked = (patient: unknown, plan: unknown) =>
  parameters({ name: 'MemberPatient', resource: patient }, { name: 'OldCoverage', resource: plan });
const match = (body: unknown, headers?: Record<string, string>) =>
  send('POST', '/Patient/$member-match', body, headers);

describe('MemberMatch: one member', () => {
  it.each([
    [{ city: 'Seattle' }, 'EHCPOL', 'P0', '01'],
    [{ birthDate: '1970' }, 'DENTPRG', undefined, '02'],
    [{ birthDate: '1970-02' }, 'EHCPOL', undefined, '03'],
    [{ birthDate: '1970' }, 'EHCPOL', 'P8', '01'],
    [{ family: 'Williamas' }, 'EHCPOL', 'P2', '02'],
    [{ family: 'Robinson' }, 'EHCPOL', undefined, '01'],
  ])('%j with %s %s is member %s', async (member, type, subPlan, number) => {
    const patient = memberPatient(member);
    const { status, body } = await match(asked(patient, coverage('', type, subPlan)));
    expect(status).toBe(200);
    const coding = [{ system: v2, code: 'UMB', display: 'Member Match' }];
    const identifier = [{ type: { coding }, system: 'urn:some-hospital', value: number }];
    expect(body).toEqual(parameters({ name: 'MemberPatient', resource: { ...patient, identifier } }));
  });

  it('what the patient was sent with stays, NewCoverage is taken', async () => {
    const patient = { ...memberPatient({ family: 'Robinson' }), id: 'theirs', gender: undefined };
    const body = asked(patient, coverage('', 'EHCPOL'));
    body.parameter.push({ name: 'NewCoverage', resource: coverage('', 'HMO') });
    const { status, body: answer } = await match(body);
    expect([status, answer.parameter[0].resource.id]).toEqual([200, 'theirs']);
  });

  it('an entry of a batch and of a transaction', async () => {
    for (const type of ['batch', 'transaction']) {
      const entry = [
        {
          resource: asked(memberPatient({ family: 'Jones' }), coverage('', 'EHCPOL')),
          request: { method: 'POST', url: 'Patient/$member-match' },
        },
      ];
      const { status, body } = await send('POST', '', { resourceType: 'Bundle', type, entry });
      expect([status, body.entry?.[0].resource?.parameter[0].name]).toEqual([200, 'MemberPatient']);
    }
  });
});

describe('MemberMatch: no member, or several', () => {
  it.each([
    [{ city: 'Seattle' }, 'EHCPOL', undefined],
    [{}, 'EHCPOL', undefined],
  ])('%j with %s is several: 422', async (member, type, subPlan) => {
    const answer = await match(asked(memberPatient(member), coverage('', type, subPlan)));
    expect([answer.status, answer.issue]).toEqual([422, 'invalid']);
    expect(answer.body.issue[0].diagnostics).toContain('More than one');
  });

  it.each([
    [{ city: 'Seattle', family: 'Williams' }, 'EHCPOL', 'P0'],
    [{ birthDate: '1970-02' }, 'DENTPRG', undefined],
    [{ birthDate: '1980' }, 'EHCPOL', 'P0'],
    [{ family: 'robinson' }, 'EHCPOL', 'P0'],
    [{ family: 'Robin' }, 'EHCPOL', 'P0'],
    [{ family: 'Numberless' }, 'EHCPOL', 'P7'],
  ])('%j with %s %s is nobody: 422', async (member, type, subPlan) => {
    const answer = await match(asked(memberPatient(member), coverage('', type, subPlan)));
    expect([answer.status, answer.issue]).toEqual([422, 'invalid']);
  });
});

describe('MemberMatch: bad requests', () => {
  const robinson = memberPatient({ family: 'Robinson' });
  const plan = coverage('', 'EHCPOL');
  it.each([
    ['a patient instead of Parameters', robinson],
    ['no parameters', { resourceType: 'Parameters' }],
    ['no coverage', parameters({ name: 'MemberPatient', resource: robinson })],
    ['no patient', parameters({ name: 'OldCoverage', resource: plan })],
    ['a coverage where the patient should be', asked(plan, plan)],
    ['two patients', parameters(...asked(robinson, plan).parameter, { name: 'MemberPatient', resource: robinson })],
    ['a patient that is not valid', asked({ ...robinson, gender: 'purple' }, plan)],
    ['a coverage that is not valid', asked(robinson, { resourceType: 'Coverage' })],
    ['a parameter that is no object', { resourceType: 'Parameters', parameter: [1] }],
    [
      'a resource that is no object',
      parameters({ name: 'MemberPatient', resource: 'x' }, { name: 'OldCoverage', resource: [] }),
    ],
    [
      'too many values',
      asked({ ...robinson, name: Array.from({ length: 1500 }, (_, at) => ({ family: `f${at}` })) }, plan),
    ],
  ])('%s is 400', async (_, body) => {
    expect((await match(body)).status).toBe(400);
  });

  it('GET is 405, another content type 415', async () => {
    expect((await send('GET', '/Patient/$member-match')).status).toBe(405);
    expect((await match(asked(robinson, plan), { 'Content-Type': 'text/plain' })).status).toBe(415);
  });
});

const sample = sharedData('ms-fhir-server-tests/Normative/MemberMatch.json');
describe.skipIf(!sample)("MemberMatch: AHDS's sample (skipped where the shared test data is missing)", () => {
  it('is well formed, and matches nobody here', async () => {
    expect((await match(readFileSync(String(sample), 'utf8').replace(/^\uFEFF/, ''))).status).toBe(422);
  });
});
