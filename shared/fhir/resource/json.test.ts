import { describe, expect, it } from 'vitest';
import { FhirError } from '../outcome.ts';
import { formatJson, parseJson } from './json.ts';

const parse = (text: string) => parseJson(Buffer.from(text));
const faultOf = (input: string | Uint8Array): string => {
  try {
    parseJson(typeof input === 'string' ? Buffer.from(input) : input);
  } catch (error) {
    if (error instanceof FhirError) return `${error.status} ${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
};

describe('numbers keep their digits', () => {
  it.each(['1.50', '0.0', '-0.10', '1e2', '1.0E-3', '123456789012345678901234567890', '0.123456789012345678', '-0'])(
    '%s',
    (digits) => {
      for (const text of [`{"a":${digits}}`, `[1,${digits}]`, `{"a":{"b":[{"c":${digits}}],"d":1}}`]) {
        expect(formatJson(parse(text))).toBe(text);
      }
    },
  );

  it('a number that was replaced has its own', () => {
    const value = parse('{"a":1.50,"b":[2.0]}') as { a: number; b: number[] };
    value.a = 3;
    value.b[0] = 4.5;
    expect(formatJson(value)).toBe('{"a":3,"b":[4.5]}');
  });

  it('a number in another object has no digits of this one', () => {
    const value = parse('{"a":{"v":1.50},"b":{"v":1.5}}');
    expect(formatJson(value)).toBe('{"a":{"v":1.50},"b":{"v":1.5}}');
  });
});

describe('what JSON.parse accepts is read alike', () => {
  it.each([
    '{}',
    '[]',
    ' { "a" : [ 1 , true , false , null , "x" ] } ',
    '"\\u00e9\\n\\t\\"\\\\\\/\\ud83d\\ude00"',
    '{"a":"","b":[[],[{}]]}',
    '12',
    'null',
  ])('%s', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it('a byte order mark is passed over', () => {
    expect(parse('\ufeff{"a":1}')).toEqual({ a: 1 });
  });
});

describe('faults are 400 structure with line and column', () => {
  it.each([
    ['{"a":1,}', 'line 1, column 8'],
    ['{\n  "a": tru\n}', 'line 2, column 8'],
    ['{"a":1 "b":2}', 'line 1, column 8'],
    ['{"a":01}', 'line 1, column 7'],
    ['{"a":"x', 'line 1, column 8'],
    ['{"a":"\u0000"}', 'line 1, column 7'],
    ['{"a":"\\x"}', 'line 1, column 7'],
    ['{"a":"\\ud800"}', 'line 1, column 6'],
    ['{"a":1}{', 'line 1, column 8'],
    ['', 'line 1, column 1'],
    ['{a:1}', 'line 1, column 2'],
    ['[1 2]', 'line 1, column 4'],
    ['{"a":NaN}', 'line 1, column 6'],
    ['{"a":1e999}', 'line 1, column 6'],
    ['{"a":1,"a":2}', 'stands twice in one object (line 1, column 8)'],
    ['{"__proto__":{}}', 'not allowed (line 1, column 2)'],
  ])('%j', (text, expected) => {
    expect(faultOf(text)).toMatch(/^400 structure: /);
    expect(faultOf(text)).toContain(expected);
  });

  it('10,000 levels of nesting', () => {
    expect(faultOf(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)).toContain('at most 100 levels');
    expect(faultOf(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)).toContain('at most 100 levels');
  });

  it('bytes that are not UTF-8', () => {
    expect(faultOf(Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))).toContain('not valid UTF-8');
  });
});
