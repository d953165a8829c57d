/** The terminology operations on the wire. Source: FHIR R4's OperationDefinitions; `$expand` as AHDS answers it. */
import { Client } from 'fhir-kit-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type FhirAnswer, fhirRequests, type Send } from './fhir-requests.ts';

let server: LocalServer;
let send: Send;
let client: Client;
beforeAll(async () => {
  server = await startLocalServer();
  send = fhirRequests(`${server.url}/fhir`);
  client = new Client({ baseUrl: `${server.url}/fhir` });
  for (const resource of [animals, accountStatus, fhirVersion, petMap]) {
    await send('PUT', `/${resource.resourceType}/${resource.id}`, resource);
  }
});
afterAll(() => server.stop());

const animals = {
  resourceType: 'CodeSystem',
  id: 'animals',
  url: 'urn:animals',
  version: '2',
  name: 'Animals',
  status: 'active',
  content: 'complete',
  concept: [
    {
      code: 'animal',
      display: 'Animal',
      property: [{ code: 'notSelectable', valueBoolean: true }],
      concept: [
        {
          code: 'owl',
          display: 'Owl',
          definition: 'Hunts by night',
          designation: [
            { language: 'de', value: 'Eule' },
            { language: 'fr', use: { system: 'urn:use', code: 'popular' }, value: 'Chouette' },
          ],
        },
        { code: 'dodo', display: 'Dodo', property: [{ code: 'inactive', valueBoolean: true }] },
      ],
    },
    { code: 'cat', display: 'Cat' },
  ],
};

const valueSet = (id: string, url: string, system: string) => ({
  resourceType: 'ValueSet',
  id,
  url,
  status: 'active',
  text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">All</div>' },
  compose: { include: [{ system }] },
});
const accountStatus = valueSet(
  'account-status',
  'http://example.org/account-status',
  'http://hl7.org/fhir/account-status',
);
const fhirVersion = valueSet('fhir-version', 'http://example.org/fhir-version', 'http://hl7.org/fhir/FHIR-version');
const allAnimals = valueSet('sent', 'urn:sent', 'urn:animals');

const petMap = {
  resourceType: 'ConceptMap',
  id: 'pets',
  url: 'urn:pets',
  status: 'active',
  sourceUri: 'urn:set:animals',
  targetUri: 'urn:set:pets',
  group: [
    {
      source: 'urn:animals',
      target: 'urn:pet-shop',
      element: [
        {
          code: 'cat',
          target: [{ code: 'puss', equivalence: 'wider', product: [{ property: 'urn:sound', value: 'meow' }] }],
        },
        {
          code: 'owl',
          target: [
            { code: 'barn-owl', equivalence: 'narrower', dependsOn: [{ property: 'urn:home', value: 'barn' }] },
            { equivalence: 'unmatched' },
          ],
        },
      ],
      unmapped: { mode: 'fixed', code: 'other' },
    },
  ],
};

const parameters = (values: Record<string, unknown>) => ({
  resourceType: 'Parameters',
  parameter: Object.entries(values).map(([name, value]) => {
    if (typeof value === 'boolean') return { name, valueBoolean: value };
    if (typeof value === 'string') return { name, valueString: value };
    const is = value as { resourceType?: string; coding?: unknown };
    if (is.resourceType) return { name, resource: value };
    return is.coding ? { name, valueCodeableConcept: value } : { name, valueCoding: value };
  }),
});

const query = (values: Record<string, string>) => `?${new URLSearchParams(values)}`;
const codes = ({ body }: FhirAnswer): string => {
  const contains: { code: string }[] = body.expansion.contains ?? [];
  return contains.map(({ code }) => code).join(' ');
};
/** `{ result: true, display: 'Owl' }` of the parameters of an answer. */
const values = ({ status, body }: FhirAnswer) => {
  expect(status).toBe(200);
  return Object.fromEntries(body.parameter.map((one: Record<string, unknown>) => [one.name, Object.values(one)[1]]));
};

