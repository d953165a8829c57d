/** What searches by string, token, uri, reference and composite find: AHDS's rules where they differ from FHIR's. */
import { describe } from 'vitest';
import { searchTables } from './testing/search-table.ts';

const table = searchTables();

describe('StringSearch: start, case and accents, modifiers', () => {
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

describe('TokenSearch: system and code', () => {
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

describe('TokenSearch: booleans and codes', () => {
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

describe('UriSearch: whole, above and below', () => {
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

describe('ReferenceSearch: forms of a reference', () => {
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

describe('CompositeSearch: parts of one element', () => {
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
