/** What searches find, as tables over a real store: each rule of the parameter types, AHDS's where it differs from FHIR. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Resource } from '../resource/types.ts';
import { openTestService, type TestService } from './test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await openTestService();
});
afterAll(() => service.close());

/** Stores resources of one type, then runs rows of query → ids found. */
function table(
  type: string,
  resources: Readonly<Record<string, object>>,
  rows: readonly [query: string, ids: string][],
): void {
  beforeAll(() =>
    service.put(
      ...Object.entries(resources).map(
        ([id, body]) => ({ resourceType: type, id, ...body }) as Resource & { id: string },
      ),
    ),
  );
  it.each(rows)('%s finds "%s"', async (query, ids) => {
    const found = await service.find(`${type}?${query.replaceAll('+', '%2B')}`);
    expect(found.sort().join(' ')).toBe(ids);
  });
}

describe('date', () => {
  const at = (dateTime: string) => ({ status: 'final', effectiveDateTime: dateTime });
  table(
    'Observation',
    {
      y1979: at('1979'),
      y1980: at('1980'),
      m05: at('1980-05'),
      d11: at('1980-05-11'),
      d12: at('1980-05-12'),
      t1632: at('1980-05-11T16:32:15'),
      t163215: at('1980-05-11T16:32:15.500'),
      t1632z2: at('1980-05-11T18:32:30+02:00'),
      t1633: at('1980-05-11T16:33:00Z'),
      from: { effectivePeriod: { start: '1980-05-16' } },
      till: { effectivePeriod: { end: '1979-12-31' } },
      both: { effectivePeriod: { start: '1980-05-10', end: '1980-05-11' } },
      none: {},
    },
    [
      ['date=1980', 'both d11 d12 from m05 t1632 t163215 t1632z2 t1633 y1980'],
      ['date=1979', 'till y1979'],
      ['date=1980-05', 'both d11 d12 from m05 t1632 t163215 t1632z2 t1633 y1980'],
      ['date=1980-04', 'y1980'],
      ['date=1980-05-11', 'both d11 m05 t1632 t163215 t1632z2 t1633 y1980'],
      ['date=1980-05-10', 'both m05 y1980'],
      ['date=1980-05-12', 'd12 m05 y1980'],
      ['date=1980-05-11T16:32', 'both d11 m05 t1632 t163215 t1632z2 y1980'],
      ['date=1980-05-11T16:32:15', 'both d11 m05 t1632 t163215 y1980'],
      ['date=1980-05-11T16:32:15.500', 'both d11 m05 t1632 t163215 y1980'],
      ['date=1980-05-11T16:32:15.501', 'both d11 m05 t1632 y1980'],
      ['date=1980-05-11T16:32:30Z', 'both d11 m05 t1632z2 y1980'],
      ['date=1980-05-11T18:32:30+02:00', 'both d11 m05 t1632z2 y1980'],
      ['date=1981', 'from'],
      ['date=1900', 'till'],
      ['date=1979,1981', 'from till y1979'],
      ['date=ne1980', 'from till y1979'],
      ['date=ne1980-05', 'from till y1979 y1980'],
      ['date=ne1980-05-11', 'both d12 from m05 till y1979 y1980'],
      ['date=lt1980', 'till y1979'],
      ['date=lt1980-05', 'till y1979 y1980'],
      ['date=lt1980-05-11', 'both m05 till y1979 y1980'],
      ['date=lt1980-05-11T16:32:15', 'both d11 m05 till y1979 y1980'],
      ['date=gt1980', 'from'],
      ['date=gt1980-05', 'from y1980'],
      ['date=gt1980-05-11', 'd12 from m05 y1980'],
      ['date=gt1980-05-11T16:32', 'both d11 d12 from m05 t1633 y1980'],
      ['date=ge1980-05-12', 'd12 from m05 y1980'],
      ['date=ge1980-05-11T16:33', 'both d11 d12 from m05 t1633 y1980'],
      ['date=ge1981', 'from'],
      ['date=le1979', 'till y1979'],
      ['date=le1980-05-10', 'both m05 till y1979 y1980'],
      ['date=le1980-05-11T16:32', 'both d11 m05 t1632 t163215 t1632z2 till y1979 y1980'],
      ['date=sa1979', 'both d11 d12 from m05 t1632 t163215 t1632z2 t1633 y1980'],
      ['date=sa1980-05-11', 'd12 from'],
      ['date=sa1980-04', 'both d11 d12 from m05 t1632 t163215 t1632z2 t1633'],
      ['date=eb1980', 'till y1979'],
      ['date=eb1980-05-12', 'both d11 t1632 t163215 t1632z2 t1633 till y1979'],
      ['date=eb1980-05-11T16:32:30', 't1632 t163215 till y1979'],
      ['date=ge1980-05-11&date=lt1980-05-12', 'both d11 m05 t1632 t163215 t1632z2 t1633 y1980'],
      ['date=ap1700', 'till'],
      ['date:missing=true', 'none'],
      ['date:missing=true&date=1980', ''],
    ],
  );
});

