/** `$validate` and validation on write, through the real server with US Core 6.1.0. AHDS: docs/validation.md. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadProfiles } from '../../local/load-profiles.ts';
import { readTar } from '../../shared/fhir/definitions/generate/tar.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { sharedData } from '../shared-data.ts';
import { type FhirAnswer, fhirRequests, type Send } from './fhir-requests.ts';

const usCore = 'http://hl7.org/fhir/us/core/StructureDefinition/';
const usCorePackage = sharedData('us-core/us_core_610.tgz');

let server: LocalServer;
let send: Send;
beforeAll(async () => {
  server = await startLocalServer();
  send = fhirRequests(`${server.url}/fhir`);
});
afterAll(() => server.stop());

/** Severities and codes of the issues. */
const issuesOf = ({ body }: FhirAnswer): string[] =>
  body.issue.map(({ severity, code }: { severity: string; code: string }) => `${severity} ${code}`);
const errorsOf = (answer: FhirAnswer): string[] => issuesOf(answer).filter((one) => one.startsWith('error'));
const allOk = ['information informational'];

const parameters = (resource: object, ...profiles: string[]) => ({
  resourceType: 'Parameters',
  parameter: [{ name: 'resource', resource }, ...profiles.map((valueUri) => ({ name: 'profile', valueUri }))],
});
const usCorePatient = {
  resourceType: 'Patient',
  meta: { profile: [`${usCore}us-core-patient`] },
  identifier: [{ system: 'http://hospital.example/mrn', value: '1032702' }],
  name: [{ family: 'Shaw', given: ['Amy'] }],
  gender: 'female',
};
const plainPatient = { resourceType: 'Patient', name: [{ given: ['Amy'] }] };

describe('Validate: resources by their structure', () => {
  it('a resource that is right: one issue, All OK', async () => {
    const answer = await send('POST', '/Patient/$validate', parameters({ resourceType: 'Patient', id: '123' }));
    expect(answer.status).toBe(200);
    expect(answer.body.issue).toEqual([{ severity: 'information', code: 'informational', diagnostics: 'All OK' }]);
    expect(issuesOf(await send('POST', '/Patient/$validate', { resourceType: 'Patient', id: '123' }))).toEqual(allOk);
  });

  it.each([
    ['a name that is text', 'Patient', { resourceType: 'Patient', name: 'test, one' }, 'Patient.name'],
    [
      'a missing status',
      'Observation',
      { resourceType: 'Observation', code: { coding: [{ system: 'http://s', code: 'code' }] } },
      'Observation.status',
    ],
    ['a body of another type', 'Observation', { resourceType: 'Patient' }, 'resourceType'],
  ])('%s: 200 with one error, invalid, and its place', async (_name, type, resource, place) => {
    const answer = await send('POST', `/${type}/$validate`, resource);
    expect(answer.status).toBe(200);
    expect(issuesOf(answer)).toEqual(['error invalid']);
    expect(answer.body.issue[0].expression).toEqual([place]);
  });

  it('a body of another type inside Parameters is the same error', async () => {
    const answer = await send('POST', '/Observation/$validate', parameters(plainPatient));
    expect([answer.status, issuesOf(answer)]).toEqual([200, ['error invalid']]);
  });

  it.each([
    ['a profile that is no canonical', '/Patient/$validate?profile=abc', plainPatient],
    ['the same in the body', '/Patient/$validate', parameters(plainPatient, 'abc')],
    [
      'a profile in the query and in the body',
      `/Patient/$validate?profile=${usCore}a`,
      parameters(plainPatient, usCore),
    ],
    ['Parameters without a resource', '/Patient/$validate', { resourceType: 'Parameters', parameter: [] }],
    ['a body that is not JSON', '/Patient/$validate', '{'],
  ])('%s: 400', async (_name, path, body) => {
    expect((await send('POST', path, body)).status).toBe(400);
  });

  it('an unknown type is 404, an unknown profile an error, incomplete', async () => {
    expect((await send('POST', '/patient/$validate', plainPatient)).status).toBe(404);
    const unknown = await send('POST', '/Patient/$validate?profile=http://nowhere.example/p', plainPatient);
    expect([unknown.status, issuesOf(unknown)]).toEqual([200, ['error incomplete']]);
  });

  it('an unknown profile that the resource claims is a warning; a write that asks for the check is refused', async () => {
    const claiming = { ...plainPatient, meta: { profile: ['http://nowhere.example/p'] } };
    expect(issuesOf(await send('POST', '/Patient/$validate', claiming))).toEqual(['warning incomplete']);
    const asking = await send('POST', '/Patient', claiming, { 'x-ms-profile-validation': 'true' });
    expect([asking.status, issuesOf(asking)]).toEqual([400, ['error incomplete']]);
    expect((await send('POST', '/Patient', claiming)).status).toBe(201);
  });

  it('mode=delete looks at no resource; create and update do', async () => {
    const wrong = { resourceType: 'Patient', gender: 'purple' };
    expect(issuesOf(await send('POST', '/Patient/$validate?mode=delete', wrong))).toEqual(allOk);
    expect(issuesOf(await send('POST', '/Patient/$validate?mode=create', wrong))).toEqual(['error invalid']);
    expect(issuesOf(await send('POST', '/Patient/$validate?mode=update', wrong))).toEqual(['error invalid']);
  });

  it('invariants are errors: a period that ends before it starts, a contact without anything', async () => {
    const answer = await send('POST', '/Patient/$validate', {
      resourceType: 'Patient',
      name: [{ family: 'Shaw', period: { start: '2024-02-01', end: '2024-01-01' } }],
      contact: [{ gender: 'female' }],
    });
    expect(answer.body.issue.map((issue: { expression: string[] }) => issue.expression[0])).toEqual([
      'Patient.name[0].period',
      'Patient.contact[0]',
    ]);
    expect(issuesOf(answer)).toEqual(['error invalid', 'error invalid']);
  });

  it('a plain create checks the structure only: what breaks an invariant is stored', async () => {
    const odd = { resourceType: 'Patient', contact: [{ gender: 'female' }] };
    expect((await send('POST', '/Patient', odd)).status).toBe(201);
    const asked = await send('POST', '/Patient', odd, { 'x-ms-profile-validation': 'true' });
    expect([asked.status, asked.issue]).toEqual([400, 'invalid']);
  });
});

