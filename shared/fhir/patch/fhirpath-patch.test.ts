/** FHIRPath Patch: HL7's cases, AHDS's upsert, companions of primitives, digits, and what is refused. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../test/shared-data.ts';
import { loadDefinitions } from '../definitions/load.ts';
import { parametersIn } from '../operations/parameters.ts';
import { formatJson, parseJson } from '../resource/json.ts';
import type { Resource } from '../resource/types.ts';
import { Editor } from './editor.ts';
import { applyFhirPathPatch, fhirPathOperations } from './fhirpath-patch.ts';

interface Case {
  readonly name: string;
  readonly mode: string;
  readonly input: Resource;
  readonly diff: Resource;
  readonly output?: Resource;
  readonly error?: object;
}

const file = sharedData('fhir-patch/fhir-patch-tests.json');
const cases: readonly Case[] = file === undefined ? [] : JSON.parse(readFileSync(file, 'utf8'));
const definitions = loadDefinitions();

function apply(resource: Resource, operations: ReturnType<typeof fhirPathOperations>): Resource {
  const editor = new Editor();
  applyFhirPathPatch(resource, operations, definitions, editor);
  editor.finish(resource);
  return resource;
}

/** One case writes the quotes of its narrative in XML's two ways, which mean the same. */
const sameMarkup = (resource: Resource): Resource => JSON.parse(JSON.stringify(resource).replaceAll('&quot;', '\\"'));

describe.skipIf(file === undefined)('the cases of fhir-test-cases', () => {
  it('are 33', () => expect(cases.length).toBe(33));

  it.each(cases)('$name', ({ input, diff, output, error }) => {
    const run = () => apply(structuredClone(input), parametersIn(diff));
    if (error === undefined) expect(sameMarkup(run())).toEqual(output && sameMarkup(output));
    else expect(run).toThrow('Nothing is found at the path.');
  });
});

type Parts = Record<string, unknown>;
/** The text of a resource after operations that are given by their parts: `value` with the name of its type. */
function patched(resource: string, ...operations: Parts[]): string {
  const parameter = operations.map((parts) => ({
    name: 'operation',
    part: Object.entries(parts).flatMap(([name, value]) => {
      if (name.startsWith('value') || name.startsWith('_value')) return [];
      return [{ name, [typeof value === 'number' ? 'valueInteger' : 'valueString']: value }];
    }),
  }));
  for (const [index, parts] of operations.entries()) {
    const value = Object.entries(parts).filter(([name]) => /^_?value[A-Z]/.test(name));
    const { valueParts } = parts as { valueParts?: object[] };
    if (valueParts) parameter[index]?.part.push({ name: 'value', part: valueParts } as never);
    else if (value.length > 0) parameter[index]?.part.push({ name: 'value', ...Object.fromEntries(value) } as never);
  }
  const parse = (text: string) => parseJson(Buffer.from(text)) as Resource;
  const digits = JSON.stringify({ resourceType: 'Parameters', parameter }).replace(/"#([\d.]+)"/g, '$1');
  return formatJson(apply(parse(resource), fhirPathOperations(parse(digits))));
}
const patient = (more: string) => `{"resourceType":"Patient"${more === '' ? '' : `,${more}`}}`;

