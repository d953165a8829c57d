/** What a search ignores, what it refuses and with which status, and how much of it is too much. */
import { describe, expect, it } from 'vitest';
import { errorOf, parse, where } from './testing/parsed-address.ts';
import { starts, token } from './testing/tree.ts';

describe('what is not supported', () => {
  it.each([
    'foo=1',
    'constructor=1',
    '__proto__=1',
    'name=',
    'name=,',
    '_text=a',
    '_content=a',
    '_query=a',
    '_list=$current-problems',
    '_list=a/b',
    '_not-referenced=x',
    '_not-referenced=*:subject',
    '_not-referenced=Nonsense:*',
    '_not-referenced=Observation:code',
    '_not-referenced=Observation:subject:x',
    'name:exact=',
    'organization.foo=1',
    'link.foo=1',
    '_has:Observation:foo:code=1',
    '_has:Observation:patient:foo=1',
    '_include=Patient:foo',
    '_sort=foo',
    '_sort=name,foo',
    '_sort=constructor',
    '_sort=',
  ])('is ignored with a warning, or refused when handling is strict: %s', (query) => {
    const { issues, accepted, query: tree } = parse(`Patient?${query}&active=true`);
    expect(tree).toEqual({ types: ['Patient'], where: token('Patient.active', { code: 'true' }), sort: [] });
    expect(accepted).toEqual([['active', 'true']]);
    expect(issues).toMatchObject([{ severity: 'warning', code: 'not-supported' }]);
    const error = errorOf(() => parse(`Patient?${query}`, true));
    expect(error).toMatchObject({ status: 400, issues: [{ severity: 'error', code: 'not-supported' }] });
  });

  it('is listed whole when handling is strict', () => {
    expect(errorOf(() => parse('Patient?foo=1&bar=2', true)).issues).toHaveLength(2);
  });

  it('near of anything but a location', () => {
    expect(parse('Patient?near=1|2').issues).toHaveLength(1);
  });
});

describe('what must be looked up is 403 where a search cannot wait for it', () => {
  it.each([
    'Patient?gender:in=http://vs',
    'Patient?gender:not-in=http://vs',
    'Patient?gender:below=a|b',
    'Patient?_list=1',
    'Patient?_filter=gender in http://vs',
  ])('%s', (address) => {
    expect(errorOf(() => parse(address))).toMatchObject({ status: 403, code: 'search-not-supported' });
  });
});

describe('operations that AHDS does not offer are 403, whatever the handling', () => {
  it.each([
    'Patient?name:text=a',
    'Patient?name:foo=a',
    'Patient?name:=a',
    'Patient?name:exact:contains=a',
    'Patient?name:in=http://vs',
    'Patient?birthdate:below=2020',
    'Patient?birthdate:of-type=a|b|c',
    'Patient?organization:text=a',
    'Patient?organization:not=a',
    'Patient?organization:in=a',
    'Patient?birthdate:identifier=a',
    'Patient?_list:not=1',
    'Patient?_not-referenced:not=*:*',
    'Location?near:not=1|2',
    'Location?near:missing=maybe',
    'Patient?birthdate:exact=2020',
    'Patient?birthdate:not=2020',
    'Patient?organization:above=a',
    'Patient?organization:contains=a',
    'Patient?organization:Patient=a',
    'Patient?organization:Nonsense=a',
    'Observation?subject:Patient=Group/1',
    'Observation?code-value-quantity:exact=a$1',
    'Observation?code-value-quantity:missing=maybe',
    'Observation?value-quantity:exact=1',
    'Patient?_profile:exact=a',
    'Patient?_id:exact=a',
    'Patient?_lastUpdated:not=2020',
    'Patient?_type:missing=true',
    'Patient?name:missing=yes',
    'Patient?name:missing=TRUE',
    'Patient?_id:missing=1',
    'Patient?birthdate=gt2020,2021',
    'Patient?birthdate=2020,lt2021',
    'Patient?_lastUpdated=ge2020,ge2021',
    'RiskAssessment?probability=gt1,gt2',
    'Observation?subject.name=a',
    'Observation?subject.identifier=a',
    'Patient?name.family=a',
    'Observation?subject:Practitioner.name=a',
    'Observation?subject:nonsense.name=a',
    'Patient?_has:Observation=a',
    'Patient?_has:Observation:patient=a',
    'Patient?_has:Observation:patient:=a',
    'Patient?_has:Observation:code:code=a',
    'Organization?_has:Observation:patient:code=a',
    '?_include=Observation:subject',
  ])('%s', (address) => {
    expect(errorOf(() => parse(address))).toMatchObject({ status: 403, code: 'search-not-supported' });
    expect(errorOf(() => parse(address, true)).status).toBe(403);
  });
});