describe('number', () => {
  const likely = (probabilityDecimal: number) => ({ prediction: [{ probabilityDecimal }] });
  table(
    'RiskAssessment',
    {
      n4: likely(4),
      n449: likely(4.49),
      n45: likely(4.5),
      n451: likely(4.51),
      n5: likely(5),
      n54: likely(5.4),
      n55: likely(5.5),
      n6: likely(6),
      minus: likely(-5),
      big: likely(123456789.123),
      none: { prediction: [{ qualitativeRisk: { text: 'low' } }] },
    },
    [
      ['probability=5', 'n45 n451 n5 n54 n55'],
      ['probability=5.0', 'n5'],
      ['probability=5.4', 'n54'],
      ['probability=5.40', 'n54'],
      ['probability=4.5', 'n449 n45 n451'],
      ['probability=4.50', 'n45'],
      ['probability=-5', 'minus'],
      ['probability=5e0', 'n45 n451 n5 n54 n55'],
      ['probability=54e-1', 'n54'],
      ['probability=123456789.123', 'big'],
      ['probability=ne5', 'big minus n4 n449 n6'],
      ['probability=ne5.0', 'big minus n4 n449 n45 n451 n54 n55 n6'],
      ['probability=gt5', 'big n54 n55 n6'],
      ['probability=gt5.4', 'big n55 n6'],
      ['probability=ge5', 'big n5 n54 n55 n6'],
      ['probability=lt4.5', 'minus n4 n449'],
      ['probability=le4.5', 'minus n4 n449 n45'],
      ['probability=sa5.5', 'big n6'],
      ['probability=eb4', 'minus'],
      ['probability=ap5', 'n4 n449 n45 n451 n5 n54 n55 n6'],
      ['probability=ap5.00', 'n45 n451 n5 n54 n55'],
      ['probability=4,6', 'n4 n449 n45 n55 n6'],
      ['probability=gt4&probability=lt5', 'n449 n45 n451'],
      ['probability:missing=true', 'none'],
      ['probability=1e300', ''],
    ],
  );
});

