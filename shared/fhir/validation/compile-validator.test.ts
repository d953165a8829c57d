import { describe, expect, it } from 'vitest';
import { loadDefinitions } from '../definitions/load.ts';
import { parseJsonObject } from '../resource/json.ts';
import type { Resource } from '../resource/types.ts';
import { compileValidator } from './compile-validator.ts';

const validate = compileValidator(loadDefinitions());

const patient = {
  resourceType: 'Patient',
  id: 'p1',
  meta: { profile: ['http://example.org/StructureDefinition/p'] },
  text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">Eve</div>' },
  extension: [{ url: 'http://example.org/eye', valueString: 'blue' }],
  active: true,
  name: [{ family: 'Everywoman', given: ['Eve', 'Anne'], _given: [null, { id: 'second' }] }],
  gender: 'female',
  birthDate: '1980-02-29',
  _birthDate: { extension: [{ url: 'http://example.org/time', valueDateTime: '1980-02-29T05:00:00Z' }] },
  deceasedBoolean: false,
  multipleBirthInteger: 2,
  contact: [{ gender: 'male', name: { text: 'Adam' } }],
  communication: [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'en' }] } }],
  managingOrganization: { reference: '#o' },
  contained: [{ resourceType: 'Organization', id: 'o', name: 'Clinic' }],
};

const observation = {
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'Weight' },
  subject: { reference: 'Patient/p1' },
  valueQuantity: { value: 1.5, unit: 'kg' },
  component: [{ code: { text: 'part' }, valueInteger: 3 }],
};

const condition = {
  resourceType: 'Condition',
  subject: { reference: 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520' },
  clinicalStatus: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }],
  },
};

/** Code and place of each fault, the resource having been read from its text. */
function faults(resource: object): string[] {
  const read = parseJsonObject(Buffer.from(JSON.stringify(resource))) as Resource;
  return validate(read).map(({ severity, code, expression }) => {
    expect(severity).toBe('error');
    return `${code} ${expression?.join()}`;
  });
}

describe('a resource', () => {
  it.each([patient, observation, condition])('is right when every element is', (resource) => {
    expect(faults(resource)).toEqual([]);
  });

  it('has a type that exists', () => {
    expect(faults({ resourceType: 'Pacient' })).toEqual(['structure Resource.resourceType']);
    expect(faults({ resourceType: 'DomainResource' })).toEqual(['structure Resource.resourceType']);
    expect(faults({ resourceType: 'Patient.contact' })).toEqual(['structure Resource.resourceType']);
    expect(faults({})).toEqual(['required Resource.resourceType']);
    expect(faults({ resourceType: 'constructor' })).toEqual(['structure Resource.resourceType']);
  });
});

