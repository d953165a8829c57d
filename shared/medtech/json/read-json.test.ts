import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonSyntaxError } from './json-syntax-error.ts';
import { kindOf } from './kind.ts';
import { LenientReader } from './lenient-reader.ts';
import { readBody, readJson } from './read-body.ts';
import { readMapping } from './read-mapping.ts';
import { Float, type JsonValue } from './value.ts';

const own = (text: string) => new LenientReader(text).first();
const failure = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (error instanceof JsonSyntaxError) return { line: error.line, column: error.column };
    throw error;
  }
  return undefined;
};

describe('what Newtonsoft reads and JSON does not allow', () => {
  it.each<[string, JsonValue]>([
    ["{'a': 'it\\'s'}", { a: "it's" }],
    ['{a_1: 1, $b: 2, é: 3}', { a_1: 1, $b: 2, é: 3 }],
    ['// note\n{"a": /* one */ 1, // two\n}', { a: 1 }],
    ['[1, 2,]', [1, 2]],
    ['[1,,2]', [1, null, 2]],
    ['[NaN, Infinity, -Infinity, undefined]', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null]],
    ['"a\nb"', 'a\nb'],
    ['[0x1F, -0x1, 010, .5, 1.]', [31, -1, 8, 0.5, new Float(1)]],
    ['{"a":1,"a":2}', { a: 2 }],
    ['{"a":1}{"a":2}', { a: 1 }],
    ['{"a":1} trailing', { a: 1 }],
    ['\uFEFF{"a":1}', { a: 1 }],
    ['"\\u0041\\/\\b"', 'A/\b'],
  ])('%s', (text, value) => expect(readJson(text)).toEqual(value));

  it('keeps __proto__ a member like any other', () => {
    for (const text of ['{"__proto__": {"x": 1}}', '{__proto__: {"x": 1}}']) {
      const value = readJson(text) as object;
      expect(Object.keys(value)).toEqual(['__proto__']);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    }
  });
});