describe('quantity', () => {
  const measured = (value: number, code?: string, system?: string, unit = 'unit') => ({
    status: 'final',
    valueQuantity: { value, unit, ...(code && { code }), ...(system && { system }) },
  });
  const ucum = 'http://unitsofmeasure.org';
  table(
    'Observation',
    {
      'q-bare': measured(0.002),
      'q-code': measured(1, 'mg'),
      'q-ucum': measured(5.12, 'mg', ucum),
      'q-other': measured(5.1249, 'mg', 'http://other'),
      'q-kg': measured(850, 'kg', ucum),
      'q-unit': measured(5.12, undefined, undefined, 'mg'),
      'q-none': { status: 'final', valueQuantity: { unit: 'mg' } },
    },
    [
      ['value-quantity=5.12', 'q-other q-ucum q-unit'],
      ['value-quantity=5.120', 'q-ucum q-unit'],
      ['value-quantity=5', 'q-other q-ucum q-unit'],
      [`value-quantity=5.12|${ucum}|mg`, 'q-ucum'],
      [`value-quantity=5.12|${ucum}|`, 'q-ucum'],
      [`value-quantity=5.12|${ucum}|MG`, ''],
      [`value-quantity=0.00512|${ucum}|g`, ''],
      ['value-quantity=5.12||mg', 'q-other q-ucum'],
      ['value-quantity=5.12||', 'q-other q-ucum q-unit'],
      [`value-quantity=gt1|${ucum}|mg`, 'q-ucum'],
      ['value-quantity=gt1||mg', 'q-other q-ucum'],
      ['value-quantity=ge1||mg', 'q-code q-other q-ucum'],
      ['value-quantity=lt1', 'q-bare'],
      ['value-quantity=le1', 'q-bare q-code'],
      ['value-quantity=ne5.12', 'q-bare q-code q-kg'],
      ['value-quantity=ne5.120||mg', 'q-code q-other'],
      ['value-quantity=sa5.12', 'q-kg q-other'],
      ['value-quantity=eb1', 'q-bare'],
      ['value-quantity=ap1000', ''],
      ['value-quantity=ap900', 'q-kg'],
      ['value-quantity=850,1', 'q-code q-kg'],
      [`value-quantity=8.5e2|${ucum}|kg`, 'q-kg'],
      ['value-quantity:missing=true&_id=q-none,q-kg', 'q-none'],
    ],
  );
});

describe('string', () => {
  table(
    'Patient',
    {
      smith: { name: [{ family: 'Smith', given: ['Anna', 'Bea'] }], address: [{ city: 'Seattle' }] },
      smithe: { name: [{ family: 'Smithe' }], address: [{ city: 'SEATTLE' }] },
      uml: { name: [{ family: 'Müller', text: 'Herr Müller' }], address: [{ city: 'Ang\u0301strom' }] },
      comma: { name: [{ family: 'a,b$c|d\\e' }] },
      percent: { name: [{ family: '100%_x[y]' }] },
      quote: { name: [{ family: `O'Neil "x"; DROP TABLE resource;--` }] },
      cjk: { name: [{ family: '山田', given: ['太郎'] }] },
      emoji: { name: [{ family: '😀 face' }] },
      long: { name: [{ family: `${'x'.repeat(1000)}END` }] },
      nameless: { active: true },
    },
    [
      ['family=smith', 'smith smithe'],
      ['family=SMI', 'smith smithe'],
      ['family=mith', ''],
      ['family:exact=Smith', 'smith'],
      ['family:exact=smith', ''],
      ['family:exact=Smi', ''],
      ['family:contains=MITH', 'smith smithe'],
      ['family:contains=ithe', 'smithe'],
      ['family=muller', 'uml'],
      ['family=Müll', 'uml'],
      ['family=MU\u0308LL', 'uml'],
      ['family:exact=Müller', 'uml'],
      ['family:exact=Muller', ''],
      ['family:contains=ülle', 'uml'],
      ['address-city=ángst', 'uml'],
      ['name=herr', 'uml'],
      ['name=bea', 'smith'],
      ['given=anna&given=bea', 'smith'],
      ['given=anna&family=smithe', ''],
      ['family=smithe,m%C3%BCller', 'smithe uml'],
      ['family=a%5C,b%5C$c%5C|d%5C%5Ce', 'comma'],
      ['family:exact=a%5C,b%5C$c%5C|d%5C%5Ce', 'comma'],
      ['family=a,b', 'comma'],
      ['family=100%25_', 'percent'],
      ['family=%25', ''],
      ['family=_', ''],
      ['family:contains=%25', 'percent'],
      ['family:contains=[y]', 'percent'],
      ['family:contains=*', ''],
      ["family=o'neil", 'quote'],
      ['family:contains="x"; drop', 'quote'],
      ["family=' OR '1'='1", ''],
      ['family=山', 'cjk'],
      ['name=太郎', 'cjk'],
      ['family=😀', 'emoji'],
      ['family:contains=face', 'emoji'],
      [`family=${'x'.repeat(1000)}`, 'long'],
      [`family=${'x'.repeat(1001)}`, ''],
      ['family:contains=end', 'long'],
      [`family:exact=${'x'.repeat(1000)}END`, 'long'],
      ['family=%00', ''],
      ['family=smith%00', ''],
      ['name:missing=true', 'nameless'],
      ['name:missing=false&active=true', ''],
      ['address-city=seattle', 'smith smithe'],
    ],
  );
});