describe('structure', () => {
  it.each([
    ['an unknown element', { ...patient, nickname: 'Eve' }, 'structure Patient.nickname'],
    [
      'an unknown element of a backbone',
      { ...patient, contact: [{ age: 3, gender: 'male' }] },
      'structure Patient.contact[0].age',
    ],
    ['an element of Object.prototype', { ...patient, constructor: 'x' }, 'structure Patient.constructor'],
    ['a name that is no element name', { ...patient, 'a.b[0]': 'x' }, 'structure Patient'],
    ['a companion of a complex element', { ...patient, _name: [{ id: 'a' }] }, 'structure Patient._name'],
    [
      'a resourceType in an element',
      { ...patient, maritalStatus: { resourceType: 'Patient', text: 'x' } },
      'structure Patient.maritalStatus.resourceType',
    ],
    ['an object where a string is expected', { ...patient, birthDate: { a: 1 } }, 'structure Patient.birthDate'],
    ['a string where an object is expected', { ...observation, code: 'Weight' }, 'structure Observation.code'],
    ['a number where a string is expected', { ...patient, name: [{ family: 7 }] }, 'structure Patient.name[0].family'],
    [
      'a string where a number is expected',
      { ...observation, valueQuantity: { value: '1.5' } },
      'structure Observation.valueQuantity.value',
    ],
    ['a string where a boolean is expected', { ...patient, active: 'true' }, 'structure Patient.active'],
    [
      'an array where a single value is expected',
      { ...patient, birthDate: ['1980'], _birthDate: undefined },
      'structure Patient.birthDate',
    ],
    [
      'an array where a single object is expected',
      { ...observation, code: [{ text: 'a' }] },
      'structure Observation.code',
    ],
    ['a single object where an array is expected', { ...patient, name: { family: 'x' } }, 'structure Patient.name'],
    [
      'a single value where an array is expected',
      { ...patient, name: [{ given: 'Eve' }] },
      'structure Patient.name[0].given',
    ],
    ['an array in an array', { ...patient, name: [[{ family: 'x' }]] }, 'structure Patient.name[0]'],
    ['an empty array', { ...patient, name: [] }, 'structure Patient.name'],
    ['an empty object', { ...patient, name: [{}] }, 'structure Patient.name[0]'],
    ['an object with an id only', { ...patient, name: [{ id: 'n' }] }, 'structure Patient.name[0]'],
    ['null', { ...patient, gender: null }, 'structure Patient.gender'],
    ['null for an object', { ...patient, maritalStatus: null }, 'structure Patient.maritalStatus'],
    ['null among objects', { ...patient, name: [null] }, 'structure Patient.name[0]'],
    [
      'null among values that have no extensions',
      { ...patient, name: [{ given: ['Eve', null] }] },
      'structure Patient.name[0].given[1]',
    ],
    ['more than one type of a choice', { ...patient, deceasedDateTime: '2020' }, 'structure Patient.deceasedDateTime'],
    [
      'a choice twice, once by its extensions',
      { ...observation, _valueString: { extension: [{ url: 'urn:x', valueCode: 'y' }] } },
      'structure Observation.valueString',
    ],
    ['a type that the choice does not have', { ...patient, deceasedString: 'yes' }, 'structure Patient.deceasedString'],
    ['the choice by its common name', { ...observation, 'value[x]': 1 }, 'structure Observation'],
  ])('refuses %s', (_, resource, expected) => {
    expect(faults(resource)).toEqual([expected]);
  });

  it.each([
    ['an element', { ...observation, status: undefined }, 'required Observation.status'],
    [
      'an element of a backbone',
      { ...patient, communication: [{ preferred: true }] },
      'required Patient.communication[0].language',
    ],
    [
      'a choice',
      { resourceType: 'MedicationRequest', status: 'active', intent: 'order', subject: { display: 'Eve' } },
      'required MedicationRequest.medication',
    ],
    ['the url of an extension', { ...patient, extension: [{ valueString: 'x' }] }, 'required Patient.extension[0].url'],
  ])('asks for %s that is required', (_, resource, expected) => {
    expect(faults(resource)).toEqual([expected]);
  });

  it('takes an extension for a required value that is not known', () => {
    const unknown = {
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
    };
    expect(faults({ ...observation, status: undefined, _status: unknown })).toEqual([]);
    expect(faults({ ...patient, name: [{ given: ['Eve', null], _given: [null, unknown] }] })).toEqual([]);
  });

  it('reports at most 50 faults', () => {
    const names = Array.from({ length: 100_000 }, () => ({ family: 1 }));
    expect(faults({ ...patient, name: names })).toHaveLength(50);
    const unknown = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`x${index}`, 1]));
    expect(faults({ ...patient, ...unknown })).toHaveLength(50);
  });
});

describe('what goes with a primitive value', () => {
  it.each([
    ['is as long as the values', { given: ['Eve', 'Anne'], _given: [{ id: 'a' }] }, 'structure Patient.name[0].given'],
    ['is an array where the values are', { given: ['Eve'], _given: { id: 'a' } }, 'structure Patient.name[0].given'],
    ['has an extension where there is no value', { _family: { id: 'a' } }, 'structure Patient.name[0].family'],
    ['is not empty', { family: 'x', _family: {} }, 'structure Patient.name[0].family'],
    ['is not null', { family: 'x', _family: null }, 'structure Patient.name[0].family'],
    ['has id and extension only', { family: 'x', _family: { value: 'y' } }, 'structure Patient.name[0].family.value'],
    ['does not go with an id', { family: 'x', id: 'a', _id: { id: 'b' } }, 'structure Patient.name[0]._id'],
    ['has an id without white space', { family: 'x', _family: { id: 'a b' } }, 'value Patient.name[0].family.id'],
  ])('%s', (_, name, expected) => {
    expect(faults({ ...patient, name: [name] })).toContain(expected);
  });
});

