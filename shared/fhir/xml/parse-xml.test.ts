import { describe, expect, it } from 'vitest';
import { loadDefinitions } from '../definitions/load.ts';
import { formatJson } from '../resource/json.ts';
import { parseXml } from './parse-xml.ts';

const definitions = loadDefinitions();
const parse = (xml: string) => parseXml(Buffer.from(xml), definitions);
const patient = (content: string) => parse(`<Patient xmlns="http://hl7.org/fhir">${content}</Patient>`);

describe('XML → resource', () => {
  it('the definitions tell arrays, booleans and numbers', () => {
    const resource = patient(
      '<active value="true"/><name><given value="A"/><given value="1"/></name><multipleBirthInteger value="2"/>',
    );
    expect(resource).toEqual({
      resourceType: 'Patient',
      active: true,
      name: [{ given: ['A', '1'] }],
      multipleBirthInteger: 2,
    });
  });

  it('elements may come in any order, repetitions apart from each other', () => {
    const resource = patient(
      '<gender value="male"/><name id="a"/><active value="false"/><name id="b"/><id value="x"/>',
    );
    expect(resource).toMatchObject({ id: 'x', gender: 'male', name: [{ id: 'a' }, { id: 'b' }] });
  });

  it('a number keeps its digits, in an extension on a primitive of a list too', () => {
    const extension = '<extension url="u"><valueDecimal value="1.50"/></extension>';
    const resource = patient(`<name><given value="A"/><given>${extension}</given></name>`);
    expect(formatJson(resource)).toBe(
      '{"resourceType":"Patient","name":[{"given":["A",null],"_given":[null,{"extension":[{"url":"u","valueDecimal":1.50}]}]}]}',
    );
  });

  it('lists of values and of their companions are of one length, a list without values is left out', () => {
    const resource = patient('<name><given id="1" value="A"/><given value="B"/></name><name><given id="2"/></name>');
    expect(resource.name).toEqual([{ given: ['A', 'B'], _given: [{ id: '1' }, null] }, { _given: [{ id: '2' }] }]);
  });

  it('contained resources and the resources of a bundle are resources', () => {
    const entry =
      '<entry><resource><Patient><contained><Basic><id value="c"/></Basic></contained></Patient></resource></entry>';
    expect(parse(`<Bundle xmlns="http://hl7.org/fhir">${entry}</Bundle>`)).toEqual({
      resourceType: 'Bundle',
      entry: [{ resource: { resourceType: 'Patient', contained: [{ resourceType: 'Basic', id: 'c' }] } }],
    });
  });

  it('a narrative stays as it is written, with its namespace', () => {
    const div = '<div xmlns="http://www.w3.org/1999/xhtml"><!-- a -->\r\n<p>5 &lt; 6&#160;<br /></p></div>';
    expect(patient(`<text><status value="generated"/>${div}</text>`).text).toEqual({ status: 'generated', div });
  });

  it('comments, processing instructions, a declaration, a byte order mark and schema hints leave no trace', () => {
    const xml =
      '\ufeff<?xml version="1.0" encoding="UTF-8"?><!-- a --><?b c?>\n' +
      '<Patient xmlns="http://hl7.org/fhir" xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:schemaLocation="a b">' +
      '<!-- <id/> --><?d?><id value="1"/></Patient><!-- e -->\n';
    expect(parse(xml)).toEqual({ resourceType: 'Patient', id: '1' });
  });

  it('a prefix may stand for the namespace of FHIR', () => {
    expect(parse('<f:Patient xmlns:f="http://hl7.org/fhir"><f:id value="1"/></f:Patient>')).toEqual({
      resourceType: 'Patient',
      id: '1',
    });
  });

  it('a line end in a value is a space, as a reference it is a line end', () => {
    expect(patient('<name><text value="a\r\nb&#10;&#x1F600;&quot;&apos;"/></name>').name).toEqual([
      { text: `a b\n\u{1f600}"'` },
    ]);
  });
});

const fhir = 'xmlns="http://hl7.org/fhir"';
const xhtml = 'xmlns="http://www.w3.org/1999/xhtml"';