describe('ExpandOperation: of a type by GET', () => {
  it('gives the value set with an expansion', async () => {
    const answer = await send('GET', `/ValueSet/$expand${query({ url: accountStatus.url })}`);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ resourceType: 'ValueSet', id: 'account-status', url: accountStatus.url });
    expect(answer.body.expansion).toMatchObject({
      identifier: expect.stringMatching(/^urn:uuid:/),
      total: 5,
      parameter: [{ name: 'version', valueUri: 'http://hl7.org/fhir/account-status|4.0.1' }],
    });
    expect(Date.now() - Date.parse(answer.body.expansion.timestamp)).toBeLessThan(60_000);
    expect(answer.body.expansion.contains[0]).toEqual({
      system: 'http://hl7.org/fhir/account-status',
      code: 'active',
      display: 'Active',
    });
  });

  it.each([
    ['no value set', '?offset=10', 400, 'invalid', ''],
    ['a valueSet that is none', "?valueSet={'bogusResource'}", 400, 'invalid', 'valueSet'],
    ['an unknown parameter', '?url=http://example.org/account-status&unknown=unknown', 400, 'invalid', 'unknown'],
    ['a parameter twice', '?url=http://example.org/account-status&offset=1&offset=2', 400, 'invalid', 'offset'],
    ['a count that is none', '?url=http://example.org/account-status&count=-1', 400, 'invalid', 'count'],
    ['a flag that is none', '?url=http://example.org/account-status&activeOnly=yes', 400, 'invalid', 'activeOnly'],
    ['an unknown value set', '?url=http://example.org/none', 404, 'not-found', ''],
    ['a value set of an unknown system', '?url=http://hl7.org/fhir/ValueSet/cpt-all', 404, 'not-found', ''],
    ['a value set without an end', '?url=http://hl7.org/fhir/ValueSet/mimetypes', 400, 'too-costly', ''],
    ['a context that names nothing', '?context=http://example.org/x', 400, 'invalid', 'context'],
  ])('refuses %s', async (_, asked, status, issue, named) => {
    const answer = await send('GET', `/ValueSet/$expand${asked}`);
    expect([answer.status, answer.issue]).toEqual([status, issue]);
    expect(answer.body.issue[0].diagnostics).toContain(named);
  });

  it('takes the value set of the element that context names', async () => {
    const context = 'http://hl7.org/fhir/StructureDefinition/Patient#Patient.gender';
    expect(codes(await send('GET', `/ValueSet/$expand${query({ context })}`))).toBe('male female other unknown');
    const contact = 'http://hl7.org/fhir/StructureDefinition/Patient#patient.contact.GENDER';
    expect(codes(await send('GET', `/ValueSet/$expand${query({ context: contact })}`))).toContain('female');
    const marital = 'http://hl7.org/fhir/StructureDefinition/Patient#Patient.maritalStatus';
    expect(codes(await send('GET', `/ValueSet/$expand${query({ context: marital })}`))).toContain('UNK');
    const profile = { resourceType: 'StructureDefinition', id: 'pet', url: 'http://example.org/pet', name: 'Pet' };
    const element = [
      { id: 'Patient', path: 'Patient' },
      { id: 'Patient.gender', path: 'Patient.gender' },
    ];
    const binding = { strength: 'required', valueSet: accountStatus.url };
    await send('PUT', '/StructureDefinition/pet', {
      ...{ ...profile, status: 'active', kind: 'resource', abstract: false, type: 'Patient' },
      differential: { element: [element[0], { ...element[1], binding }] },
    });
    const own = 'http://example.org/pet#Patient.gender';
    expect(codes(await send('GET', `/ValueSet/$expand${query({ context: own })}`))).toContain('active');
  });

  it('takes a value set as JSON text, and parameters in any case', async () => {
    expect(codes(await send('GET', `/ValueSet/$expand${query({ VALUESET: JSON.stringify(allAnimals) })}`))).toBe(
      'owl dodo cat',
    );
  });

  it('answers HEAD, and in XML', async () => {
    const address = `${server.url}/fhir/ValueSet/$expand${query({ url: accountStatus.url, _format: 'xml' })}`;
    const text = await (await fetch(address)).text();
    expect(text).toMatch(/<ValueSet xmlns="http:\/\/hl7.org\/fhir">.*<contains>.*<code value="entered-in-error"\/>/s);
    expect((await fetch(address, { method: 'HEAD' })).status).toBe(200);
  });
});

