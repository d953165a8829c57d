/** The CapabilityStatement and the OperationDefinitions that it names, on the wire. */
import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDefinitions } from '../../shared/fhir/definitions/load.ts';
import type { Resource } from '../../shared/fhir/resource/types.ts';
import { compileValidator } from '../../shared/fhir/validation/compile-validator.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { fhirRequests, type Send } from './fhir-requests.ts';

interface Operation {
  readonly name: string;
  readonly definition: string;
}
interface TypeCapability {
  readonly type: string;
  readonly interaction: readonly { readonly code: string }[];
  readonly [name: string]: unknown;
}
interface Statement {
  readonly kind: string;
  readonly fhirVersion: string;
  readonly format: readonly string[];
  readonly rest: readonly [
    {
      readonly operation: readonly Operation[];
      readonly resource: readonly TypeCapability[];
      readonly interaction: readonly { readonly code: string }[];
    },
  ];
}

let server: LocalServer;
let send: Send;
let statement: Statement;
beforeAll(async () => {
  server = await startLocalServer();
  send = fhirRequests(`${server.url}/fhir`);
  statement = (await new Client({ baseUrl: `${server.url}/fhir` }).capabilityStatement()) as unknown as Statement;
});
afterAll(() => server.stop());

describe('Metadata: the statement', () => {
  it('is a valid CapabilityStatement of kind capability, version 4.0.1', () => {
    expect(compileValidator(loadDefinitions())(structuredClone(statement) as unknown as Resource)).toEqual([]);
    expect(statement).toMatchObject({ kind: 'capability', fhirVersion: '4.0.1', status: 'active', experimental: true });
    expect(statement).not.toHaveProperty('implementation');
    expect(statement.format).toEqual(expect.arrayContaining(['application/fhir+json', 'json']));
  });

  it('an unknown _format is 406', async () => {
    expect((await send('GET', '/metadata?_format=blah')).status).toBe(406);
  });

  it.each(['abc', '', '1', '0'])('_pretty=%s is 400', async (value) => {
    expect((await send('GET', `/metadata?_pretty=${value}`)).status).toBe(400);
  });

  it('patient-everything is supported, under the address that AHDS gives it', () => {
    const found = statement.rest[0].operation.find(({ name }) => name === 'patient-everything');
    expect(found?.definition).toBe('https://www.hl7.org/fhir/patient-operation-everything.html');
  });

  it('lists the operations of AHDS that there are, $import not among them', () => {
    const names = statement.rest[0].operation.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['patient-everything', 'member-match', 'docref', 'purge-history']));
    expect(names).not.toContain('import');
    expect(new Set(names).size).toBe(names.length);
  });

  it('system interactions are those of AHDS: a search over the system is not declared', () => {
    expect(statement.rest[0].interaction.map(({ code }) => code)).toEqual(['batch', 'transaction', 'history-system']);
  });

  it('an AuditEvent cannot be changed, Parameters are no resource to store', () => {
    const of = (name: string) => statement.rest[0].resource.find(({ type }) => type === name);
    const codes = of('AuditEvent')?.interaction.map(({ code }) => code) ?? [];
    expect(codes).toContain('create');
    expect(codes.filter((code) => ['update', 'patch', 'delete'].includes(code))).toEqual([]);
    expect(of('AuditEvent')).not.toHaveProperty('conditionalUpdate');
    expect(of('Patient')).toMatchObject({ conditionalUpdate: true, conditionalDelete: 'multiple', updateCreate: true });
    expect(of('Parameters')).toBeUndefined();
  });

  it('says what can be included, both ways', () => {
    const patient = statement.rest[0].resource.find(({ type }) => type === 'Patient');
    expect(patient?.searchInclude).toEqual(expect.arrayContaining(['Patient:organization', '*']));
    expect(patient?.searchRevInclude).toEqual(expect.arrayContaining(['Observation:subject', 'Device:patient']));
    expect(patient?.searchRevInclude).not.toContain('Patient:organization');
  });
});

describe('Metadata: operation definitions', () => {
  it('each operation has one, for everybody, in JSON and in XML', async () => {
    for (const { name, definition } of statement.rest[0].operation) {
      const answer = await send('GET', `/OperationDefinition/${name}`);
      expect([name, answer.status, answer.body.id, answer.body.url]).toEqual([name, 200, name, definition]);
    }
    const xml = await fetch(`${server.url}/fhir/OperationDefinition/docref`, {
      headers: { Accept: 'application/fhir+xml' },
    });
    expect(await xml.text()).toContain('<OperationDefinition xmlns="http://hl7.org/fhir"><id value="docref"/>');
  });

  it('stored OperationDefinitions keep their addresses', async () => {
    const body = {
      resourceType: 'OperationDefinition',
      id: 'mine',
      name: 'Mine',
      status: 'draft',
      kind: 'query',
      code: 'mine',
      system: true,
      type: false,
      instance: false,
    };
    expect((await send('PUT', '/OperationDefinition/mine', body)).status).toBe(201);
    expect((await send('GET', '/OperationDefinition/mine')).body.name).toBe('Mine');
    expect((await send('GET', '/OperationDefinition/mine/_history/1')).status).toBe(200);
    expect((await send('GET', '/OperationDefinition/absent')).status).toBe(404);
  });

  it('a type written in other case is 404', async () => {
    for (const id of ['mine', 'docref']) expect((await send('GET', `/operationdefinition/${id}`)).status).toBe(404);
  });

  it('answers entries of a batch', async () => {
    const entry = ['OperationDefinition/docref', 'OperationDefinition/mine'].map((url) => ({
      request: { method: 'GET', url },
    }));
    const { body } = await send('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
    expect(body.entry.map(({ resource }: { resource: { id: string } }) => resource.id)).toEqual(['docref', 'mine']);
  });
});