describe('bad values are 400', () => {
  it.each([
    'Patient?birthdate=x',
    'Patient?birthdate=2020-02-30',
    'Patient?birthdate=2020-13',
    'Patient?birthdate=2020-01-01T10',
    'Patient?birthdate=gtx',
    'Patient?birthdate=xx2020',
    'Patient?_lastUpdated=yesterday',
    'RiskAssessment?probability=x',
    'RiskAssessment?probability=1e999',
    'RiskAssessment?probability=gt',
    'Observation?value-quantity=x|u|c',
    'Observation?value-quantity=1|u|c|d',
    'Observation?value-quantity=|u|c',
    'Patient?identifier=a|b|c',
    'Patient?identifier:of-type=a|b',
    'Patient?identifier:of-type=a|b|',
    'Patient?identifier:of-type=a|b|c|d',
    'Patient?gender:above=a',
    'Patient?gender:below=|a',
    'Patient?gender:below=a|b|c',
    'Patient?organization:identifier=a|b|c',
    'Location?near=1',
    'Location?near=91|0',
    'Location?near=0|181',
    'Location?near=0|0|-1',
    'Location?near=0|0|1|kg',
    'Location?near=0|0|1|km|x',
    'Location?near=0|0|1|Cel',
    'Location?near=NaN|0',
    'Location?near=1e1|0',
    'Patient?identifier=|',
    'Patient?name=%20',
    'Patient?name=%CC%81',
    'Observation?code:text=%20',
    'Observation?code-value-quantity=a',
    'Observation?code-value-quantity=a$',
    'Observation?code-value-quantity=a$1$2',
    'Observation?code-value-quantity=a$x',
    'Patient?_count=-1',
    'Patient?_count=x',
    'Patient?_count=',
    'Patient?_count=1.5',
    'Patient?_count=1&_count=2',
    'Patient?_includesCount=0',
    'Patient?_total=x',
    'Patient?_include=Patient:name',
    'Patient?_include=Patient:organization:',
    'Patient?_include=Patient:organization:%20%20',
    'Patient?_revinclude=Observation:subject:',
    'Practitioner?_revinclude:iterate=Patient:general-practitioner',
    'Patient?_summary=x',
    'Patient?_elements=',
    'Patient?_elements=,',
    'Patient?_elements=name&_summary=true',
    'Patient?_sort=name&_sort=family',
    'Patient?_include=',
    'Patient?_include=Patient',
    'Patient?_include=Patient:organization:Organization:x',
    'Patient?_include=Nonsense:x',
    'Patient?_include=Patient:organization:Nonsense',
    'Patient?_include=Patient:organization:',
    'Patient?_revinclude=Nonsense:x',
    'Patient?_has:Nonsense:patient:code=a',
    '?_type=',
    '?name=a',
    '?_type=Patient,Observation&name=a',
    '?_type=Patient,Practitioner&active=true',
  ])('%s', (address) => {
    expect(errorOf(() => parse(address)).status).toBe(400);
  });
});

describe('a search is bounded', () => {
  const list = (length: number) => Array.from({ length }, (_, index) => `v${index}`).join(',');

  it('500 values of one parameter are taken', () => {
    expect(where(`Patient?identifier=${list(500)}`)).toMatchObject({ kind: 'or', of: { length: 500 } });
  });

  it.each<[what: string, address: string]>([
    ['501 values of one parameter', `Patient?identifier=${list(501)}`],
    ['501 ids', `Patient?_id=${list(501)}`],
    ['a million separators', `Patient?_id=a${','.repeat(1_000_000)}b`.replace(/,/g, ',x,')],
    [
      'many values in several parameters',
      `Patient?${'abcdef'.replace(/./g, (letter) => `identifier=${letter},${list(300)}&`)}`,
    ],
    ['101 parameters', `Patient?${Array.from({ length: 101 }, (_, index) => `name=${index}&`).join('')}`],
    ['chains of 11 links', `Patient?${'link:Patient.'.repeat(11)}name=a`],
    ['200 nested _has', `Patient?${'_has:Patient:link:'.repeat(200)}name=a`],
    ['values that many types multiply', `?_type=Condition,Procedure,Goal,Flag,List&patient=${list(400)}`],
  ])('%s are too costly', (_, address) => {
    expect(errorOf(() => parse(address))).toMatchObject({ status: 400, code: 'too-costly' });
  });

  it('a very long value is one value', () => {
    const long = 'x'.repeat(1_000_000);
    expect(where(`Patient?name=${long}`)).toEqual(starts('Patient.name', long));
  });

  it('a million escapes take no time', () => {
    const started = performance.now();
    where(`Patient?identifier=${'%5C%5C'.repeat(500_000)}|${'%5C|'.repeat(500_000)}`);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it('a chain through references to any type does not branch', () => {
    const started = performance.now();
    expect(errorOf(() => parse(`Provenance?target.${'item.'.repeat(8)}_id=x`)).status).toBeLessThan(500);
    expect(performance.now() - started).toBeLessThan(500);
  });
});