describe('ExpandOperation: of an instance', () => {
  it.each([
    ['no parameter', '', 5],
    ['a url, which is passed over', `?url=${fhirVersion.url}`, 5],
    ['an offset', '?offset=2', 5],
  ])('with %s', async (_, asked, total) => {
    const { status, body } = await send('GET', `/ValueSet/account-status/$expand${asked}`);
    expect([status, body.url, body.expansion.total]).toEqual([200, accountStatus.url, total]);
  });

  it.each([
    ['a valueSet', "?valueSet={'bogusResource'}", 400, 'valueSet'],
    ['an unknown parameter', '?unknown=unknown', 400, 'unknown'],
    ['a parameter twice', '?count=1&count=2', 400, 'count'],
  ])('refuses %s', async (_, asked, status, named) => {
    const answer = await send('GET', `/ValueSet/account-status/$expand${asked}`);
    expect([answer.status, answer.issue]).toEqual([status, 'invalid']);
    expect(answer.body.issue[0].diagnostics).toContain(named);
  });

  it('that is unknown is 404, that was deleted 410', async () => {
    expect((await send('GET', '/ValueSet/none/$expand')).status).toBe(404);
    await send('PUT', '/ValueSet/gone', { ...allAnimals, id: 'gone' });
    await send('DELETE', '/ValueSet/gone');
    expect((await send('GET', '/ValueSet/gone/$expand')).status).toBe(410);
  });

  it('is taken by a FHIR client, by GET and by POST', async () => {
    for (const method of ['GET', 'POST'] as const) {
      const input = method === 'GET' ? { count: '2' } : parameters({ count: '2' });
      const found = await client.operation({
        name: 'expand',
        resourceType: 'ValueSet',
        id: 'account-status',
        method,
        input,
      } as never);
      expect(found).toMatchObject({ resourceType: 'ValueSet', expansion: { total: 5, contains: [{}, {}] } });
    }
  });
});

describe('ExpandOperation: of a type by POST', () => {
  const expandWith = (given: Record<string, unknown>) => send('POST', '/ValueSet/$expand', parameters(given));

  it('takes a url, a valueSet as resource or text, and of both the valueSet', async () => {
    expect((await expandWith({ url: accountStatus.url })).body.url).toBe(accountStatus.url);
    expect((await expandWith({ valueSet: fhirVersion })).body.url).toBe(fhirVersion.url);
    expect((await expandWith({ valueSet: JSON.stringify(fhirVersion) })).body.url).toBe(fhirVersion.url);
    expect((await expandWith({ url: accountStatus.url, valueSet: fhirVersion })).body.url).toBe(fhirVersion.url);
  });

  it.each([
    ['no value set', { offset: '10' }, ''],
    ['a valueSet that is none', { valueSet: "{'bogusResource'}" }, 'valueSet'],
    ['another resource', { valueSet: { resourceType: 'Patient' } }, 'valueSet'],
    ['a value set that is not valid', { valueSet: { resourceType: 'ValueSet', compose: {} } }, ''],
    ['an unknown parameter', { url: accountStatus.url, unknown: 'unknown' }, 'unknown'],
  ])('refuses %s', async (_, given, named) => {
    const answer = await expandWith(given);
    expect([answer.status, answer.issue === 'invalid' || named === '']).toEqual([400, true]);
    expect(answer.body.issue[0].diagnostics).toContain(named);
  });

  it('refuses a url twice, and a body that is no Parameters', async () => {
    const url = { name: 'url', valueUri: accountStatus.url };
    const twice = await send('POST', '/ValueSet/$expand', { resourceType: 'Parameters', parameter: [url, url] });
    expect([twice.status, twice.issue]).toEqual([400, 'invalid']);
    expect((await send('POST', '/ValueSet/$expand', allAnimals)).status).toBe(400);
  });

  it('refuses value sets that import themselves, and filters that would take for ever, at once', async () => {
    const importing = (url: string, other: string) => ({
      ...allAnimals,
      url,
      compose: { include: [{ valueSet: [other] }] },
    });
    await send('PUT', '/ValueSet/one', { ...importing('urn:one', 'urn:two'), id: 'one' });
    await send('PUT', '/ValueSet/two', { ...importing('urn:two', 'urn:one'), id: 'two' });
    expect((await expandWith({ url: 'urn:one' })).issue).toBe('invalid');
    const filter = [{ property: 'code', op: 'regex', value: '(((a{1,30}){1,30}){1,30})*x' }];
    const evil = { ...allAnimals, compose: { include: [{ system: 'urn:animals', filter }] } };
    expect((await expandWith({ valueSet: evil })).status).toBe(400);
  });
});

