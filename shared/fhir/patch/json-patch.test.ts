/** JSON Patch: HL7's cases of RFC 6902, digits, and what is refused or bounded. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../test/shared-data.ts';
import { formatJson, parseJson } from '../resource/json.ts';
import type { JsonArray, JsonObject, JsonValue } from '../resource/types.ts';
import { Editor } from './editor.ts';
import { applyJsonPatch, jsonPatchOperations } from './json-patch.ts';

interface Case {
  readonly comment: string;
  readonly doc: JsonValue;
  readonly patch: JsonArray;
  readonly expected?: JsonValue;
  readonly error?: string;
}

const file = sharedData('fhir-patch/json-patch-tests.json');
const cases: readonly Case[] = file === undefined ? [] : JSON.parse(readFileSync(file, 'utf8'));

const parse = (text: string) => parseJson(Buffer.from(text));
/** The text of the patched document, as it would be stored. */
function patched(document: string, patch: string): string {
  const editor = new Editor();
  const result = applyJsonPatch(parse(document), jsonPatchOperations(parse(patch)), editor);
  editor.finish(result as JsonObject);
  return formatJson(result);
}

describe.skipIf(file === undefined)('the cases of fhir-test-cases', () => {
  it('are 16', () => expect(cases.length).toBe(16));

  it.each(cases)('$comment', ({ doc, patch, expected, error }) => {
    const run = () => applyJsonPatch(structuredClone(doc), jsonPatchOperations(patch), new Editor());
    if (error === undefined) expect(run()).toEqual(expected);
    else expect(run).toThrow(/^Operation \d+ of the patch/);
  });
});

describe('numbers keep their digits', () => {
  it.each([
    ['untouched', '{"a":1.50}', '[{"op":"add","path":"/b","value":1}]', '{"a":1.50,"b":1}'],
    ['of a new value', '{}', '[{"op":"add","path":"/a","value":1.0}]', '{"a":1.0}'],
    [
      'of a value deep inside',
      '{"a":{"b":[1]}}',
      '[{"op":"add","path":"/a/b/-","value":{"c":2.00}}]',
      '{"a":{"b":[1,{"c":2.00}]}}',
    ],
    ['of an equal number with others', '{"a":1.50}', '[{"op":"replace","path":"/a","value":1.5}]', '{"a":1.5}'],
    ['moved', '{"a":1.50}', '[{"op":"move","from":"/a","path":"/b"}]', '{"b":1.50}'],
    ['copied', '{"a":{"x":1e2}}', '[{"op":"copy","from":"/a","path":"/b"}]', '{"a":{"x":1e2},"b":{"x":1e2}}'],
    ['behind an insertion', '{"a":[1.50,2.0]}', '[{"op":"add","path":"/a/0","value":7}]', '{"a":[7,1.50,2.0]}'],
    ['behind a removal', '{"a":[7,1.50,1.50]}', '[{"op":"remove","path":"/a/0"}]', '{"a":[1.50,1.50]}'],
    ['of the one removed are forgotten', '{"a":[1.50,1.5]}', '[{"op":"remove","path":"/a/0"}]', '{"a":[1.5]}'],
  ])('%s', (_, document, patch, result) => expect(patched(document, patch)).toBe(result));
});

describe('what a patch leaves', () => {
  it('a value that the patch brings twice is not shared', () => {
    const patch =
      '[{"op":"add","path":"/a","value":{"x":1}},{"op":"copy","from":"/a","path":"/b"},{"op":"add","path":"/b/y","value":2}]';
    expect(patched('{}', patch)).toBe('{"a":{"x":1},"b":{"x":1,"y":2}}');
  });

  it('what a removal empties goes, all the way up; what is filled again stays', () => {
    expect(patched('{"a":{"b":[{"c":1}]},"d":1}', '[{"op":"remove","path":"/a/b/0/c"}]')).toBe('{"d":1}');
    const refilled = '[{"op":"remove","path":"/a/0"},{"op":"add","path":"/a/-","value":2}]';
    expect(patched('{"a":[1]}', refilled)).toBe('{"a":[2]}');
  });

  it('an empty value that the patch asks for stays, for the validator to refuse', () => {
    expect(patched('{}', '[{"op":"add","path":"/a","value":[]}]')).toBe('{"a":[]}');
  });
});