describe('kinds of numbers', () => {
  it.each<[string, string, JsonValue]>([
    ['72', 'integer', 72],
    ['-0', 'integer', -0],
    ['72.0', 'float', new Float(72)],
    ['1e3', 'float', new Float(1000)],
    ['72.5', 'float', 72.5],
    ['9007199254740993', 'integer', 9007199254740993n],
    ['-12345678901234567890', 'integer', -12345678901234567890n],
    ['999999999999999.99', 'float', new Float(1e15)],
    ['1.00000000000000000001', 'float', new Float(1)],
    ['0.99999999999999999999', 'float', new Float(1)],
    ['98.43639286275842', 'float', 98.43639286275842],
    ['1e999', 'float', Number.POSITIVE_INFINITY],
  ])('%s is an %s, alone and in containers', (text, kind, value) => {
    expect(readJson(text)).toEqual(value);
    expect(kindOf(readJson(text))).toBe(kind);
    expect(readJson(`{"a": [${text}]}`)).toEqual({ a: [value] });
    expect(readJson(`{"a":${text}}`)).toEqual({ a: value });
    expect(readJson(`[1,${text} ,\n"x"]`)).toEqual([1, value, 'x']);
  });

  it('reads all that JSON.parse reads, with the same values', () => {
    const plain = (_: string, value: unknown) =>
      value instanceof Float ? value.value : typeof value === 'bigint' ? Number(value) : value;
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(JSON.stringify(own(text), plain))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('agrees with the own reader whichever reads', () => {
    const number = fc.oneof(
      fc.integer().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.bigInt().map(String),
      fc.stringMatching(/^-?(0|[1-9]\d{0,20})(\.\d{1,20})?([eE][-+]?\d{1,2})?$/),
      fc
        .tuple(fc.nat(99_999_999), fc.constantFrom('0', '9', '3'), fc.nat(18))
        .map(([a, b, c]) => `${a}.${b.repeat(c + 1)}`),
    );
    const separator = fc.constantFrom('', ' ', '\n');
    fc.assert(
      fc.property(number, separator, separator, (text, before, after) => {
        for (const whole of [text, `[${before}${text}${after}]`, `{"a":${before}${text}${after},"b":[1,${text}]}`])
          expect(readJson(whole)).toEqual(own(whole));
      }),
      { numRuns: 500 },
    );
  });
});

describe('bodies', () => {
  it('is null if empty, in UTF-16 if the mark says so', () => {
    expect(readBody(new Uint8Array())).toBe(null);
    expect(readBody(Buffer.from('\uFEFF{"a":"é"}', 'utf8'))).toEqual({ a: 'é' });
    expect(readBody(Buffer.from('\uFEFF{"a":"é"}', 'utf16le'))).toEqual({ a: 'é' });
    expect(readBody(Buffer.from('\uFEFF{"a":"é"}', 'utf16le').swap16())).toEqual({ a: 'é' });
  });

  it('has at most 64 levels', () => {
    const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    expect(() => readJson(nested(64))).not.toThrow();
    expect(() => readJson(nested(65))).toThrow(JsonSyntaxError);
    expect(() => readJson('['.repeat(1_000_000))).toThrow(JsonSyntaxError);
    expect(() => readJson(`[${'{},'.repeat(100)}1]`)).not.toThrow();
  });
});

describe('errors', () => {
  it.each([
    ['', 1, 1],
    ['  \n ', 2, 2],
    ['{"a": 1 "b": 2}', 1, 9],
    ['{\n "a": tru\n}', 2, 7],
    ['{"a" 1}', 1, 6],
    ['{"a": "x', 1, 7],
    ['{"a": "\\x"}', 1, 9],
    ['[1\r\n2]', 2, 1],
    ['{"a": 1', 1, 8],
    ['{"a": /* ', 1, 7],
    ['{"a": 1/2}', 1, 8],
    ['not JSON', 1, 1],
    ['{,}', 1, 2],
    ['1.2.3', 1, 1],
    ['"\\u00g0"', 1, 3],
  ])('%j: line %i, column %i', (text, line, column) => expect(failure(() => readJson(text))).toEqual({ line, column }));

  it('refuses a number of more digits than Newtonsoft takes', () => {
    expect(() => readJson('1'.repeat(380))).not.toThrow();
    expect(() => readJson('1'.repeat(381))).toThrow(JsonSyntaxError);
    expect(() => readJson('1'.repeat(1_000_000))).toThrow(JsonSyntaxError);
  });

  it('fails with a position or reads, whatever it is given', () => {
    const pieces = fc.constantFrom(
      ...'{}[],:"\'\\/*\n -+.eExX01 9tfnN'.split(''),
      'true',
      'null',
      '"a"',
      '//',
      '/*',
      '\\u',
      'é',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (text) => {
        failure(() => own(text.join('')));
        failure(() => readJson(text.join('')));
      }),
      { numRuns: 3000 },
    );
  });
});

describe('mapping files', () => {
  const text = `// device mapping
{
  "templateType": "CollectionContent",
  'template': [
    { "a": 1 }, [true]
  ]
}
`;

  it('knows where everything is', () => {
    const file = readMapping(text);
    const root = file.value as { template: JsonValue[] };
    const list = root.template;
    expect(file.startOf(root as never)).toEqual({ line: 2, column: 1 });
    expect(file.nameAt(root as never, 'template')).toEqual({ line: 4, column: 3 });
    expect(file.valueAt(root as never, 'templateType')).toEqual({ line: 3, column: 19 });
    expect(file.valueAt(root as never, 'template')).toEqual({ line: 4, column: 15 });
    expect(file.valueAt(list, 1)).toEqual({ line: 5, column: 17 });
    expect(file.startOf(list[0] as JsonValue)).toEqual({ line: 5, column: 5 });
    expect(file.valueAt(list[0] as JsonValue, 'a')).toEqual({ line: 5, column: 12 });
    expect(file.valueAt(list[0] as JsonValue, 'b')).toBeUndefined();
  });

  it('has nothing after its value but blanks and comments', () => {
    expect(failure(() => readMapping('{}\n// end\n'))).toBeUndefined();
    expect(failure(() => readMapping('{}\n {}'))).toEqual({ line: 2, column: 2 });
  });
});