describe('ExpandOperation: what is shown', () => {
  const sent = JSON.stringify(allAnimals);
  const expandWith = (given: Record<string, string>) =>
    send('GET', `/ValueSet/$expand${query({ valueSet: sent, ...given })}`);

  it.each([
    [{ filter: 'o' }, 'owl dodo', 2],
    [{ filter: 'EULE' }, 'owl', 1],
    [{ filter: 'ow eu' }, 'owl', 1],
    [{ filter: 'xyz' }, '', 0],
    [{ count: '1' }, 'owl', 3],
    [{ count: '1', offset: '1' }, 'dodo', 3],
    [{ count: '0' }, '', 3],
    [{ offset: '9' }, '', 3],
    [{ activeOnly: 'true' }, 'owl cat', 2],
    [{ 'exclude-system': 'urn:animals' }, '', 0],
    [{ 'exclude-system': 'urn:animals|1' }, 'owl dodo cat', 3],
    [{ 'system-version': 'urn:animals|2' }, 'owl dodo cat', 3],
    [{ filter: 'x'.repeat(200) }, '', 0],
    [{ excludeNested: 'true', date: '2024-01-01' }, 'owl dodo cat', 3],
  ])('%o', async (given, expected, total) => {
    const answer = await expandWith(given as Record<string, string>);
    expect([answer.status, codes(answer), answer.body.expansion.total]).toEqual([200, expected, total]);
  });

  it.each([
    ['system-version', 'urn:animals|1', 404],
    ['force-system-version', 'urn:animals|1', 404],
    ['check-system-version', 'urn:animals|2', 200],
  ])('%s=%s is %i', async (name, version, status) => {
    expect((await expandWith({ [name]: version })).status).toBe(status);
  });

  it('the parameters that made it', async () => {
    const { body } = await expandWith({ filter: 'o', count: '1', activeOnly: 'true' });
    expect(body.expansion.offset).toBe(0);
    expect(body.expansion.parameter).toEqual([
      { name: 'filter', valueString: 'o' },
      { name: 'count', valueInteger: 1 },
      { name: 'activeOnly', valueBoolean: true },
      { name: 'version', valueUri: 'urn:animals|2' },
    ]);
  });

  it('what is inactive, and displays in the language that was asked for', async () => {
    const { body } = await expandWith({ displayLanguage: 'de-CH' });
    expect(body.expansion.contains).toEqual([
      { system: 'urn:animals', code: 'owl', display: 'Eule' },
      { system: 'urn:animals', inactive: true, code: 'dodo', display: 'Dodo' },
      { system: 'urn:animals', code: 'cat', display: 'Cat' },
    ]);
  });

  it('designations, all or those of a language or use', async () => {
    const shown = async (given: Record<string, string>) =>
      (await expandWith(given)).body.expansion.contains[0].designation?.map(({ value }: { value: string }) => value);
    expect(await shown({})).toBeUndefined();
    expect(await shown({ includeDesignations: 'true' })).toEqual(['Eule', 'Chouette']);
    expect(await shown({ designation: 'urn:ietf:bcp:47|de' })).toEqual(['Eule']);
    expect(await shown({ designation: 'urn:use|popular' })).toEqual(['Chouette']);
  });

  it('the definition unless it is not wanted, and never the narrative', async () => {
    expect((await expandWith({})).body).toHaveProperty('compose');
    const { body } = await expandWith({ includeDefinition: 'false' });
    expect(body).not.toHaveProperty('compose');
    expect(body).not.toHaveProperty('text');
  });

  it('SNOMED CT codes that HL7 has published, marked as not being all', async () => {
    const { body } = await send('GET', '/ValueSet/$expand?url=http://hl7.org/fhir/ValueSet/route-codes&count=1');
    expect(body.expansion).toMatchObject({
      total: 150,
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/valueset-unclosed', valueBoolean: true }],
    });
  });
});

