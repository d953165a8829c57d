import { expect, it } from 'vitest';
import { loadDefinitions } from '../definitions/load.ts';
import { parseJsonObject } from '../resource/json.ts';
import type { Resource } from '../resource/types.ts';
import { formatXml } from './write-xml.ts';

const definitions = loadDefinitions();
const declaration = '<?xml version="1.0" encoding="UTF-8"?>';

function format(json: string, pretty = false): string {
  return formatXml(parseJsonObject(Buffer.from(json)) as Resource, definitions, pretty);
}

it('elements come in the order of the definitions, numbers with their digits', () => {
  const json =
    '{"valueQuantity":{"unit":"kg","value":1.50},"resourceType":"Observation","status":"final","id":"o","component":[{"code":{"text":"a"}}]}';
  expect(format(json)).toBe(
    `${declaration}<Observation xmlns="http://hl7.org/fhir"><id value="o"/><status value="final"/><valueQuantity><value value="1.50"/>` +
      '<unit value="kg"/></valueQuantity><component><code><text value="a"/></code></component></Observation>',
  );
});

it('ids and extensions of primitives stand in their element, url and id are attributes', () => {
  const json =
    '{"resourceType":"Patient","_id":{"id":"i"},"id":"p","name":[{"id":"n","given":["A",null],"_given":[null,{"extension":[{"url":"u&","valueInteger":1}]}]}]}';
  expect(format(json)).toBe(
    `${declaration}<Patient xmlns="http://hl7.org/fhir"><id value="p" id="i"/><name id="n"><given value="A"/>` +
      '<given><extension url="u&amp;"><valueInteger value="1"/></extension></given></name></Patient>',
  );
});

it('what would end or change a value is escaped, what XML lacks is replaced', () => {
  expect(format('{"resourceType":"Patient","name":[{"text":"<a&b>\\"\\n\\t\\u0001\\ufffe\\ud83d\\ude00"}]}')).toContain(
    '<text value="&lt;a&amp;b&gt;&quot;&#10;&#9;\ufffd\ufffd\u{1f600}"/>',
  );
});

it('entities of XHTML in a narrative become characters that XML knows', () => {
  const json =
    '{"resourceType":"Patient","text":{"div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\">&nbsp;&euro;&lt;&foo;]]></div>"}}';
  expect(format(json)).toContain(
    '<text><div xmlns="http://www.w3.org/1999/xhtml">&#160;&#8364;&lt;&amp;foo;]]&gt;</div></text>',
  );
});

it('_pretty breaks lines between elements', () => {
  expect(format('{"resourceType":"Patient","contained":[{"resourceType":"Basic","id":"b"}]}', true)).toBe(
    `${declaration}\n<Patient xmlns="http://hl7.org/fhir">\n  <contained>\n    <Basic>\n      <id value="b"/>\n    </Basic>\n  </contained>\n</Patient>\n`,
  );
});