describe('Validate: stored resources', () => {
  it('by GET and by POST; absent or deleted 404', async () => {
    const created = await send('POST', '/Patient', plainPatient);
    const path = `/Patient/${created.body.id}/$validate`;
    expect(issuesOf(await send('GET', path))).toEqual(allOk);
    expect(issuesOf(await send('POST', path))).toEqual(allOk);
    expect(issuesOf(await send('POST', path, { resourceType: 'Patient', gender: 'purple' }))).toEqual([
      'error invalid',
    ]);
    expect((await send('GET', '/Patient/-1/$validate')).status).toBe(404);
    await send('DELETE', `/Patient/${created.body.id}`);
    expect((await send('GET', path)).status).toBe(404);
  });

  it('in a batch, each entry by itself', async () => {
    const answer = await send('POST', '', {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [
        { resource: plainPatient, request: { method: 'POST', url: 'Patient/$validate' } },
        { request: { method: 'GET', url: 'Patient/none/$validate' } },
      ],
    });
    const statuses = answer.body.entry.map(({ response }: { response: { status: string } }) => response.status);
    expect(statuses).toEqual(['200', '404']);
  });
});

describe('Validate: in a transaction', () => {
  it('a stored resource by GET; by POST it is refused, because a transaction writes', async () => {
    await send('PUT', '/Patient/in-transaction', { ...plainPatient, id: 'in-transaction' });
    const transaction = (...entry: object[]) => ({ resourceType: 'Bundle', type: 'transaction', entry });
    const get = { request: { method: 'GET', url: 'Patient/in-transaction/$validate' } };
    const post = { resource: plainPatient, request: { method: 'POST', url: 'Patient/$validate' } };
    expect((await send('POST', '', transaction(get))).status).toBe(200);
    expect((await send('POST', '', transaction(post))).status).toBe(400);
  });
});