describe('ValueSet/$validate-code', () => {
  const url = 'http://hl7.org/fhir/ValueSet/administrative-gender';
  const system = 'http://hl7.org/fhir/administrative-gender';
  const validate = async (given: Record<string, string>) =>
    values(await send('GET', `/ValueSet/$validate-code${query(given)}`));

  it('says whether the value set has the code, and how it is shown', async () => {
    expect(await validate({ url, system, code: 'male' })).toEqual({ result: true, display: 'Male' });
    expect(await validate({ url, system, code: 'men' })).toEqual({ result: false, message: expect.any(String) });
    expect(await validate({ url, system: 'urn:other', code: 'male' })).toMatchObject({ result: false });
    expect(await validate({ url, system, systemVersion: '1.0', code: 'male' })).toMatchObject({ result: false });
  });

  it('finds a display that is not the concept’s own, but for case', async () => {
    expect(await validate({ url, system, code: 'male', display: 'mALE' })).toEqual({ result: true, display: 'Male' });
    expect(await validate({ url, system, code: 'male', display: 'Man' })).toMatchObject({
      result: false,
      display: 'Male',
    });
  });

  it('takes a code without system from where context says', async () => {
    const context = 'http://hl7.org/fhir/StructureDefinition/Patient#Patient.gender';
    expect(await validate({ context, code: 'male' })).toMatchObject({ result: true });
    expect((await send('GET', `/ValueSet/$validate-code${query({ url, code: 'male' })}`)).issue).toBe('invalid');
  });

  it('takes a Coding, a CodeableConcept of which one coding is right, a value set, an instance', async () => {
    const owl = { system: 'urn:animals', code: 'owl' };
    const post = async (given: Record<string, unknown>, path = '/ValueSet/$validate-code') =>
      values(await send('POST', path, parameters(given)));
    expect(await post({ valueSet: allAnimals, coding: owl })).toEqual({ result: true, display: 'Owl' });
    const codeableConcept = { coding: [{ system: 'urn:other', code: 'x' }, owl] };
    expect(await post({ valueSet: allAnimals, codeableConcept })).toMatchObject({ result: true });
    const active = { system: 'http://hl7.org/fhir/account-status', code: 'active' };
    expect(await post({ coding: active }, '/ValueSet/account-status/$validate-code')).toMatchObject({ result: true });
  });

  it('takes an abstract code only where that is asked for', async () => {
    const valueSet = JSON.stringify(allAnimals);
    expect(await validate({ valueSet, system: 'urn:animals', code: 'animal' })).toMatchObject({ result: false });
    expect(await validate({ valueSet, system: 'urn:animals', code: 'animal', abstract: 'true' })).toMatchObject({
      result: true,
    });
  });

  it('tests what cannot be listed: units, MIME types', async () => {
    const units = { url: 'http://hl7.org/fhir/ValueSet/ucum-units', system: 'http://unitsofmeasure.org' };
    expect(await validate({ ...units, code: 'mg/dL' })).toMatchObject({ result: true });
    expect(await validate({ ...units, code: 'mg per dL' })).toMatchObject({ result: false });
  });

  it('does not say yes to what it cannot know', async () => {
    const snomed = { url: 'http://hl7.org/fhir/ValueSet/condition-code', system: 'http://snomed.info/sct' };
    const { result, message } = await validate({ ...snomed, code: '38341003' });
    expect([result, message]).toEqual([false, expect.stringContaining('not known')]);
  });

  it.each([
    ['no value set', { system, code: 'male' }, 400],
    ['no code', { url }, 400],
    ['an unknown value set', { url: 'urn:none', system, code: 'male' }, 404],
    ['an unknown parameter', { url, system, code: 'male', x: '1' }, 400],
  ])('refuses %s', async (_, given, status) => {
    expect((await send('GET', `/ValueSet/$validate-code${query(given as Record<string, string>)}`)).status).toBe(
      status,
    );
  });
});

