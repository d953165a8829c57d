import { describe, expect, it } from 'vitest';
import type { JsonObject, Resource } from '../resource/types.ts';
import { testValidation } from './testing/full-validation.ts';

const core = 'http://hl7.org/fhir/SearchParameter/';
/** A search parameter that is stored, not one of R4. */
const stored = {
  resourceType: 'SearchParameter',
  url: 'http://test.example/sp',
  type: 'token',
  base: ['Patient', 'Person'],
};
const validation = testValidation({ profiles: [stored] });

async function errors(resource: JsonObject): Promise<string[]> {
  const issues = await validation.issues(resource as Resource);
  return issues
    .filter(({ severity }) => severity === 'error')
    .map(({ code, expression }) => `${code} ${expression?.[0]}`);
}

const parameter = (more: JsonObject): JsonObject => ({
  resourceType: 'SearchParameter',
  url: 'http://test.example/own',
  name: 'Own',
  status: 'draft',
  description: 'x',
  code: 'own',
  base: ['Organization'],
  type: 'string',
  expression: 'Organization.name',
  ...more,
});

describe('a search parameter that derives from another', () => {
  it.each<[string, JsonObject, string[]]>([
    ['is right with its type and base', { derivedFrom: `${core}Organization-name` }, []],
    ['has another type', { derivedFrom: `${core}Organization-name`, type: 'token' }, ['invalid SearchParameter']],
    ['has another base', { derivedFrom: `${core}Organization-name`, base: ['Patient'] }, ['invalid SearchParameter']],
    ['has one of several bases', { derivedFrom: `${core}clinical-date`, base: ['Encounter'], type: 'date' }, []],
    ['may narrow one that every resource has', { derivedFrom: `${core}Resource-id`, type: 'token' }, []],
    ['of another type than a stored one', { derivedFrom: stored.url, base: ['Person'] }, ['invalid SearchParameter']],
    ['like a stored one', { derivedFrom: stored.url, base: ['Person'], type: 'token' }, []],
    ['is not checked against an unknown one', { derivedFrom: 'http://test.example/unknown', type: 'token' }, []],
  ])('%s', async (_, more, found) => {
    expect(await errors(parameter(more))).toEqual(found);
  });
});

describe('a CapabilityStatement', () => {
  const statement = (type: string, definition: string): JsonObject => ({
    resourceType: 'CapabilityStatement',
    status: 'draft',
    date: '2024-01-01',
    kind: 'requirements',
    description: 'x',
    fhirVersion: '4.0.1',
    format: ['json'],
    rest: [
      {
        mode: 'server',
        searchParam: [{ name: 'all', type: 'string', definition: 'http://test.example/unknown' }],
        resource: [{ type: 'Patient', searchParam: [{ name: 'x', type, definition }] }],
      },
    ],
  });
  const place = 'invalid CapabilityStatement.rest[0].resource[0].searchParam[0]';

  it('gives its search parameters the types of their definitions', async () => {
    expect(await errors(statement('date', `${core}individual-birthdate`))).toEqual([]);
    expect(await errors(statement('string', `${core}individual-birthdate`))).toEqual([place]);
    expect(await errors(statement('token', stored.url))).toEqual([]);
    expect(await errors(statement('uri', stored.url))).toEqual([place]);
  });
});