describe('paths', () => {
  const two =
    '"name":[{"use":"usual","given":["A","B"]},{"use":"official","given":["C"],"period":{"start":"2020"}}],"active":true';
  const family = (path: string) =>
    patched(patient(two), { type: 'add', path, name: 'family', valueString: 'X' }).indexOf('"family"') <
    patient(two).indexOf('official')
      ? 0
      : 1;

  it.each([
    ['Patient.name[0]', 0],
    ['name[1]', 1],
    ['%resource.name.first()', 0],
    ['Patient.name.last()', 1],
    ["Patient.name.where(use = 'official')", 1],
    ["Patient.name.where(use != 'official')", 0],
    ["Patient.name.where(use='usual' and given.exists())", 0],
    ["Patient.name.where(use='x' or (period.start = @2020))", 1],
    ['Patient.name.where(period.exists().not())', 0],
    ['Patient.name.where(period.empty())', 0],
    ["Patient.name.where(given.exists($this = 'B'))", 0],
    ["Patient.name.where(use.startsWith('off'))", 1],
    ["Patient.name.where(use.endsWith('al')).first()", 0],
    ["Patient.name.where(use.contains('sua'))", 0],
    // FHIRPath: two values are not equal to one.
    ["Patient.name.where(given = 'C')", 1],
    ['Patient.`name`[0]', 0],
  ])('%s', (path, index) => expect(family(path)).toBe(index));

  it.each([
    ['nothing', "Patient.name.where(use = 'old')"],
    ['an index behind the end', 'Patient.name[2]'],
    ['a negative index', 'Patient.name[-1]'],
    ['several elements', 'Patient.name'],
    ['an unknown element', 'Patient.colour'],
    ['a value', 'Patient.active'],
    ['an operator', 'Patient.name | Patient.contact'],
    ['a function that computes', 'Patient.descendants()'],
    ['a regular expression', "Patient.name.where(use.matches('(a+)+$'))"],
    ['an unfinished path', 'Patient.name.where(use ='],
    ['an unfinished text', "Patient.name.where(use = 'x"],
    ['text behind the end', 'Patient.name[0] name'],
    ['another type', 'Observation.name'],
    ['parentheses without end', `Patient.name.where(${'('.repeat(1000)}`],
    ['too long', `Patient.name${'.first()'.repeat(1000)}`],
    ['an inherited property', 'Patient.constructor'],
  ])('%s is refused', (_, path) => {
    expect(() => family(path)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });

  it('a choice is named without its type, and told apart by ofType', () => {
    const observation = '{"resourceType":"Observation","valueQuantity":{"value":1.50}}';
    const unit = { type: 'add', path: 'Observation.value.ofType(Quantity)', name: 'unit', valueString: 'mg' };
    expect(patched(observation, unit)).toBe(
      '{"resourceType":"Observation","valueQuantity":{"value":1.50,"unit":"mg"}}',
    );
    const other = { ...unit, path: 'Observation.value.ofType(Ratio)' };
    expect(() => patched(observation, other)).toThrow('Nothing is found');
  });

  it('leads into contained resources, extensions and extensions of primitives', () => {
    const contained = '"contained":[{"resourceType":"Organization","id":"o"}]';
    const name = { type: 'add', path: "Patient.contained.where(id='o')", name: 'name', valueString: 'N' };
    expect(patched(patient(contained), name)).toContain('"id":"o","name":"N"');
    const born = '"birthDate":"2020-01-01","_birthDate":{"extension":[{"url":"http://x","valueCode":"a"}]}';
    const code = { type: 'replace', path: "Patient.birthDate.extension('http://x').value", valueCode: 'b' };
    expect(patched(patient(born), code)).toContain('"valueCode":"b"');
  });
});

describe('choices', () => {
  it('an added value takes the name of its type; a second one is refused', () => {
    const dead = { type: 'add', path: 'Patient', name: 'deceased', valueBoolean: true };
    expect(patched(patient(''), dead)).toBe(patient('"deceasedBoolean":true'));
    expect(() => patched(patient('"deceasedDateTime":"2020"'), dead)).toThrow('may not repeat');
    const wrong = { type: 'add', path: 'Patient', name: 'deceased', valueQuantity: {} };
    expect(() => patched(patient(''), wrong)).toThrow('does not take this type');
  });

  it('a replaced value must be of the same type', () => {
    const dead = { type: 'replace', path: 'Patient.deceased', valueBoolean: true };
    expect(patched(patient('"deceasedBoolean":false'), dead)).toBe(patient('"deceasedBoolean":true'));
    expect(() => patched(patient('"deceasedDateTime":"2020"'), dead)).toThrow('another type');
  });
});

describe('upsert', () => {
  const upsert = { type: 'upsert', path: 'Patient', name: 'birthDate', valueDate: '2001-01-01' };

  it('adds what is not there and replaces what is', () => {
    expect(patched(patient(''), upsert)).toBe(patient('"birthDate":"2001-01-01"'));
    expect(patched(patient('"birthDate":"1990-01-01"'), upsert)).toBe(patient('"birthDate":"2001-01-01"'));
  });

  it('needs a name, a parent, and one child at most', () => {
    const { name: _, ...nameless } = upsert;
    expect(() => patched(patient(''), nameless)).toThrow("'name'");
    expect(() => patched(patient(''), { ...upsert, path: 'Patient.contact' })).toThrow('Nothing is found');
    const named = { type: 'upsert', path: 'Patient', name: 'name', valueHumanName: { text: 'x' } };
    expect(() => patched(patient('"name":[{"text":"a"},{"text":"b"}]'), named)).toThrow('repeats');
    expect(patched(patient('"name":[{"text":"a"}]'), named)).toBe(patient('"name":[{"text":"x"}]'));
  });
});

describe('primitives keep what they have besides their value', () => {
  const given = '"name":[{"given":["A","B"],"_given":[null,{"id":"b"}]}]';

  it('an insertion shifts both lists', () => {
    const insert = { type: 'insert', path: 'Patient.name[0].given', index: 0, valueString: 'Z' };
    expect(patched(patient(given), insert)).toBe(
      patient('"name":[{"given":["Z","A","B"],"_given":[null,null,{"id":"b"}]}]'),
    );
  });

  it('a move takes both along', () => {
    const move = { type: 'move', path: 'Patient.name[0].given', source: 1, destination: 0 };
    expect(patched(patient(given), move)).toBe(patient('"name":[{"given":["B","A"],"_given":[{"id":"b"},null]}]'));
  });

  it('a deletion takes both away', () => {
    const remove = { type: 'delete', path: 'Patient.name[0].given[1]' };
    expect(patched(patient(given), remove)).toBe(patient('"name":[{"given":["A"]}]'));
    expect(patched(patient('"birthDate":"2020","_birthDate":{"id":"x"}'), { type: 'delete', path: 'birthDate' })).toBe(
      patient(''),
    );
  });

  it('a replaced value has what the new one brings', () => {
    const replace = { type: 'replace', path: 'Patient.name[0].given[1]', valueString: 'C' };
    expect(patched(patient(given), replace)).toBe(patient('"name":[{"given":["A","C"]}]'));
    const companion = { ...replace, _valueString: { id: 'c' } };
    expect(patched(patient('"name":[{"given":["A","B"]}]'), companion)).toBe(
      patient('"name":[{"given":["A","C"],"_given":[null,{"id":"c"}]}]'),
    );
  });
});

describe('values', () => {
  it('digits come along, from a value and from nested parts', () => {
    const range = {
      type: 'add',
      path: 'Observation',
      name: 'referenceRange',
      valueParts: [
        { name: 'low', valueQuantity: { value: '#1.50' } },
        { name: 'text', valueString: 't' },
      ],
    };
    expect(patched('{"resourceType":"Observation"}', range)).toBe(
      '{"resourceType":"Observation","referenceRange":[{"low":{"value":1.50},"text":"t"}]}',
    );
    const replace = { type: 'replace', path: 'Observation.value.value', valueDecimal: '#2.500' };
    expect(patched('{"resourceType":"Observation","valueQuantity":{"value":2.5}}', replace)).toBe(
      '{"resourceType":"Observation","valueQuantity":{"value":2.500}}',
    );
  });

  it('a resource becomes a contained one', () => {
    const part = [
      { name: 'type', valueCode: 'add' },
      { name: 'path', valueString: 'Patient' },
      { name: 'name', valueString: 'contained' },
      { name: 'value', resource: { resourceType: 'Organization', id: 'o' } },
    ];
    const operations = parametersIn({ resourceType: 'Parameters', parameter: [{ name: 'operation', part }] });
    expect(apply({ resourceType: 'Patient' }, operations)).toEqual({
      resourceType: 'Patient',
      contained: [{ resourceType: 'Organization', id: 'o' }],
    });
  });

  it('a long list gets a companion at its end', () => {
    const given = Array.from({ length: 20_000 }, (_, n) => `${n}`);
    const add = { type: 'add', path: 'Patient.name', name: 'given', valueString: 'last', _valueString: { id: 'x' } };
    const { name } = JSON.parse(patched(patient(`"name":[{"given":${JSON.stringify(given)}}]`), add));
    expect([name[0].given.length, name[0]._given.length, name[0]._given.at(-1)]).toEqual([20_001, 20_001, { id: 'x' }]);
  });

  it('a value that is used twice is not shared', () => {
    const add = { type: 'add', path: 'Patient', name: 'name', valueHumanName: { text: 'x' } };
    const extend = { type: 'add', path: 'Patient.name[1]', name: 'family', valueString: 'f' };
    expect(patched(patient(''), add, add, extend)).toBe(patient('"name":[{"text":"x"},{"text":"x","family":"f"}]'));
  });
});

describe('refused', () => {
  const list = '"name":[{"text":"a"}],"active":true';
  it.each<[string, Parts]>([
    ['no type', { path: 'Patient' }],
    ['an unknown type', { type: 'append', path: 'Patient' }],
    ['no path', { type: 'delete' }],
    ['no value', { type: 'replace', path: 'Patient.active' }],
    ['no name', { type: 'add', path: 'Patient', valueString: 'x' }],
    ['an unknown name', { type: 'add', path: 'Patient', name: 'colour', valueString: 'x' }],
    ['an element that is there already', { type: 'add', path: 'Patient', name: 'active', valueBoolean: false }],
    ['deleting nothing', { type: 'delete', path: 'Patient.birthDate' }],
    ['deleting the resource', { type: 'delete', path: 'Patient' }],
    ['replacing the resource', { type: 'replace', path: 'Patient', valueString: 'x' }],
    ['an insert behind the end', { type: 'insert', path: 'Patient.name', index: 2, valueHumanName: {} }],
    ['an insert without index', { type: 'insert', path: 'Patient.name', valueHumanName: {} }],
    ['an insert into what is no list', { type: 'insert', path: 'Patient.active', index: 0, valueBoolean: true }],
    ['a move behind the end', { type: 'move', path: 'Patient.name', source: 0, destination: 1 }],
    ['a move of what is no list', { type: 'move', path: 'Patient.active', source: 0, destination: 0 }],
  ])('%s', (_, operation) => {
    expect(() => patched(patient(list), operation)).toThrow(expect.objectContaining({ code: 'invalid' }));
  });

  it('what is no FHIRPath Patch', () => {
    const other = (parameter: object[]) => () => fhirPathOperations({ resourceType: 'Parameters', parameter } as never);
    expect(other([])).toThrow('no operations');
    expect(other([{ name: 'op' }])).toThrow('called operation');
    expect(other(new Array(10_001).fill({ name: 'operation' }))).toThrow('at most');
    expect(() => fhirPathOperations({ resourceType: 'Patient' })).toThrow('Parameters');
  });

  it('paths that ask a long list much', () => {
    const given = JSON.stringify(new Array(20_000).fill('a'));
    const asked = new Array(120).fill("$this='a'").join(' and ');
    const operation = { type: 'replace', path: `Patient.name.given.where(${asked}).last()`, valueString: 'b' };
    expect(() => patched(patient(`"name":[{"given":${given}}]`), ...new Array(50).fill(operation))).toThrow(
      expect.objectContaining({ code: 'too-costly' }),
    );
  });

  it('paths that look at a long list again and again', () => {
    const names = JSON.stringify(Array.from({ length: 5000 }, (_, n) => ({ text: `${n}` })));
    const operation = { type: 'replace', path: "Patient.name.where(text = '4999').text", valueString: '4999' };
    expect(() => patched(patient(`"name":${names}`), ...new Array(2000).fill(operation))).toThrow(
      expect.objectContaining({ code: 'too-costly' }),
    );
  });
});