describe('CodeSystem/$validate-code', () => {
  const validate = async (given: Record<string, string>, path = '/CodeSystem/$validate-code') =>
    values(await send('GET', `${path}${query(given)}`));

  it('says whether the code system has the code', async () => {
    expect(await validate({ url: 'urn:animals', code: 'owl' })).toEqual({ result: true, display: 'Owl' });
    expect(await validate({ url: 'urn:animals', code: 'animal' })).toMatchObject({ result: true });
    expect(await validate({ url: 'urn:animals', code: 'animal', abstract: 'false' })).toMatchObject({ result: false });
    expect(await validate({ url: 'urn:animals', code: 'dog' })).toMatchObject({ result: false });
    expect(await validate({ code: 'cat' }, '/CodeSystem/animals/$validate-code')).toMatchObject({ result: true });
  });

  it('takes a Coding of its own system only, and a code system that is sent', async () => {
    const post = async (given: Record<string, unknown>) =>
      values(await send('POST', '/CodeSystem/$validate-code', parameters(given)));
    expect(await post({ coding: { system: 'urn:animals', code: 'owl' } })).toMatchObject({ result: true });
    const other = { url: 'urn:animals', coding: { system: 'urn:other', code: 'owl' } };
    expect(await post(other)).toMatchObject({ result: false });
    const codeSystem = { ...animals, id: undefined, url: 'urn:sent', concept: [{ code: 'dog' }] };
    expect(await post({ codeSystem, code: 'dog' })).toMatchObject({ result: true });
  });

  it('of an unknown system is 404, of none 400', async () => {
    expect((await send('GET', '/CodeSystem/$validate-code?url=urn:none&code=x')).status).toBe(404);
    expect((await send('GET', '/CodeSystem/$validate-code?url=urn:animals|1&code=x')).status).toBe(404);
    expect((await send('GET', '/CodeSystem/$validate-code?code=x')).status).toBe(400);
  });
});

describe('CodeSystem/$lookup', () => {
  const lookup = (given: Record<string, string>) => send('GET', `/CodeSystem/$lookup${query(given)}`);
  const named = ({ body }: FhirAnswer, name: string) =>
    body.parameter.filter((one: { name: string }) => one.name === name).map((one: { part?: unknown }) => one.part);

  it('tells the system, the display, the designations and the properties of a code', async () => {
    const answer = await lookup({ system: 'urn:animals', code: 'owl' });
    expect(values(answer)).toMatchObject({ name: 'Animals', version: '2', display: 'Owl' });
    expect(named(answer, 'designation')).toContainEqual([
      { name: 'language', valueCode: 'fr' },
      { name: 'use', valueCoding: { system: 'urn:use', code: 'popular' } },
      { name: 'value', valueString: 'Chouette' },
    ]);
    expect(named(answer, 'property')).toEqual([
      [
        { name: 'code', valueCode: 'definition' },
        { name: 'value', valueString: 'Hunts by night' },
      ],
      [
        { name: 'code', valueCode: 'inactive' },
        { name: 'value', valueBoolean: false },
      ],
      [
        { name: 'code', valueCode: 'parent' },
        { name: 'value', valueCode: 'animal' },
        { name: 'description', valueString: 'Animal' },
      ],
    ]);
  });

  it('gives what is asked for only', async () => {
    const answer = await send(
      'GET',
      '/CodeSystem/$lookup?system=urn:animals&code=owl&property=parent&property=lang.de',
    );
    expect(named(answer, 'property')).toHaveLength(1);
    expect(named(answer, 'designation')).toHaveLength(1);
    expect(values(await lookup({ system: 'urn:animals', code: 'owl', displayLanguage: 'de' }))).toMatchObject({
      display: 'Eule',
    });
  });

  it('takes a Coding, and codes that have a grammar', async () => {
    const coding = { system: 'urn:animals', version: '2', code: 'cat' };
    expect(values(await send('POST', '/CodeSystem/$lookup', parameters({ coding })))).toMatchObject({ display: 'Cat' });
    const unit = await lookup({ system: 'http://unitsofmeasure.org', code: 'mm[Hg]' });
    expect(values(unit)).toMatchObject({ display: 'millimeter of mercury' });
  });

  it.each([
    [{ system: 'urn:animals', code: 'dog' }, 404],
    [{ system: 'urn:none', code: 'x' }, 404],
    [{ system: 'urn:animals', version: '1', code: 'owl' }, 404],
    [{ code: 'owl' }, 400],
    [{ system: 'urn:animals' }, 400],
  ])('%o is %i', async (given, status) => {
    expect((await lookup(given as Record<string, string>)).status).toBe(status);
  });
});

