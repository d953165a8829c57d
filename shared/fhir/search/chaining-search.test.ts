/** Chains, lists, what nothing refers to, and `_filter`, through a service. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../resource/types.ts';
import { openTestService, type TestService } from './testing/test-service.ts';

type Stored = Resource & { id: string };
const resource = (resourceType: string, id: string, more: object) => ({ resourceType, id, ...more }) as Stored;
const patient = (id: string, family: string, more: object = {}) =>
  resource('Patient', id, { name: [{ family }], identifier: [{ system: 'mrn', value: id }], ...more });
const observation = (id: string, subject: string, code: string, value: number, more: object = {}) =>
  resource('Observation', id, {
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code, display: `Code ${code}` }] },
    subject: { reference: subject },
    valueQuantity: { value, system: 'http://unitsofmeasure.org', code: 'kg' },
    effectiveDateTime: `202${value % 10}-01-01`,
    ...more,
  });

let service: TestService;
const find = async (address: string) => (await service.find(`${address}&_count=100`)).sort().join(' ');
const refusal = (address: string) => service.search(address).catch((reason: unknown) => reason);

beforeAll(async () => {
  service = await openTestService();
  await service.put(
    resource('Organization', 'org', { name: 'Seattle Clinic' }),
    resource('Organization', 'lonely', { name: 'Lonely "Clinic", Rome' }),
    resource('Practitioner', 'doc', { name: [{ family: 'Müller' }], identifier: [{ system: 'npi', value: 'doc' }] }),
    patient('smith', 'Smith', {
      managingOrganization: { reference: 'Organization/org' },
      birthDate: '1970-05-01',
      gender: 'male',
    }),
    patient('truman', 'Truman', { generalPractitioner: [{ reference: 'Practitioner/doc' }], gender: 'female' }),
    patient('unseen', 'Adams', { birthDate: '2001' }),
    resource('Group', 'g', { type: 'person', actual: true, identifier: [{ system: 'mrn', value: 'smith' }] }),
    observation('o1', 'Patient/smith', 'a', 71),
    observation('o2', 'Patient/smith', 'b', 82),
    observation('o3', 'Patient/truman', 'a', 63, { performer: [{ reference: 'Practitioner/doc' }] }),
    observation('o4', 'Group/g', 'a', 54, { status: 'amended' }),
    resource('DiagnosticReport', 'r1', {
      status: 'final',
      code: { text: 'r' },
      subject: { reference: 'Patient/smith' },
      result: [{ reference: 'Observation/o1' }],
    }),
    resource('List', 'some', {
      status: 'current',
      mode: 'working',
      entry: [
        { item: { reference: 'Patient/smith' } },
        { item: { reference: 'Patient/truman' }, deleted: true },
        { item: { reference: 'Observation/o2' } },
        { item: { reference: 'Patient/absent' } },
        { item: { reference: 'http://elsewhere/Patient/truman' } },
        { item: { display: 'nobody' } },
      ],
    }),
    resource('List', 'gone', { status: 'current', mode: 'working', entry: [{ item: { reference: 'Patient/smith' } }] }),
  );
  await service.remove('List', 'gone');
});
afterAll(() => service.close());

const finds = (rows: [address: string, ids: string][]) =>
  it.each(rows)('%s finds "%s"', async (address, ids) => {
    expect(await find(address)).toBe(ids);
  });

describe('ChainingSearch: chains and _has, nested in each other', () => {
  finds([
    ['Observation?subject:Patient.name=smith', 'o1 o2'],
    ['Observation?patient.identifier=mrn|smith', 'o1 o2'],
    ['Observation?subject:Patient.organization.name=seattle', 'o1 o2'],
    ['Observation?subject:Patient.general-practitioner:Practitioner.identifier=npi|doc', 'o3'],
    ['DiagnosticReport?result.subject:Patient.organization.name=Seattle', 'r1'],
    ['DiagnosticReport?result.code=a&result.value-quantity=gt70', 'r1'],
    ['Patient?_has:Observation:patient:code=b', 'smith'],
    ['Patient?_has:Observation:subject:code=a', 'smith truman'],
    ['Patient?_has:Observation:patient:performer:Practitioner.family=muller', 'truman'],
    ['Organization?_has:Patient:organization:_has:Observation:patient:code=a', 'org'],
    ['Patient?organization._has:Patient:organization:family=smith', 'smith'],
    ['Patient?_has:Observation:patient:_has:DiagnosticReport:result:_id=r1', 'smith'],
    ['Observation?subject._id=g', 'o4'],
    ['Observation?subject._type=Group', 'o4'],
    ['Observation?subject._list=some', 'o1 o2'],
    ['Observation?patient.name=smith,truman', 'o1 o2 o3'],
    ['Observation?patient.gender:not=male', 'o3'],
    ['Observation?patient.birthdate:missing=true', 'o3'],
    ['Observation?patient._id:not=smith', 'o3'],
  ]);
  it.each(['Observation?subject.identifier=mrn|smith', 'Observation?subject:Practitioner.name=a'])(
    '%s is 403',
    async (address) => {
      expect(await refusal(address)).toMatchObject({ status: 403 });
    },
  );
});

describe('NotReferencedSearch: what nothing refers to', () => {
  finds([
    ['Patient?_not-referenced=*:*', 'unseen'],
    ['Patient?_not-referenced=Observation:*', 'unseen'],
    ['Patient?_not-referenced=DiagnosticReport:*', 'truman unseen'],
    ['Patient?_not-referenced=DiagnosticReport:subject', 'truman unseen'],
    ['Patient?_not-referenced=Observation:performer', 'smith truman unseen'],
    ['Observation?_not-referenced=*:*', 'o3 o4'],
    ['Organization?_not-referenced=*:*&name=lonely', 'lonely'],
    ['?_type=Patient,Organization&_not-referenced=*:*', 'lonely unseen'],
  ]);

  it('a form that it does not have is ignored with a warning', async () => {
    const { entry = [] } = await service.search('Patient?_not-referenced=nonsense&_id=smith');
    expect(entry.map(({ search }) => search.mode)).toEqual(['outcome', 'match']);
  });

  it('a resource is found once what referred to it is deleted', async () => {
    await service.put(patient('brief', 'Brief'), observation('o9', 'Patient/brief', 'z', 1));
    expect(await find('Patient?_not-referenced=*:*&_id=brief')).toBe('');
    await service.remove('Observation', 'o9');
    expect(await find('Patient?_not-referenced=*:*&_id=brief')).toBe('brief');
    await service.remove('Patient', 'brief');
  });
});

describe('BasicSearch: _list', () => {
  finds([
    ['Patient?_list=some', 'smith'],
    ['Observation?_list=some', 'o2'],
    ['?_list=some', 'o2 smith'],
    ['Patient?_list=some&name=truman', ''],
    ['Organization?_list=some', ''],
    ['Patient?_list=absent', ''],
    ['Patient?_list=gone', ''],
  ]);
});

describe('_filter', () => {
  finds([
    ['Patient?_filter=family eq "smith"', 'smith'],
    ['Patient?_filter=family eq smit', ''],
    ['Patient?_filter=family sw smit', 'smith'],
    ['Patient?_filter=family ew MAN', 'truman'],
    ['Patient?_filter=family co "t"', 'smith truman'],
    ['Patient?_filter=family ne smith', 'truman unseen'],
    ['Patient?_filter=gender eq male or family eq adams', 'smith unseen'],
    ['Patient?_filter=gender eq male and family eq adams', ''],
    ['Patient?_filter=family eq adams or gender eq male and family eq truman', 'unseen'],
    ['Patient?_filter=(family eq adams or gender eq male) and family eq truman', ''],
    ['Patient?_filter=not (gender eq male)', 'truman unseen'],
    ['Patient?_filter=not(gender eq male)and not (family eq adams)', 'truman'],
    ['Patient?_filter=gender pr false', 'unseen'],
    ['Patient?_filter=birthdate pr true and birthdate lt 1980', 'smith'],
    ['Patient?_filter=birthdate ge 1970-05-01', 'smith unseen'],
    ['Patient?_filter=birthdate sa 1970-05-01', 'unseen'],
    ['Patient?_filter=birthdate eb 1970-05-02', 'smith'],
    ['Patient?_filter=birthdate po 1970', 'smith'],
    ['Patient?_filter=birthdate ne 2001', 'smith'],
    ['Patient?_filter=identifier eq mrn|smith', 'smith'],
    ['Patient?_filter=gender in http://hl7.org/fhir/ValueSet/administrative-gender', 'smith truman'],
    ['Patient?_filter=gender ni http://hl7.org/fhir/ValueSet/administrative-gender', 'unseen'],
    ['Patient?_filter=_id eq smith or _id eq unseen', 'smith unseen'],
    ['Patient?_filter=_id ne smith', 'truman unseen'],
    ['Patient?_filter=_lastUpdated gt 2020 and _id eq smith', 'smith'],
    ['Patient?_filter=organization.name co "clinic"', 'smith'],
    ['Patient?_filter=organization eq Organization/org', 'smith'],
    ['Patient?_filter=general-practitioner re Practitioner/doc', 'truman'],
    ['Patient?_filter=family eq smith&gender=female', ''],
    ['Observation?_filter=subject:Patient.family eq smith', 'o1 o2'],
    ['Observation?_filter=patient[gender eq male].family sw s', 'o1 o2'],
    ['Observation?_filter=patient[gender eq female or family eq x].family sw s', ''],
    ['Observation?_filter=patient[organization[name sw seattle].name ew clinic].gender eq male', 'o1 o2'],
    ['Observation?_filter=value-quantity gt 70', 'o1 o2'],
    ['Observation?_filter=value-quantity gt 70000|http://unitsofmeasure.org|g', 'o1 o2'],
    ['Observation?_filter=value-quantity eq 63', 'o3'],
    ['Observation?_filter=value-quantity ap 60', 'o3 o4'],
    ['Observation?_filter=code eq http://loinc.org|a and status ne final', 'o4'],
    ['Organization?_filter=name eq "Lonely \\"Clinic\\", Rome"', 'lonely'],
    ['Organization?_filter=name co "c\\"\\u002c"', 'lonely'],
  ]);

  it.each<[filter: string, said: string]>([
    ['family', 'character 7: one of the operators'],
    ['family eq', 'character 10: a value'],
    ['family eq "a', 'character 11: a text with its closing quote'],
    ['family xx a', 'one of the operators'],
    ['family eq a b', "character 13: 'and', 'or' or the end"],
    ['(family eq a', "character 13: a closing ')'"],
    ['family eq a)', 'character 12'],
    ['family eq a and', 'character 16: the name of a search parameter'],
    ['family eq a xor gender eq b', "character 13: 'and', 'or'"],
    ['family eq a or (gender eq b', 'character 28'],
    ['and', 'character 4'],
    ['family eq "\\x"', 'character 11'],
    ['foo eq a', "character 1: 'foo' is not a search parameter"],
    ['gender eq male and foo eq a', "character 20: 'foo'"],
    ['organization.foo eq a', "character 1: 'organization'"],
    ['gender co a', "character 1: 'co' does not go with 'gender'"],
    ['family gt a', "'gt' does not go with 'family'"],
    ['birthdate in a', "'in' does not go"],
    ['birthdate eq x', 'not a date'],
    ['birthdate gt gt2020', 'not a date'],
    ['gender pr maybe', "'pr' takes true or false"],
    ['family:exact eq a', 'a parameter without a modifier'],
    ['organization[name eq a] eq b', "'.' and a parameter behind ']'"],
    ['organization[name eq a.name eq b', 'character'],
    ['_id co a', "'co' does not go with '_id'"],
  ])('%s is 400 and says where', async (filter, said) => {
    const error = (await refusal(`Patient?_filter=${encodeURIComponent(filter)}`)) as {
      issues?: { diagnostics?: string }[];
    };
    expect(error).toMatchObject({ status: 400, code: 'invalid' });
    expect(error.issues?.[0]?.diagnostics).toContain(said);
  });

  it.each<[what: string, filter: string]>([
    ['200 brackets', `${'('.repeat(200)}family eq a${')'.repeat(200)}`],
    ['200 nots', `${'not ('.repeat(200)}family eq a${')'.repeat(200)}`],
    ['50 nested brackets of a chain', `${'link['.repeat(50)}family eq a${'].family eq b'.repeat(50)}`],
    ['11 links', `${'link:Patient.'.repeat(11)}family eq a`],
    [
      '1,001 comparisons',
      Array.from({ length: 1001 }, () => 'id eq a')
        .join(' or ')
        .replaceAll('id', '_id'),
    ],
    ['20,000 characters', `family eq "${'a'.repeat(20_000)}"`],
  ])('%s are too costly', async (_, filter) => {
    const error = await refusal(`Patient?_filter=${encodeURIComponent(filter)}`);
    expect(error).toMatchObject({ status: 400, code: 'too-costly' });
  });

  it('500 comparisons are run', async () => {
    const filter = Array.from({ length: 500 }, (_, at) => `family eq n${at}`).join(' or ');
    expect(await find(`Patient?_filter=${filter} or family eq smith`)).toBe('smith');
  });
});
