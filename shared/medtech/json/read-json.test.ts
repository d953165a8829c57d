import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dateTicks, isDateText } from './date-text.ts';
import { JsonSyntaxError } from './json-syntax-error.ts';
import { kindOf } from './kind.ts';
import { readBody, readJson } from './read-body.ts';
import { readMapping } from './read-mapping.ts';
import { Float } from './value.ts';

describe('bodies of events (Newtonsoft.Json)', () => {
  it.each([
    ['{"a":1}{"a":2}', { a: 1 }],
    ["{a: 'x', /* c */ b: [1,], // end\n}", { a: 'x', b: [1] }],
    ['{"a":1,"a":2}', { a: 2 }],
    ['[NaN, Infinity, -Infinity]', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ['[0x10, 010]', [16, 8]],
    ['"\\u0041\\n"', 'A\n'],
    ['{"__proto__": {"x": 1}}', JSON.parse('{"__proto__":{"x":1}}')],
  ])('%s', (text, value) => expect(readJson(text)).toEqual(value));

  it.each([
    ['72', 'integer'],
    ['72.0', 'float'],
    ['7.2e1', 'float'],
    ['72.5', 'float'],
    ['12345678901234567890', 'integer'],
    ['"2019-02-01T22:46:01Z"', 'date'],
    ['"2019-02-01 22:46"', 'string'],
    ['"2019-02-01"', 'string'],
    ['"/Date(0)/"', 'date'],
    ['null', 'null'],
  ])('%s is of kind %s', (text, kind) => expect(kindOf(readJson(text))).toBe(kind));

  it('an empty body is null; a byte order mark is passed over', () => {
    expect(readBody(new Uint8Array())).toBeNull();
    expect(readBody(Buffer.from('\uFEFF{"a":72.0}'))).toEqual({ a: new Float(72) });
  });

  it.each([
    ['', 1, 1],
    ['{"a"', 1, 5],
    ['{\n  "a": tru }', 2, 8],
    ['"abc', 1, 1],
    ['['.repeat(65), 1, 65],
  ])('%j is refused at line %i, column %i', (text, line, column) => {
    expect(() => readJson(text)).toThrow(JsonSyntaxError);
    expect(() => readJson(text)).toThrow(expect.objectContaining({ line, column }));
  });

  it('reads all that JSON.parse reads, with the same values', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        const plain = JSON.parse(text, (_, each) => each);
        const unboxed = JSON.parse(
          JSON.stringify(readJson(`/**/${text}`), (_, each) =>
            each instanceof Float ? each.value : typeof each === 'bigint' ? Number(each) : each,
          ),
        );
        expect(unboxed).toEqual(plain);
      }),
    );
  });
});

describe('dates', () => {
  it.each([
    ['2019-02-01T22:46:01', '1549061161000'],
    ['2019-02-01T22:46:01.8750000Z', '1549061161875'],
    ['2019-02-01T22:46:01+02:00', '1549053961000'],
    ['2019-02-01T24:00:00Z', '1549065600000'],
  ])('%s', (text, ms) => expect(dateTicks(text)).toBe(BigInt(ms) * 10_000n));

  it.each(['2019-02-30T00:00:00Z', '2019-02-01T25:00:00', '2019-02-01T24:00:01', '2019-02-01T22:46', 'x'.repeat(19)])(
    '%s is no date',
    (text) => expect(isDateText(text)).toBe(false),
  );
});

it('a mapping file tells where its members are', () => {
  const file = readMapping('{ "template": [\n  { "typeName": "hr" } ] }');
  const { template } = file.value as { template: { typeName: string }[] };
  expect(file.valueAt(template, 0)).toEqual({ line: 2, column: 3 });
  expect(file.nameAt(template[0] ?? null, 'typeName')).toEqual({ line: 2, column: 5 });
  expect(file.valueAt(template[0] ?? null, 'typeName')).toEqual({ line: 2, column: 17 });
  expect(() => readMapping('{} x')).toThrow(JsonSyntaxError);
});