describe('XML that is refused', () => {
  it.each([
    ['nothing', '', 'Expected the start tag'],
    ['JSON', '{"resourceType":"Patient"}', 'Expected the start tag'],
    ['another root', `<Foo ${fhir}/>`, 'not a resource type'],
    ['no namespace', '<Patient/>', 'must be in the namespace http://hl7.org/fhir'],
    ['another namespace', '<Patient xmlns="urn:hl7-org:v3"/>', 'must be in the namespace http://hl7.org/fhir'],
    ['a prefix without namespace', '<f:Patient/>', 'no namespace'],
    ['a DOCTYPE', `<!DOCTYPE Patient [<!ENTITY a "b">]><Patient ${fhir}/>`, 'DOCTYPE'],
    ['an entity', `<Patient ${fhir}><id value="&nbsp;"/></Patient>`, 'unknown entity'],
    [
      'an entity in a narrative',
      `<Patient ${fhir}><text><div ${xhtml}>&nbsp;</div></text></Patient>`,
      'unknown entity',
    ],
    ['a CDATA section', `<Patient ${fhir}><![CDATA[a]]></Patient>`, 'CDATA'],
    ['text', `<Patient ${fhir}>a</Patient>`, 'Text stands'],
    ['a second root', `<Patient ${fhir}/><Patient/>`, 'behind the end'],
    ['no end', `<Patient ${fhir}><name>`, 'not closed'],
    ['another end', `<Patient ${fhir}><name></Patient>`, 'end tag'],
    ['an unknown element', `<Patient ${fhir}><nme/></Patient>`, 'unknown here'],
    ['an unknown attribute', `<Patient ${fhir}><active value="true" x="1"/></Patient>`, 'attribute that it must not'],
    ['an attribute twice', `<Patient ${fhir}><active value="true" value="true"/></Patient>`, 'twice'],
    [
      'too many attributes',
      `<Patient ${fhir} ${Array.from({ length: 99 }, (_, i) => `a${i}=""`).join(' ')}/>`,
      'at most 64',
    ],
    ['a single element twice', `<Patient ${fhir}><active value="true"/><active value="true"/></Patient>`, 'only once'],
    ['an element without anything', `<Patient ${fhir}><active/></Patient>`, 'neither value nor content'],
    ['an id of an element as element', `<Patient ${fhir}><name><id value="a"/></name></Patient>`, 'unknown here'],
    ['a boolean that is none', `<Patient ${fhir}><active value="yes"/></Patient>`, 'true or false'],
    ['a number that is none', `<Patient ${fhir}><multipleBirthInteger value="0x1"/></Patient>`, 'must be a number'],
    ['a long number', `<Patient ${fhir}><multipleBirthInteger value="${'1'.repeat(65)}"/></Patient>`, 'at most 64'],
    ['two contained in one', `<Patient ${fhir}><contained><Basic/><Basic/></contained></Patient>`, 'Only one'],
    ['contained nothing', `<Patient ${fhir}><contained/></Patient>`, 'holds a resource'],
    ['a narrative in the namespace of FHIR', `<Patient ${fhir}><text><div>a</div></text></Patient>`, 'xhtml'],
    [
      'a narrative with prefix',
      `<Patient ${fhir} xmlns:h="http://www.w3.org/1999/xhtml"><text><h:div/></text></Patient>`,
      'prefix',
    ],
    ['a narrative that is not closed', `<Patient ${fhir}><text><div ${xhtml}><p></div></text></Patient>`, 'end tag'],
    ['NUL', `<Patient ${fhir}><id value="\0"/></Patient>`, 'no place in XML'],
    ['NUL as reference', `<Patient ${fhir}><id value="&#0;"/></Patient>`, 'malformed or names an unknown'],
    ['another encoding', `<?xml version="1.0" encoding="latin1"?><Patient ${fhir}/>`, 'UTF-8'],
    ['10,000 levels', `<Questionnaire ${fhir}>${'<item>'.repeat(10_000)}`, 'nested at most 100'],
  ])('%s', (_name, xml, reason) => {
    expect(() => parse(xml)).toThrow(reason);
  });

  it('a fault is named by line and column', () => {
    expect(() => parse(`<Patient ${fhir}>\n  <nme/>\n</Patient>`)).toThrow('(line 2, column 3)');
  });

  it('bytes that are not UTF-8', () => {
    expect(() => parseXml(Buffer.from([0x3c, 0xff]), definitions)).toThrow('UTF-8');
    expect(() => parseXml(Buffer.from(`\ufeff<Patient ${fhir}/>`, 'utf16le'), definitions)).toThrow();
  });

  it('large hostile texts are refused in time that grows with their length only', () => {
    const size = 2_000_000;
    const hostile = [
      '<'.repeat(size),
      `<Patient ${fhir} ${' '.repeat(size)}`,
      `<Patient ${fhir}><id value="${'&'.repeat(size)}"/></Patient>`,
      `<Patient ${fhir}><id value="${'a'.repeat(size)}`,
      `<${'a'.repeat(size)}`,
      `<Patient ${fhir}>${'<!---->'.repeat(size / 7)}`,
      `<Patient ${fhir}><text><div ${xhtml}>${'<b>'.repeat(size / 3)}`,
      `<Patient ${fhir}><text><div ${xhtml}>${'&amp;'.repeat(size / 5)}`,
    ];
    const started = performance.now();
    for (const text of hostile) expect(() => parse(text)).toThrow();
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