describe('a value set', () => {
  const including = (include: JsonObject, more: JsonObject = {}): JsonObject => ({
    resourceType: 'ValueSet',
    status: 'draft',
    ...more,
    compose: { include: [include] },
  });
  const listing = (system: string, code: string) => including({ system, concept: [{ code }] });

  it('lists codes that their system has', async () => {
    const place = ['code-invalid ValueSet.compose.include[0].concept[0]'];
    const gender = 'http://hl7.org/fhir/administrative-gender';
    expect(await errors(listing(gender, 'male'))).toEqual([]);
    expect(await errors(listing(gender, 'mail'))).toEqual(place);
    expect(await errors(listing('http://snomed.info/sct', '276885007'))).toEqual([]);
    expect(await errors(listing('http://snomed.info/sct', '2'))).toEqual(place);
    expect(await errors(listing('http://test.example/unknown', '2'))).toEqual([]);
  });

  it('declares the parameters that its expressions name', async () => {
    const declared = {
      extension: [
        {
          url: 'http://hl7.org/fhir/tools/StructureDefinition/valueset-parameter',
          extension: [
            { url: 'name', valueCode: 'p-inactive' },
            { url: 'documentation', valueMarkdown: 'x' },
          ],
        },
      ],
    };
    const asking = (expression: string, more: JsonObject = declared, language = 'text/fhirpath') => {
      const url = 'http://hl7.org/fhir/StructureDefinition/cqf-expression';
      const _value = { extension: [{ url, valueExpression: { language, expression } }] };
      const filter = [{ property: 'inactive', op: '=', _value }];
      return errors(including({ system: 'http://test.example/unknown', filter }, more));
    };
    expect(await asking('%p-inactive')).toEqual([]);
    expect(await asking('%`p-inactive`')).toEqual([]);
    expect(await asking("%resource.url = '100%of' and %`vs-gender`.exists()")).toEqual([]);
    expect(await asking('%p-inactive3')).toEqual(['invalid ValueSet']);
    expect(await asking('%p-inactive', {})).toEqual(['invalid ValueSet']);
    expect(await asking('%p-inactive3', declared, 'text/cql')).toEqual([]);
  });
});