describe('primitive values', () => {
  const cases: [type: string, good: unknown[], bad: unknown[]][] = [
    ['Base64Binary', ['YQ==', 'YWI=', 'YWJj'], ['YQ=', 'YQ', 'Y Q==', 'Y=Q=', '====', 'YW-j']],
    ['Canonical', ['http://a/b|1#c'], ['http://a/ b']],
    ['Code', ['a', 'a b', 'a\u00a0'], [' a', 'a ', 'a  b']],
    ['Date', ['2020-02-29'], ['2023-02-30', '2023-02-29T00:00:00Z']],
    ['DateTime', ['2020', '2020-01-01T00:00:00Z'], ['2020-01-01T00:00:00', '2020-01-01T00:00Z']],
    ['Decimal', [1, -1.5, 1e10], []],
    ['Id', ['a-B.9'], ['a_b', 'a'.repeat(65), 'a b']],
    ['Instant', ['2020-01-01T00:00:00.123+02:00'], ['2020-01-01', '2020-01-01T00:00:00']],
    ['Integer', [0, -2147483648, 2147483647], [1.5, 2147483648]],
    ['Markdown', ['# a\n\tb'], ['a\u0000b']],
    ['Oid', ['urn:oid:1.2.3'], ['1.2.3', 'urn:oid:3.1', 'urn:oid:1.02']],
    ['PositiveInt', [1], [0, -1, 1.5]],
    ['String', ['a\r\n\tb', ' '], ['a\u0001b', 'a\u001fb', 'x'.repeat(1024 * 1024 + 1)]],
    ['Time', ['10:00:00'], ['10:00', '25:00:00']],
    ['UnsignedInt', [0], [-1]],
    ['Uri', ['urn:x', 'anything'], ['a b', 'a\nb']],
    ['Url', ['http://a'], ['http://a b']],
    ['Uuid', ['urn:uuid:c757873d-ec9a-4326-a141-556f43239520'], ['c757873d-ec9a-4326-a141-556f43239520']],
  ];

  it.each(cases)('of %s are checked', (type, good, bad) => {
    const withValue = (value: unknown) => ({
      ...patient,
      extension: [{ url: 'http://example.org/x', [`value${type}`]: value }],
    });
    for (const value of good) expect(faults(withValue(value))).toEqual([]);
    for (const value of bad) expect(faults(withValue(value))).toEqual([`value Patient.extension[0].value${type}`]);
  });

  it.each([
    ['Code', 'a '],
    ['Oid', '.1'],
    ['Uri', 'a/'],
    ['Base64Binary', 'aaaa'],
    ['DateTime', '1'],
  ])('of %s that are 10 million characters long are read, too', (type, piece) => {
    const value = (type === 'Oid' ? 'urn:oid:1' : '') + piece.repeat(10_000_000 / piece.length);
    const start = performance.now();
    validate({ resourceType: 'Patient', extension: [{ url: 'urn:x', [`value${type}`]: value }] });
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('are never empty strings', () => {
    expect(faults({ ...patient, name: [{ family: '' }] })).toEqual(['value Patient.name[0].family']);
  });

  it.each(['1.0', '1e2', '100e-2'])('of integer are not written as %s', (digits) => {
    const text = JSON.stringify(patient).replace('"multipleBirthInteger":2', `"multipleBirthInteger":${digits}`);
    const found = validate(parseJsonObject(Buffer.from(text)) as Resource);
    expect(found.map(({ expression }) => expression)).toEqual([['Patient.multipleBirthInteger']]);
  });

  it('are quoted in a message only as far as they are short', () => {
    const [issue] = validate({ resourceType: 'Patient', birthDate: 'x'.repeat(5000) });
    expect(issue?.diagnostics).toMatch(/^Expected a date .* found 'x{40}…'\.$/);
  });

  it('of narrative are safe XHTML', () => {
    const text = { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><script>x</script></div>' };
    expect(faults({ ...patient, text })).toEqual(['invalid Patient.text.div']);
  });
});

describe('required bindings', () => {
  const coding = { system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' };

  it.each([
    ['a code', { ...patient, gender: 'woman' }, 'value Patient.gender'],
    ['a code of a backbone', { ...patient, contact: [{ gender: 'm' }] }, 'value Patient.contact[0].gender'],
    ['a code of a data type', { ...patient, name: [{ use: 'x', family: 'y' }] }, 'value Patient.name[0].use'],
    [
      'a concept with another code',
      { ...condition, clinicalStatus: { coding: [{ ...coding, code: 'x' }] } },
      'value Condition.clinicalStatus',
    ],
    [
      'a concept with another system',
      { ...condition, clinicalStatus: { coding: [{ ...coding, system: 'urn:x' }] } },
      'value Condition.clinicalStatus',
    ],
    [
      'a concept without a coding',
      { ...condition, clinicalStatus: { text: 'active' } },
      'value Condition.clinicalStatus',
    ],
  ])('refuse %s that the value set has not', (_, resource, expected) => {
    expect(faults(resource)).toEqual([expected]);
  });

  it('accept a concept of which one coding is in the value set', () => {
    const clinicalStatus = { coding: [{ system: 'urn:local', code: '7' }, coding] };
    expect(faults({ ...condition, clinicalStatus })).toEqual([]);
  });

  it('accept any code where the value set cannot be listed', () => {
    expect(faults({ resourceType: 'Binary', contentType: 'application/x-anything' })).toEqual([]);
  });
});

describe('extensions', () => {
  it('have a url of their own, which no extension stands for', () => {
    const extension = [{ _url: { extension: patient.extension }, valueString: 'x' }];
    expect(faults({ ...patient, extension })).toEqual([
      'required Patient.extension[0].url',
      'structure Patient.extension[0]._url',
    ]);
  });

  it.each([
    ['neither value nor extensions', { url: 'urn:x' }],
    ['both', { url: 'urn:x', valueCode: 'a', extension: [{ url: 'y', valueCode: 'b' }] }],
  ])('do not have %s', (_, extension) => {
    expect(faults({ ...patient, extension: [extension] })).toEqual(['invalid Patient.extension[0]']);
  });
});

describe('contained resources', () => {
  const organization = { resourceType: 'Organization', id: 'o', name: 'Clinic' };

  it.each([
    ['have an id', [{ resourceType: 'Organization', name: 'x' }, organization], 'required Patient.contained[0].id'],
    ['have a type', [{ id: 'o' }], 'required Patient.contained[0].resourceType'],
    ['are checked as their type', [{ ...organization, gender: 'male' }], 'structure Patient.contained[0].gender'],
    [
      'contain none themselves',
      [{ ...organization, contained: [{ resourceType: 'Basic', id: 'b', code: { text: 'x' } }] }],
      'structure Patient.contained[0].contained',
    ],
    ['are referred to', [organization, { ...organization, id: 'other' }], 'invalid Patient.contained[1]'],
  ])('%s', (_, contained, expected) => {
    expect(faults({ ...patient, contained })).toContain(expected);
  });

  it('may refer to the one that contains them instead', () => {
    const provenance = {
      resourceType: 'Provenance',
      id: 'v',
      target: [{ reference: '#' }],
      recorded: '2020-01-01T00:00:00Z',
      agent: [{ who: { display: 'x' } }],
    };
    expect(faults({ ...patient, contained: [organization, provenance] })).toEqual([]);
  });

  it('are there when something refers to them', () => {
    expect(faults({ ...patient, contained: undefined })).toEqual(['value Patient.managingOrganization.reference']);
  });

  it('are those of the own resource, not of the bundle around it', () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ resource: { ...patient, contained: undefined } }, { resource: patient }],
    };
    expect(faults(bundle)).toEqual(['value Bundle.entry[0].resource.managingOrganization.reference']);
  });
});

describe('resources in resources', () => {
  it('of a bundle are checked as their type', () => {
    const entry = [
      { resource: patient },
      { resource: { resourceType: 'Patient', gender: 'x' } },
      { resource: { resourceType: 'X' } },
    ];
    expect(faults({ resourceType: 'Bundle', type: 'collection', entry })).toEqual([
      'value Bundle.entry[1].resource.gender',
      'structure Bundle.entry[2].resource.resourceType',
    ]);
  });

  it('of Parameters are checked as their type', () => {
    const parameter = [{ name: 'a', part: [{ name: 'b', resource: { resourceType: 'Observation' } }] }];
    expect(faults({ resourceType: 'Parameters', parameter })).toEqual([
      'required Parameters.parameter[0].part[0].resource.status',
      'required Parameters.parameter[0].part[0].resource.code',
    ]);
  });

  it('may have conditional references and those of a transaction', () => {
    const performer = [
      { reference: 'Organization?identifier=http://example.org|1' },
      { reference: 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520' },
      { reference: 'http://example.org/fhir/Practitioner/1/_history/2' },
    ];
    expect(faults({ ...observation, performer })).toEqual([]);
  });
});