describe('refused', () => {
  it.each([
    ['not an array', '{"op":"add"}'],
    ['no operations', '[]'],
    ['an operation that is no object', '[1]'],
    ['no op', '[{"path":"/a"}]'],
    ['an unknown op', '[{"op":"merge","path":"/a","value":1}]'],
    ['no path', '[{"op":"remove"}]'],
    ['a path without a slash', '[{"op":"remove","path":"a"}]'],
    ['a malformed escape', '[{"op":"remove","path":"/~2"}]'],
    ['no value', '[{"op":"add","path":"/b"}]'],
    ['no from', '[{"op":"move","path":"/b"}]'],
    ['a remove of nothing', '[{"op":"remove","path":"/x"}]'],
    ['a replace of nothing', '[{"op":"replace","path":"/x","value":1}]'],
    ['an index behind the end', '[{"op":"add","path":"/l/4","value":1}]'],
    ['an index with a leading zero', '[{"op":"replace","path":"/l/01","value":1}]'],
    ['a negative index', '[{"op":"replace","path":"/l/-1","value":1}]'],
    ['"-" where something must be', '[{"op":"remove","path":"/l/-"}]'],
    ['a name in a list', '[{"op":"add","path":"/l/x","value":1}]'],
    ['a place inside a string', '[{"op":"add","path":"/s/x","value":1}]'],
    ['a move into itself', '[{"op":"move","from":"/o","path":"/o/x"}]'],
    ['a test of another kind', '[{"op":"test","path":"/l/0","value":"1"}]'],
    ['a test of an inherited property', '[{"op":"test","path":"/constructor","value":1}]'],
    ['a write to the prototype', '[{"op":"add","path":"/__proto__/x","value":1}]'],
    ['a write of the prototype', '[{"op":"add","path":"/__proto__","value":{}}]'],
    ['removing everything', '[{"op":"remove","path":""}]'],
  ])('%s', (_, patch) => {
    expect(() => patched('{"l":[1,2,3],"s":"x","o":{"p":1}}', patch)).toThrow(expect.objectContaining({ status: 400 }));
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });
});

describe('bounded', () => {
  const many = (count: number, operation: (index: number) => object) =>
    JSON.stringify(Array.from({ length: count }, (_, index) => operation(index)));

  it.each([
    ['100,000 operations', '{}', many(100_000, (index) => ({ op: 'add', path: `/a${index}`, value: 1 })), 'too-costly'],
    [
      'copies that double each time',
      '{"a":[1,2,3,4]}',
      many(60, () => ({ op: 'copy', from: '/a', path: '/a/-' })),
      'too-costly',
    ],
    [
      'copies of a long text',
      JSON.stringify({ a: 'x'.repeat(1_000_000) }),
      many(100, (index) => ({ op: 'copy', from: '/a', path: `/b${index}` })),
      'too-costly',
    ],
    [
      'nesting, one level an operation',
      '{"a":{}}',
      many(200, () => ({ op: 'copy', from: '', path: '/a/a' })),
      'structure',
    ],
    [
      'moves to ever deeper places',
      `{"a":${'{"a":'.repeat(90)}1${'}'.repeat(90)},"b":${'{"a":'.repeat(90)}{}${'}'.repeat(90)}}`,
      JSON.stringify([{ op: 'move', from: '/a', path: `/b${'/a'.repeat(90)}/b` }]),
      'structure',
    ],
    [
      'insertions at the front of a long list',
      JSON.stringify({ a: new Array(100_000).fill(1) }),
      many(10_000, () => ({ op: 'add', path: '/a/0', value: 1 })),
      'too-costly',
    ],
  ])('%s', (_, document, patch, code) => {
    expect(() => patched(document, patch)).toThrow(expect.objectContaining({ code }));
  });
});