describe('text', () => {
  const named = (text: string) => errors({ resourceType: 'Patient', name: [{ text }] });

  it.each([
    'A <script>alert(1)</script>',
    '<ScRiPt src="x">',
    '</body>',
    '<iframe src="http://x.example"/>',
    '<img src=x onerror=alert(1)>',
    '<b onclick = "x()">',
  ])('must not have markup that does something: %s', async (text) => {
    expect(await named(text)).toEqual(['invalid Patient.name[0].text']);
  });

  it.each(['Ann <ann@x.example>', 'a < b', '<b>bold</b>', '1<2 on=3>', 'script', '<basement level>'])(
    'may have %s',
    async (text) => {
      expect(await named(text)).toEqual([]);
    },
  );

  const narrated = (content: string) =>
    errors({
      resourceType: 'Patient',
      text: { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>` },
    });

  it('of a narrative links to places, not to names', async () => {
    expect(await narrated('<p><a href="urn:uuid:7221aa91-d9e1-44fa-8b90-c5a8c7caeade">x</a></p>')).toEqual([
      'invalid Patient.text',
    ]);
    expect(await narrated('<p>urn:x <a href="http://x.example/urn:a">x</a><a name="urn:a"/></p>')).toEqual([]);
    expect(await narrated('<a href="#a">x</a><a href="mailto:a@x.example">y</a><a href="Patient/1">z</a>')).toEqual([]);
  });
});

describe('an attachment', () => {
  it.each<[JsonObject, number]>([
    [{ url: 'http://repository.example.org/a' }, 1],
    [{ url: 'https://example.com' }, 1],
    [{ url: 'http://files.example:8080/a' }, 1],
    [{ url: 'http://example.org/a', data: 'YQ==', contentType: 'text/plain' }, 0],
    [{ url: 'http://myexample.org/a' }, 0],
    [{ url: 'http://example.org.files.net/a' }, 0],
    [{ url: 'Binary/1' }, 0],
    [{ url: 'http://localhost/a' }, 0],
  ])('leads to its data: %j', async (photo, count) => {
    expect(await errors({ resourceType: 'Patient', photo: [photo] })).toHaveLength(count);
  });
});

describe('a reference by the UUID of an entry', () => {
  const bundle = (type: string): JsonObject => ({
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      { resource: { resourceType: 'Patient', generalPractitioner: [{ reference: `${type}/${id}` }] } },
      { fullUrl: `urn:uuid:${id}`, resource: { resourceType: 'Organization', name: 'x' } },
    ],
  });
  const id = '5d9588d8-3cd6-4b32-8fb7-ad13694e069d';

  it('names its type', async () => {
    expect(await errors(bundle('Organization'))).toEqual([]);
    expect(await errors(bundle('Practitioner'))).toEqual(['invalid Bundle.entry[0].resource.generalPractitioner[0]']);
  });
});

describe('an extension for an element of another release', () => {
  const extended = (release: string, element: string, name = 'extension') => {
    const url = `http://hl7.org/fhir/${release}/StructureDefinition/extension-${element}`;
    return errors({ resourceType: 'Patient', [name]: [{ url, valueBoolean: true }] });
  };

  it('is a modifier where that is', async () => {
    expect(await extended('1.0', 'Patient.animal')).toEqual(['invalid Patient.extension[0]']);
    expect(await extended('1.0', 'Patient.animal', 'modifierExtension')).toEqual([]);
    expect(await extended('5.0', 'MedicationRequest.doNotPerform')).toEqual(['invalid Patient.extension[0]']);
  });

  it('is none where that is not', async () => {
    expect(await extended('1.0', 'Patient.animal.species')).toEqual([]);
    expect(await extended('1.0', 'Patient.careProvider', 'modifierExtension')).toEqual([
      'invalid Patient.modifierExtension[0]',
    ]);
    expect(await extended('7.0', 'Patient.animal', 'modifierExtension')).toEqual([
      'invalid Patient.modifierExtension[0]',
    ]);
  });
});

describe('an observation of a vital sign', () => {
  const loinc = 'http://loinc.org';
  const temperature = (coding: JsonObject[], more: JsonObject = {}): JsonObject => ({
    resourceType: 'Observation',
    status: 'final',
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
    ],
    code: { coding },
    subject: { reference: 'Patient/1' },
    effectiveDateTime: '2024-01-01',
    valueQuantity: { value: 37, unit: 'C', system: 'http://unitsofmeasure.org', code: 'Cel' },
    ...more,
  });

  it('conforms to the profile of the sign, whether it says so or not', async () => {
    expect(await errors(temperature([{ system: loinc, code: '8310-5' }]))).toEqual([]);
    expect(await errors(temperature([{ system: loinc, code: '8310-5' }], { subject: {} }))).not.toEqual([]);
    const kelvin = { value: 310, unit: 'K', system: 'http://unitsofmeasure.org', code: 'K' };
    expect(await errors(temperature([{ system: loinc, code: '8310-5' }], { valueQuantity: kelvin }))).not.toEqual([]);
  });

  it('has the code of the sign beside a more special one', async () => {
    const snomed = { system: 'http://snomed.info/sct', code: '276885007' };
    const ear = { system: loinc, code: '8328-7' };
    expect(await errors(temperature([snomed]))).not.toEqual([]);
    expect(await errors(temperature([ear]))).not.toEqual([]);
    expect(await errors(temperature([snomed, ear, { system: loinc, code: '8310-5' }]))).toEqual([]);
  });

  it('may have components in other units, or coded', async () => {
    const coded = { coding: [{ system: 'http://test.example/cs', code: 'a' }] };
    const component = [
      { code: coded, valueCodeableConcept: coded },
      { code: coded, valueQuantity: { value: 6, unit: 'L/min', system: 'http://unitsofmeasure.org', code: 'L/min' } },
    ];
    expect(await errors(temperature([{ system: loinc, code: '8310-5' }], { component }))).toEqual([]);
  });

  it('with another code is none', async () => {
    const { category: _category, ...other } = temperature([{ system: loinc, code: '718-7' }]);
    expect(await errors(other)).toEqual([]);
  });
});