describe('CodeSystem/$subsumes', () => {
  const v3 = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
  it.each([
    [v3, '_ObservationType', 'COMPLY', 'subsumes'],
    [v3, 'COMPLY', '_ObservationType', 'subsumed-by'],
    [v3, 'COMPLY', 'COMPLY', 'equivalent'],
    [v3, 'COMPLY', '_ActAccountCode', 'not-subsumed'],
    ['urn:animals', 'animal', 'owl', 'subsumes'],
  ])('%s: %s and %s: %s', async (system, codeA, codeB, outcome) => {
    expect(values(await send('GET', `/CodeSystem/$subsumes${query({ system, codeA, codeB })}`))).toEqual({ outcome });
  });

  it('takes Codings, and an instance', async () => {
    const [codingA, codingB] = [
      { system: 'urn:animals', code: 'owl' },
      { system: 'urn:animals', code: 'animal' },
    ];
    const sent = await send('POST', '/CodeSystem/$subsumes', parameters({ codingA, codingB }));
    expect(values(sent)).toEqual({ outcome: 'subsumed-by' });
    const instance = await send('GET', '/CodeSystem/animals/$subsumes?codeA=animal&codeB=dodo');
    expect(values(instance)).toEqual({ outcome: 'subsumes' });
  });

  it.each([
    ['?system=urn:animals&codeA=owl&codeB=dog', 404, 'not-found'],
    ['?system=urn:none&codeA=owl&codeB=dog', 404, 'not-found'],
    ['?system=urn:animals&codeA=owl', 400, 'invalid'],
    ['?codeA=owl&codeB=dog', 400, 'invalid'],
  ])('%s is %i', async (asked, status, issue) => {
    const answer = await send('GET', `/CodeSystem/$subsumes${asked}`);
    expect([answer.status, answer.issue]).toEqual([status, issue]);
  });

  it('does not compare codes of different systems', async () => {
    const given = { codingA: { system: 'urn:animals', code: 'owl' }, codingB: { system: v3, code: 'COMPLY' } };
    expect((await send('POST', '/CodeSystem/$subsumes', parameters(given))).issue).toBe('not-supported');
  });
});