describe('token', () => {
  table(
    'Condition',
    {
      a1: { code: { coding: [{ system: 'http://s', code: 'A', display: 'Alpha one' }] } },
      a2: { code: { coding: [{ code: 'A' }], text: 'Beta' } },
      lower: { code: { coding: [{ system: 'http://s', code: 'a' }] } },
      other: {
        code: {
          coding: [
            { system: 'http://t', code: 'A' },
            { system: 'http://s', code: 'B' },
          ],
        },
      },
      text: { code: { text: 'Älpha only' } },
      escaped: { code: { coding: [{ system: 'x|y', code: 'p,q' }] } },
      long: { code: { coding: [{ system: 'http://s', code: `${'c'.repeat(300)}1` }] } },
      bare: { recordedDate: '2020' },
    },
    [
      ['code=A', 'a1 a2 other'],
      ['code=a', 'lower'],
      ['code=http://s|A', 'a1'],
      ['code=HTTP://S|A', ''],
      ['code=http://s|a', 'lower'],
      ['code=|A', 'a2'],
      ['code=http://t|', 'other'],
      ['code=http://s|', 'a1 long lower other'],
      ['code=http://t|B', ''],
      ['code=A,B', 'a1 a2 other'],
      ['code=A&code=B', 'other'],
      ['code=x%5C|y|p%5C,q', 'escaped'],
      ['code:not=A', 'bare escaped long lower text'],
      ['code:not=http://s|A', 'a2 bare escaped long lower other text'],
      ['code:not=A,a', 'bare escaped long text'],
      ['code:text=alpha', 'a1 text'],
      ['code:text=ALPHA ONE', 'a1'],
      ['code:text=one', ''],
      ['code:text=beta', 'a2'],
      [`code=${'c'.repeat(300)}1`, 'long'],
      [`code=${'c'.repeat(300)}`, ''],
      [`code=http://s|${'c'.repeat(300)}1`, 'long'],
      ['code:missing=true', 'bare'],
      ["code=A' OR 1=1 --", ''],
      [`code=${Array.from({ length: 499 }, (_, index) => `none${index}`).join(',')},B`, 'other'],
    ],
  );
});

describe('boolean and code tokens', () => {
  table(
    'Practitioner',
    {
      on: { active: true, gender: 'male', telecom: [{ system: 'phone', use: 'work', value: '555-1' }] },
      off: { active: false, gender: 'female', telecom: [{ system: 'email', value: 'a@b.c' }] },
      unsaid: { identifier: [{ system: 'urn:s', value: 'i1' }, { value: 'i2' }] },
    },
    [
      ['active=true', 'on'],
      ['active=false', 'off'],
      ['active=TRUE', ''],
      ['active:not=true', 'off unsaid'],
      ['active=http://hl7.org/fhir/special-values|true', 'on'],
      ['gender=http://hl7.org/fhir/administrative-gender|male', 'on'],
      ['gender=|male', ''],
      ['telecom=555-1', 'on'],
      ['telecom=work|555-1', 'on'],
      ['phone=a@b.c', ''],
      ['email=a@b.c', 'off'],
      ['identifier=i1', 'unsaid'],
      ['identifier=urn:s|', 'unsaid'],
      ['identifier=|i2', 'unsaid'],
      ['identifier=|i1', ''],
    ],
  );
});

describe('uri', () => {
  table(
    'ValueSet',
    {
      root: { url: 'http://a.org/fhir' },
      child: { url: 'http://a.org/fhir/sub' },
      sibling: { url: 'http://a.org/fhirx' },
      upper: { url: 'http://a.org/FHIR' },
      urn: { url: 'urn:oid:1.2' },
      none: {},
    },
    [
      ['url=http://a.org/fhir', 'root'],
      ['url=http://a.org/FHIR', 'upper'],
      ['url=http://a.org', ''],
      ['url=http://a.org/fhir/', ''],
      ['url=urn:oid:1.2', 'urn'],
      ['url:below=http://a.org/fhir', 'child root sibling'],
      ['url:below=http://a.org/', 'child root sibling upper'],
      ['url:above=http://a.org/fhir/sub/deep', 'child root'],
      ['url:above=http://a.org/fhir', 'root'],
      ['url:below=urn:oid', ''],
      ['url:above=urn:oid:1.2.3', ''],
      ['url=urn:oid:1.2,http://a.org/fhir', 'root urn'],
      ['url:missing=true', 'none'],
    ],
  );
});

