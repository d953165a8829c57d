/** Tokens, references and uris with their modifiers, through a service. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../resource/types.ts';
import type { Terminology } from '../terminology/terminology.ts';
import { openTestService, type TestService, testBase } from './testing/test-service.ts';

const SNOMED = 'http://snomed.info/sct';
const MRN = 'http://hospital.example/mrn';
const ID_TYPE = 'http://terminology.hl7.org/CodeSystem/v2-0203';

/** Two value sets and one hierarchy: heart disease 1 > infarction 2 > acute infarction 3. */
const above: Readonly<Record<string, string[]>> = { 1: ['1'], 2: ['2', '1'], 3: ['3', '2', '1'] };
const terminology: Terminology = {
  valueSet: async (canonical) => {
    const [url = ''] = canonical.split('|');
    const heart = ['2', '3'].map((code) => ({ system: SNOMED, code }));
    const many = Array.from({ length: 20_001 }, (_, code) => ({ system: SNOMED, code: `m${code}` }));
    const lists = new Map([
      ['http://vs/heart', heart],
      ['http://vs/mixed', [...heart, { system: 'http://local', code: 'x' }]],
      ['http://vs/full', many.slice(0, 20_000)],
      ['http://vs/many', many],
      ['http://vs/infinite', undefined],
      ['http://vs/empty', []],
    ]);
    return lists.has(url) ? { url, has: () => undefined, list: () => lists.get(url) } : undefined;
  },
  codeSystem: async (url) =>
    url !== SNOMED
      ? undefined
      : {
          url,
          complete: false,
          caseSensitive: true,
          has: () => undefined,
          concept: () => undefined,
          ancestors: (code) => above[code] ?? [],
          descendants: (code) =>
            code in above ? Object.keys(above).filter((each) => above[each]?.includes(code)) : [],
        },
};

const condition = (id: string, system: string, ...codes: string[]): Resource & { id: string } => ({
  resourceType: 'Condition',
  id,
  code: { coding: codes.map((code) => ({ system, code })) },
  subject: { reference: `Patient/${id}` },
});
const identified = (id: string, identifier: object[], more: object = {}): Resource & { id: string } =>
  ({ resourceType: 'Patient', id, identifier, ...more }) as Resource & { id: string };
const typed = (code: string, value: string, system = ID_TYPE) => ({
  system: MRN,
  value,
  type: { coding: [{ system, code }], text: `${code} number` },
});

let service: TestService;
const find = async (address: string) => (await service.find(address)).sort().join(' ');
const refusal = async (address: string) => {
  const error = await service.search(address).catch((reason: unknown) => reason);
  return error as { status?: number; code?: string };
};

beforeAll(async () => {
  service = await openTestService({}, terminology);
  await service.put(
    condition('heart', SNOMED, '1'),
    condition('infarction', SNOMED, '2'),
    condition('acute', SNOMED, '3', '9'),
    condition('local', 'http://local', 'x'),
    condition('elsewhere', 'http://local', '2'),
    { resourceType: 'Condition', id: 'uncoded', subject: { reference: 'Patient/uncoded' } },
    identified('heart', [typed('MR', '446053')], { name: [{ family: 'Heart' }] }),
    identified('infarction', [typed('SS', '446053'), typed('MR', '12')]),
    identified('acute', [{ value: '446053' }, typed('MR', '7|8', 'http://other')]),
    { resourceType: 'ValueSet', id: 'own', url: 'http://vs/heart', status: 'active' },
    { resourceType: 'ValueSet', id: 'nameless', status: 'active' },
    {
      resourceType: 'Observation',
      id: 'literal',
      status: 'final',
      code: { text: 'a' },
      subject: { reference: 'Patient/heart', identifier: { system: MRN, value: '1' } },
    },
    {
      resourceType: 'Observation',
      id: 'logical',
      status: 'final',
      code: { text: 'b' },
      subject: { type: 'Patient', identifier: { system: MRN, value: '2' }, display: 'Ann' },
      performer: [{ type: 'Organization', identifier: { value: 'org' } }],
    },
    {
      resourceType: 'Observation',
      id: 'group',
      status: 'final',
      code: { text: 'c' },
      subject: { type: 'Group', identifier: { system: MRN, value: '2' } },
    },
  );
});
afterAll(() => service.close());