describe.skipIf(usCorePackage === undefined)('Validate: US Core', () => {
  beforeAll(async () => {
    const { stored, refused } = await loadProfiles(usCorePackage as string, `${server.url}/fhir`);
    expect(refused).toEqual([]);
    expect(stored).toBeGreaterThan(90);
  });

  it('a patient that conforms: by its own meta.profile, by ?profile=, by Parameters', async () => {
    const { meta: _meta, ...bare } = usCorePatient;
    const profile = `${usCore}us-core-patient`;
    for (const answer of [
      await send('POST', '/Patient/$validate', usCorePatient),
      await send('POST', `/Patient/$validate?profile=${profile}`, bare),
      await send('POST', '/Patient/$validate', parameters(bare, profile)),
    ]) {
      expect([answer.status, errorsOf(answer)]).toEqual([200, []]);
    }
  });

  it.each([
    ['Organization', { resourceType: 'Organization', name: 'Example' }, 'us-core-organization'],
    ['Patient', plainPatient, 'us-core-patient'],
    [
      'CarePlan',
      { resourceType: 'CarePlan', status: 'active', intent: 'plan', subject: { display: 'x' } },
      'us-core-careplan',
    ],
  ])('a %s that does not conform has errors', async (type, resource, profile) => {
    const byQuery = await send('POST', `/${type}/$validate?profile=${usCore}${profile}`, resource);
    expect([byQuery.status, errorsOf(byQuery).length > 0]).toEqual([200, true]);
    const byBody = await send('POST', `/${type}/$validate`, parameters(resource, usCore + profile));
    expect(errorsOf(byBody)).toEqual(errorsOf(byQuery));
  });

  it('a stored patient against a stricter profile', async () => {
    const { body } = await send('POST', '/Patient', plainPatient);
    const answer = await send('GET', `/Patient/${body.id}/$validate?profile=${usCore}us-core-patient`);
    expect([answer.status, errorsOf(answer).length > 0]).toEqual([200, true]);
  });

  it('on write when asked: 400 with what is wrong, 201 for what conforms', async () => {
    const broken = { ...usCorePatient, gender: undefined };
    const header = { 'x-ms-profile-validation': 'true' };
    expect((await send('POST', '/Patient', broken)).status).toBe(201);
    const refused = await send('POST', '/Patient', broken, header);
    expect([refused.status, issuesOf(refused)]).toEqual([400, ['error invalid']]);
    expect((await send('POST', '/Patient', usCorePatient, header)).status).toBe(201);
    const put = await send('PUT', '/Patient/strict', { ...broken, id: 'strict' }, header);
    expect(put.status).toBe(400);
    expect((await send('GET', '/Patient/strict')).status).toBe(404);
  });

  it('the header of a bundle holds for its entries', async () => {
    const bundle = (type: string) => ({
      resourceType: 'Bundle',
      type,
      entry: [
        { resource: usCorePatient, request: { method: 'POST', url: 'Patient' } },
        { resource: { ...usCorePatient, gender: undefined }, request: { method: 'POST', url: 'Patient' } },
      ],
    });
    const header = { 'x-ms-profile-validation': 'true' };
    const batch = await send('POST', '', bundle('batch'), header);
    const statuses = batch.body.entry.map(({ response }: { response: { status: string } }) => response.status);
    expect(statuses).toEqual(['201', '400']);
    expect((await send('POST', '', bundle('transaction'), header)).status).toBe(400);
    expect((await send('POST', '', bundle('transaction'))).status).toBe(200);
  });

  it('metadata lists the stored profiles and the version of US Core, and no more once they are deleted', async () => {
    const patientProfiles = async () => {
      const { body } = await send('GET', '/metadata');
      const patient = body.rest[0].resource.find(({ type }: { type: string }) => type === 'Patient');
      return { profiles: patient.supportedProfile, instantiates: body.instantiates };
    };
    expect(await patientProfiles()).toEqual({
      profiles: [`${usCore}us-core-patient`],
      instantiates: ['http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server|6.1.0'],
    });
    const own = {
      resourceType: 'StructureDefinition',
      id: 'own',
      url: 'http://own.example/p',
      name: 'Own',
      status: 'draft',
      kind: 'resource',
      abstract: false,
      type: 'Patient',
      derivation: 'constraint',
      baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient',
      differential: { element: [{ id: 'Patient.birthDate', path: 'Patient.birthDate', min: 1 }] },
    };
    expect((await send('PUT', '/StructureDefinition/own', own)).status).toBe(201);
    expect((await patientProfiles()).profiles).toEqual(['http://own.example/p', `${usCore}us-core-patient`].sort());
    const asked = '/Patient/$validate?profile=http://own.example/p';
    expect(errorsOf(await send('POST', asked, plainPatient))).toEqual(['error invalid']);
    // A changed profile counts at once.
    await send('PUT', '/StructureDefinition/own', {
      ...own,
      differential: { element: [{ id: 'Patient', path: 'Patient' }] },
    });
    expect(errorsOf(await send('POST', asked, plainPatient))).toEqual([]);
    await send('DELETE', '/StructureDefinition/own');
    expect((await patientProfiles()).profiles).toEqual([`${usCore}us-core-patient`]);
    expect(errorsOf(await send('POST', asked, plainPatient))).toEqual(['error incomplete']);
  });

  it('all examples of the package conform, but for two with an attachment at example.org', async () => {
    const withErrors: string[] = [];
    let examples = 0;
    for (const { resourceType, ...rest } of await packageExamples()) {
      examples += 1;
      const answer = await send('POST', `/${resourceType}/$validate`, { resourceType, ...rest });
      expect(answer.status).toBe(200);
      for (const error of errorsOf(answer)) withErrors.push(`${resourceType}/${rest.id} ${error}`);
    }
    expect(examples).toBe(183);
    expect(withErrors.sort()).toEqual([
      'DiagnosticReport/cardiology-report error invalid',
      'Media/chest-xray error invalid',
    ]);
  }, 120_000);
});

async function packageExamples(): Promise<{ resourceType: string; id: string }[]> {
  const found: { resourceType: string; id: string }[] = [];
  const isExample = (name: string) => /^package\/example\/[^.][^/]*\.json$/.test(name);
  for await (const { bytes } of readTar(createReadStream(usCorePackage as string).pipe(createGunzip()), isExample)) {
    const resource = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (resource.resourceType) found.push(resource);
  }
  return found;
}