describe('ConceptMap/$translate', () => {
  const translate = (given: Record<string, string>) => send('GET', `/ConceptMap/$translate${query(given)}`);
  /** `equivalence code map` of each match. */
  const matches = ({ body }: FhirAnswer): string[] =>
    body.parameter
      .filter(({ name }: { name: string }) => name === 'match')
      .map(({ part }: { part: { valueCode?: string; valueCoding?: { code: string }; valueUri?: string }[] }) =>
        part.map(({ valueCode, valueCoding, valueUri }) => valueCode ?? valueCoding?.code ?? valueUri).join(' '),
      );
  const addressUse = { system: 'http://hl7.org/fhir/address-use', code: 'home' };

  it("goes by R4's own maps, one or all", async () => {
    const one = await translate({ ...addressUse, url: 'http://hl7.org/fhir/ConceptMap/cm-address-use-v3' });
    expect(matches(one)).toEqual(['equal H http://hl7.org/fhir/ConceptMap/cm-address-use-v3']);
    expect(matches(await translate(addressUse))).toHaveLength(3);
    const targetsystem = 'http://terminology.hl7.org/CodeSystem/v2-0190';
    expect(matches(await translate({ ...addressUse, targetsystem }))).toHaveLength(1);
    const target = 'http://terminology.hl7.org/ValueSet/v3-AddressUse';
    expect(matches(await translate({ ...addressUse, target }))).toHaveLength(2);
    expect(matches(await translate({ ...addressUse, source: 'urn:none' }))).toEqual([]);
  });

  it('says that a disjoint match is none', async () => {
    const answer = await translate({ ...addressUse, code: 'old', url: 'http://hl7.org/fhir/ConceptMap/101' });
    expect([values(answer).result, matches(answer)]).toEqual([
      false,
      ['disjoint BAD http://hl7.org/fhir/ConceptMap/101'],
    ]);
  });

  it('goes by stored maps, by url, by instance and by code, with products', async () => {
    const cat = { system: 'urn:animals', code: 'cat' };
    for (const answer of [
      await translate({ ...cat, url: 'urn:pets' }),
      await send('GET', `/ConceptMap/pets/$translate${query(cat)}`),
      await translate(cat),
      await send('POST', '/ConceptMap/$translate', parameters({ coding: cat })),
      await send('POST', '/ConceptMap/$translate', parameters({ conceptMap: petMap, coding: cat })),
    ]) {
      expect([values(answer).result, answer.body.parameter[1].part]).toEqual([
        true,
        [
          { name: 'equivalence', valueCode: 'wider' },
          { name: 'concept', valueCoding: { system: 'urn:pet-shop', code: 'puss' } },
          {
            name: 'product',
            part: [
              { name: 'element', valueUri: 'urn:sound' },
              { name: 'concept', valueCoding: { code: 'meow' } },
            ],
          },
          { name: 'source', valueUri: 'urn:pets' },
        ],
      ]);
    }
  });

  it('goes back from target to source', async () => {
    const answer = await translate({ system: 'urn:pet-shop', code: 'puss', reverse: 'true' });
    expect(matches(answer)).toEqual(['narrower cat urn:pets']);
  });

  it('takes a mapping that depends on something only where that is given', async () => {
    const owl = { system: 'urn:animals', code: 'owl' };
    const without = await translate({ ...owl, url: 'urn:pets' });
    expect([values(without).result, matches(without)]).toEqual([false, ['unmatched urn:pets']]);
    const part = [
      { name: 'element', valueUri: 'urn:home' },
      { name: 'concept', valueCodeableConcept: { coding: [{ code: 'barn' }] } },
    ];
    const given = parameters({ coding: owl, url: 'urn:pets' });
    const body = { ...given, parameter: [...given.parameter, { name: 'dependency', part }] };
    const found = await send('POST', '/ConceptMap/$translate', body);
    expect([values(found).result, matches(found)]).toEqual([
      true,
      ['narrower barn-owl urn:pets', 'unmatched urn:pets'],
    ]);
  });

  it('takes what the map says of all other codes', async () => {
    expect(matches(await translate({ system: 'urn:animals', code: 'dodo', url: 'urn:pets' }))).toEqual([
      'inexact other urn:pets',
    ]);
  });

  it.each([
    [{ ...addressUse, url: 'urn:none' }, 404],
    [{ code: 'home' }, 400],
    [{ system: 'urn:animals' }, 400],
  ])('%o is %i', async (given, status) => {
    expect((await translate(given as Record<string, string>)).status).toBe(status);
  });

  it('takes ten codings at most', async () => {
    const coding = Array.from({ length: 11 }, (_, at) => ({ system: 'urn:animals', code: `c${at}` }));
    const asked = (count: number) =>
      send('POST', '/ConceptMap/$translate', parameters({ codeableConcept: { coding: coding.slice(0, count) } }));
    expect((await asked(10)).status).toBe(200);
    expect([(await asked(11)).status, (await asked(11)).issue]).toEqual([400, 'too-costly']);
  });

  it('that finds nothing says so', async () => {
    const answer = await translate({ system: 'urn:nowhere', code: 'x' });
    expect(values(answer)).toEqual({ result: false, message: expect.any(String) });
  });
});

describe('metadata?mode=terminology', () => {
  it('is a valid TerminologyCapabilities', async () => {
    const { status, body } = await send('GET', '/metadata?mode=terminology');
    expect([status, body.resourceType]).toEqual([200, 'TerminologyCapabilities']);
    expect(body.codeSystem).toContainEqual({ uri: 'http://hl7.org/fhir/administrative-gender' });
    expect((await send('POST', '/TerminologyCapabilities', body)).status).toBe(201);
    expect((await send('GET', '/metadata?mode=full')).body.resourceType).toBe('CapabilityStatement');
  });
});

describe('a terminology operation', () => {
  it('can be an entry of a batch', async () => {
    const entry = ['CodeSystem/$lookup?system=urn:animals&code=owl', 'ValueSet/none/$expand'].map((url) => ({
      request: { method: 'GET', url },
    }));
    const { body } = await send('POST', '', { resourceType: 'Bundle', type: 'batch', entry });
    expect(body.entry.map(({ response }: { response: { status: string } }) => response.status)).toEqual(['200', '404']);
    expect(body.entry[0].resource.resourceType).toBe('Parameters');
  });

  it('is 405 by another method', async () => {
    expect((await send('PUT', '/ValueSet/$expand', allAnimals)).status).toBe(405);
  });
});