describe('TokenSearch: by value set and hierarchy', () => {
  it.each([
    ['Condition?code:in=http://vs/heart', 'acute infarction'],
    ['Condition?code:in=http://vs/mixed', 'acute infarction local'],
    ['Condition?code:in=http://vs/heart|1.0', 'acute infarction'],
    ['Condition?code:in=ValueSet/own', 'acute infarction'],
    [`Condition?code:in=${testBase}/ValueSet/own`, 'acute infarction'],
    ['Condition?code:in=http://vs/empty', ''],
    ['Condition?code:in=http://vs/empty,http://vs/heart', 'acute infarction'],
    ['Condition?code:in=http://vs/full', ''],
    ['Condition?code:not-in=http://vs/heart', 'elsewhere heart local uncoded'],
    ['Condition?code:not-in=http://vs/heart,http://vs/mixed', 'elsewhere heart uncoded'],
    ['Condition?code:in=http://vs/heart&code:below=http://snomed.info/sct|3', 'acute'],
    ['Condition?code:below=http://snomed.info/sct|2', 'acute infarction'],
    ['Condition?code:below=http://snomed.info/sct|1', 'acute heart infarction'],
    ['Condition?code:above=http://snomed.info/sct|2', 'heart infarction'],
    ['Condition?code:below=http://snomed.info/sct|9', 'acute'],
    ['Condition?code:below=http://snomed.info/sct|1,http://snomed.info/sct|9', 'acute heart infarction'],
    ['Patient?_has:Condition:subject:code:in=http://vs/heart', 'acute infarction'],
    ['Patient?_has:Condition:patient:code:below=http://snomed.info/sct|3', 'acute'],
    ['?_type=Condition,Observation&code:in=http://vs/heart', 'acute infarction'],
  ])('%s finds "%s"', async (address, ids) => {
    expect(await find(address)).toBe(ids);
  });

  it.each<[address: string, code: string]>([
    ['Condition?code:in=http://vs/unknown', 'invalid'],
    ['Condition?code:in=ValueSet/absent', 'invalid'],
    ['Condition?code:in=ValueSet/nameless', 'invalid'],
    ['Condition?code:in=http://vs/infinite', 'too-costly'],
    ['Condition?code:in=http://vs/many', 'too-costly'],
    ['Condition?code:in=http://vs/full&code:in=http://vs/heart', 'too-costly'],
    [`Condition?code:in=${Array.from({ length: 21 }, (_, n) => `http://vs/${n}`).join(',')}`, 'too-costly'],
    ['Condition?code:below=http://loinc.org|1', 'invalid'],
  ])('%s is 400 %s, whatever the handling', async (address, code) => {
    expect(await refusal(address)).toMatchObject({ status: 400, code });
  });
});

describe('TokenSearch: identifiers by their type', () => {
  it.each([
    [`Patient?identifier:of-type=${ID_TYPE}|MR|446053`, 'heart'],
    [`Patient?identifier:of-type=${ID_TYPE}|SS|446053`, 'infarction'],
    [`Patient?identifier:of-type=${ID_TYPE}|MR|12,${ID_TYPE}|MR|446053`, 'heart infarction'],
    ['Patient?identifier:of-type=http://other|MR|7%5C|8', 'acute'],
    [`Patient?identifier:of-type=${ID_TYPE}|mr|446053`, ''],
    ['Patient?identifier:of-type=|MR|446053', ''],
    ['Patient?identifier=446053', 'acute heart infarction'],
    ['Patient?identifier:text=ss', 'infarction'],
    [`Condition?subject:Patient.identifier:of-type=${ID_TYPE}|MR|446053`, 'heart'],
  ])('%s finds "%s"', async (address, ids) => {
    expect(await find(address)).toBe(ids);
  });

  it('an identifier that a new version no longer has is not found', async () => {
    await service.put(identified('changing', [typed('MR', 'old')]));
    await service.put(identified('changing', [typed('MR', 'new')]));
    expect(await find(`Patient?identifier:of-type=${ID_TYPE}|MR|old`)).toBe('');
    expect(await find(`Patient?identifier:of-type=${ID_TYPE}|MR|new`)).toBe('changing');
    await service.remove('Patient', 'changing');
    expect(await find(`Patient?identifier:of-type=${ID_TYPE}|MR|new`)).toBe('');
  });
});

describe('ReferenceSearch: by the identifier of a reference', () => {
  it.each([
    [`Observation?subject:identifier=${MRN}|1`, 'literal'],
    [`Observation?subject:identifier=${MRN}|2`, 'group logical'],
    [`Observation?patient:identifier=${MRN}|2`, 'logical'],
    ['Observation?patient:identifier=1', 'literal'],
    [`Observation?subject:identifier=${MRN}|`, 'group literal logical'],
    ['Observation?performer:identifier=|org', 'logical'],
    ['Observation?subject=Patient/heart', 'literal'],
    ['Observation?subject:Patient=heart', 'literal'],
    ['Observation?subject:missing=true&_id=logical,literal', 'logical'],
    ['Observation?subject:identifier=1,2', 'group literal logical'],
  ])('%s finds "%s"', async (address, ids) => {
    expect(await find(address)).toBe(ids);
  });
});

describe('NotExpression: not', () => {
  it.each([
    ['Condition?code:not=http://snomed.info/sct|1', 'acute elsewhere infarction local uncoded'],
    ['Condition?code:not=http://snomed.info/sct|1,x', 'acute elsewhere infarction uncoded'],
    ['Condition?code:not=http://snomed.info/sct|1&code:missing=false', 'acute elsewhere infarction local'],
    ['Condition?code:not=3&code:not=http://local|x&_id:not=uncoded', 'elsewhere heart infarction'],
    ['Condition?_id:not=uncoded,heart,local', 'acute elsewhere infarction'],
    ['Condition?_tag:not=x&_id=heart', 'heart'],
    ['?_type:not=Condition&_type=Condition,Observation', 'group literal logical'],
  ])('%s finds "%s"', async (address, ids) => {
    expect(await find(address)).toBe(ids);
  });
});

describe('TokenOverflow: long codes and identifiers', () => {
  const long = (last: string) => `${'x'.repeat(300)}${last}`;
  beforeAll(() =>
    service.put(
      identified('long-a', [typed('MR', long('a'))]),
      identified('long-b', [typed('MR', long('b')), { system: 's', value: `${long('a')}b` }]),
    ),
  );

  it.each([
    [`Patient?identifier=${long('a')}`, 'long-a'],
    [`Patient?identifier=${MRN}|${long('b')}`, 'long-b'],
    [`Patient?identifier=${MRN}|${long('')}`, ''],
    [`Patient?identifier=${long('a')},${long('b')}`, 'long-a long-b'],
    [`Patient?identifier:of-type=${ID_TYPE}|MR|${long('b')}`, 'long-b'],
  ])('%# finds "%s"', async (address, ids) => {
    expect(await find(address)).toBe(ids);
  });
});

describe('EscapeCharactersSearch: separators as characters of a value', () => {
  beforeAll(() =>
    service.put(
      identified('comma', [{ system: 'http://e', value: 'a,b' }]),
      identified('pipe', [{ system: 'http://e', value: 'a|b' }]),
      identified('dollar', [{ system: 'http://e', value: 'a$b' }]),
      identified('backslash', [{ system: 'http://e', value: 'a\\b' }]),
    ),
  );

  it.each([
    ['http://e|a%5C,b', 'comma'],
    ['http://e|a%5C|b', 'pipe'],
    ['http://e|a%5C$b', 'dollar'],
    ['http://e|a%5C%5Cb', 'backslash'],
    ['http://e|a%5C,b,http://e|a%5C|b', 'comma pipe'],
  ])('identifier=%s finds "%s"', async (value, ids) => {
    expect(await find(`Patient?identifier=${value}`)).toBe(ids);
  });
});

describe('IdSearch: ids', () => {
  it.each([
    ['Condition?_id=heart,local,absent', 'heart local'],
    ['Condition?_id=HEART', ''],
    ['?_id=heart', 'heart heart'],
    ['?_id=heart&_type=Patient', 'heart'],
  ])('%s finds "%s"', async (address, ids) => {
    expect(await find(address)).toBe(ids);
  });
});

describe('CanonicalSearch, UriSearch: profiles by their bare url', () => {
  const profiled = (id: string, ...profile: string[]) =>
    ({ resourceType: 'Basic', id, code: { text: id }, meta: { profile } }) as unknown as Resource & { id: string };
  beforeAll(() =>
    service.put(
      profiled('bare', 'http://p/a'),
      profiled('versioned', 'http://p/a|2'),
      profiled('fragment', 'http://p/a|1#f'),
      profiled('child', 'http://p/a/b'),
      profiled('urn', 'urn:oid:1.2'),
    ),
  );

  it.each([
    ['_profile=http://p/a', 'bare fragment versioned'],
    ['_profile=http://p/a|2', ''],
    ['_profile=http://p/a|1%23f', ''],
    ['_profile=http://P/a', ''],
    ['_profile:below=http://p/a', 'bare child fragment versioned'],
    ['_profile:above=http://p/a/b/c', 'bare child fragment versioned'],
    ['_profile=urn:oid:1.2', 'urn'],
    ['_profile:below=urn:oid', ''],
    ['_profile:missing=true', ''],
  ])('%s finds "%s"', async (query, ids) => {
    expect(await find(`Basic?${query}`)).toBe(ids);
  });
});