describe('reference', () => {
  const about = (text: string) => ({ subject: { reference: text } });
  table(
    'ClinicalImpression',
    {
      patient: about('Patient/1'),
      group: about('Group/1'),
      own: about('http://localhost/fhir/Patient/1'),
      foreign: about('http://other.org/fhir/Patient/1'),
      versioned: about('Patient/1/_history/3'),
      another: about('Patient/12'),
      bare: about('1'),
      none: {},
    },
    [
      ['subject=1', 'bare foreign group own patient versioned'],
      ['subject=Patient/1', 'foreign own patient versioned'],
      ['subject:Patient=1', 'foreign own patient versioned'],
      ['subject=Group/1', 'group'],
      ['subject=http://localhost/fhir/Patient/1', 'own patient versioned'],
      ['subject=http://other.org/fhir/Patient/1', 'foreign'],
      ['subject=http://third.org/fhir/Patient/1', ''],
      ['subject=patient/1', ''],
      ['subject=Patient/12', 'another'],
      ['subject=Patient/1,Group/1', 'foreign group own patient versioned'],
      ['patient=1', 'foreign own patient versioned'],
      ['subject:missing=true', 'none'],
    ],
  );
});

describe('a reference with a single target', () => {
  table(
    'PractitionerRole',
    { bare: { organization: { reference: 'x' } }, full: { organization: { reference: 'Organization/x' } } },
    [
      ['organization=Organization/x', 'bare full'],
      ['organization=x', 'bare full'],
    ],
  );
});

describe('composite', () => {
  const coded = (code: string) => ({ coding: [{ system: 'http://loinc.org', code }] });
  const mm = (value: number) => ({ value, system: 'http://unitsofmeasure.org', code: 'mm[Hg]' });
  table(
    'Observation',
    {
      bp1: {
        code: coded('bp'),
        component: [
          { code: coded('sys'), valueQuantity: mm(120) },
          { code: coded('dia'), valueQuantity: mm(80) },
        ],
      },
      bp2: {
        code: coded('bp'),
        component: [
          { code: coded('sys'), valueQuantity: mm(80) },
          { code: coded('dia'), valueQuantity: mm(120) },
        ],
      },
      weight: { code: coded('weight'), valueQuantity: { value: 70, code: 'kg' } },
      word: { code: coded('word'), valueString: 'High, very' },
      concept: { code: coded('eye'), valueCodeableConcept: { coding: [{ system: 'c', code: 'blue' }] } },
      dated: { code: coded('lmp'), valueDateTime: '2020-05' },
    },
    [
      ['component-code-value-quantity=sys$120', 'bp1'],
      ['component-code-value-quantity=sys$80', 'bp2'],
      ['component-code-value-quantity=http://loinc.org|dia$gt100', 'bp2'],
      ['component-code-value-quantity=sys$gt100||mm[Hg]', 'bp1'],
      ['component-code-value-quantity=sys$gt100||mmHg', ''],
      ['component-code-value-quantity=sys$lt100,dia$lt100', 'bp1 bp2'],
      ['combo-code-value-quantity=weight$70', 'weight'],
      ['combo-code-value-quantity=dia$80', 'bp1'],
      ['code-value-quantity=weight$ge70||kg', 'weight'],
      ['code-value-quantity=weight$70.5', ''],
      ['code-value-quantity=word$70', ''],
      ['code-value-string=word$high', 'word'],
      ['code-value-string=word$high%5C, very', 'word'],
      ['code-value-concept=eye$c|blue', 'concept'],
      ['code-value-concept=eye$|blue', ''],
      ['code-value-date=lmp$2020', 'dated'],
      ['code-value-date=lmp$gt2020-05', ''],
    ],
  );
});
