import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from '../../json/read-body.ts';
import { Float, Instant, PlainText } from '../../json/value.ts';
import { ExpressionError, ExpressionSyntaxError } from '../expression.ts';
import { compileJmesPath } from './jmes-path.ts';

const event = readJson(`{
  "Body": {
    "device": "d1", "heartrate": 72, "half": 72.0, "none": null, "zero": 0, "at": "2019-02-01T22:46:01.8750000Z",
    "data": [{ "k": "a", "v": 1 }, { "k": "b", "v": null }, { "k": "c" }, null],
    "groups": [{ "type": "hr-rest", "data": [{ "v": 1 }, { "v": 2 }] }, { "type": "steps", "data": [{ "v": 3 }] }],
    "nested": [[1, 2], [3], [], null, 4]
  }
}`);

const single = (text: string, from = event) => compileJmesPath(text).single(from);
const matches = (text: string, from = event) => compileJmesPath(text).matches(from);

describe('paths (JMESPath specification)', () => {
  it.each([
    ['Body.heartrate', 72],
    ['"Body"."heartrate"', 72],
    ['Body.absent', undefined],
    ['Body.none', undefined],
    ['Body.heartrate.more', undefined],
    ['Body.data[0].k', 'a'],
    ['Body.data[-2].k', 'c'],
    ['Body.data[9]', undefined],
    ['Body | heartrate', 72],
    ['Body.absent || Body.heartrate', 72],
    ['Body.heartrate && Body.device', 'd1'],
    ['Body.zero && Body.device', 'd1'],
    ['!Body.absent', true],
    ['!Body.zero', false],
    ['Body.heartrate == `72`', true],
    ['Body.heartrate == `72.0`', false],
    ['Body.half == `72.0`', true],
    ['Body.heartrate > `71.5`', true],
    ['Body.device > `1`', undefined],
    ["Body.device > 'c'", true],
    ["Body.absent < 'c'", true],
    ['Body.absent <= Body.none', true],
    ['`true` > `false`', undefined],
    ['`0.1` == `0.10000000000000001`', true],
    ['`[1, {"a": 2, "b": 3}]` == `[1, {"b": 3, "a": 2}]`', true],
    // Comparators bind from == to !=.
    ['Body.heartrate == `72` < `73`', false],
    ['!Body.heartrate == `false`', true],
    ['map(&[@], `[null]`)', [[null]]],
    ["Body.device == 'd1'", true],
    ['Body.[device, zero]', ['d1', 0]],
    ['Body.{a: device, "b c": zero}', { a: 'd1', 'b c': 0 }],
    ['Body.nested[0]', [1, 2]],
    ['(Body.data)[0].k', 'a'],
    ['Body.nested[0][::-1] | [0]', 2],
    ['length(Body.data)', 4],
    ['Body.data.length(@)', 4],
    // The form without quotes, of the documentation's own example.
    ['[Body][?contains(keys(@), `heartrate`)] | @[0].device', 'd1'],
  ])('%s', (text, value) => expect(single(text)).toEqual(value));
});

describe('what is a projection gives several matches, what is an array does not', () => {
  it.each([
    ['Body.data[*].k', ['a', 'b', 'c']],
    // A null of the data stays, what is absent does not; items that are null are left out.
    ['Body.data[*].v', [1, null]],
    ['Body.data[].k', ['a', 'b', 'c']],
    ['Body.nested[]', [1, 2, 3, 4]],
    ["Body.data[?k == 'b']", [{ k: 'b', v: null }]],
    ['Body.data[0:2].k', ['a', 'b']],
    ['Body.groups[].data[]', [{ v: 1 }, { v: 2 }, { v: 3 }]],
    ['Body.groups[*].data[0].v', [1, 3]],
    ['Body.groups[*].data[*].v', [[1, 2], [3]]],
    ["to_array(Body.groups)|[? starts_with(type, 'hr')].data[]", [{ v: 1 }, { v: 2 }]],
    ['to_array(@)[?Body.heartrate].Body.device', ['d1']],
    ['Body.absent || Body.data[*].k', ['a', 'b', 'c']],
    ['Body.nested[0].*', []],
    ['{ a: Body.zero, b: Body.device }.*', [0, 'd1']],
    ['Body.nested[0]', [[1, 2]]],
    ['[Body.zero, Body.device]', [[0, 'd1']]],
    ['to_array(@)', [[event]]],
    ['`["1", "x", "2"]`[].to_number(@)', [1, 2]],
    // Parentheses do not end a projection.
    ['(Body.groups[*].data)[0].v', [1, 3]],
    ['(Body.data[*].k)', ['a', 'b', 'c']],
    ['Body.{a: none, b: zero}.*', [null, 0]],
    ['Body.data[3:].[k]', [[null]]],
    ['Body.data[*].k | sort(@)', [['a', 'b', 'c']]],
    ['Body.data[*].k | [0]', ['a']],
    ['Body.none', []],
    ['Body', [(event as { Body: unknown }).Body]],
  ])('%s', (text, found) => expect(matches(text)).toEqual(found));

  it('several values where one is asked for are an error, one or none in an array are not', () => {
    expect(() => single('Body.data[*].k')).toThrow(ExpressionError);
    expect(single("Body.data[?k == 'a'].v")).toEqual([1]);
  });
});

describe('functions', () => {
  it.each([
    ['abs(`-5`)', 5],
    ['abs(`-5.0`)', new Float(5)],
    ['avg(`[1, 2]`)', 1.5],
    ['avg(`[]`)', undefined],
    ['ceil(`1.2`)', 2],
    ['floor(`1.8`)', 1],
    ["contains('abc', 'b')", true],
    ['contains(`[1, 2]`, `2.0`)', false],
    ["ends_with('abc', 'bc')", true],
    ['join(\'-\', `["a", "b"]`)', 'a-b'],
    ['map(&v, Body.data[0:2])', [1, null]],
    ['max(`[1, 3, 2]`)', 3],
    ['max(`[1, 3, 2.5]`)', new Float(3)],
    ['max(`["a", "b"]`)', 'b'],
    ['min(`[]`)', undefined],
    ['min(`[2, 0.5]`)', 0.5],
    // Of equals the last; texts count as numbers; a single item is not asked.
    ['max_by(`[{"k": 1, "n": 1}, {"k": 1, "n": 2}]`, &k).n', 2],
    ['min_by(`[{"k": "10"}, {"k": "9"}]`, &k).k', '9'],
    ['max_by(`[{"n": 1}]`, &k).n', 1],
    ['sort_by(`[{"k": 10}, {"k": 9.5}, {"k": 9.5, "n": 2}]`, &k)[*].n | [0]', 2],
    ['sort_by([{t: Body.at}, {t: `"2018-12-01T00:00:00Z"`}], &t)[0].t', '2018-12-01T00:00:00Z'],
    ['sort(`[true, false]`)', [false, true]],
    ['sort(`[2.5, 1, 2]`)', [1, 2, 2.5]],
    ['sort(`[]`)', []],
    // Within each other; arrays one behind the other; null does not replace.
    [
      'merge(`{"a": {"x": 1, "l": [1]}, "n": 1}`, `{"a": {"l": [2]}, "n": null, "z": null}`)',
      { a: { x: 1, l: [1, 2] }, n: 1, z: null },
    ],
    ['ceil(`-0.5`)', 0],
    ["to_number('9223372036854775808')", new Float(2 ** 63)],
    ["to_number(' -7 ')", -7],
    ["to_number('1e3')", new Float(1000)],
    ["to_number('0x10')", undefined],
    ['to_string(`1e21`)', '1E+21'],
    ['to_string(`0.00001`)', '1E-05'],
    ["reverse('a😀')", '\ude00\ud83da'],
    ['max_by(Body.groups, &length(data)).type', 'hr-rest'],
    ['min_by(Body.groups, &length(data)).type', 'steps'],
    ['merge(`{"a": 1}`, `{"a": 2, "b": 3}`)', { a: 2, b: 3 }],
    ['not_null(Body.none, Body.zero)', 0],
    ['reverse(`[1, 2]`)', [2, 1]],
    ["reverse('ab')", 'ba'],
    ['sort(`[3, 1, 2]`)', [1, 2, 3]],
    ['sort_by(Body.groups, &type)[0].type', 'hr-rest'],
    ['sum(`[1, 2]`)', 3],
    // A sum that is whole is so of floats too.
    ['sum(`[1, 2.0]`)', 3],
    ['sum(`[1, 2.5]`)', 3.5],
    ['sum(`[]`)', 0],
    ['avg(`[1, 3]`)', new Float(2)],
    ["to_number('78')", 78],
    ["to_number('78.5')", 78.5],
    ["to_number('78.0')", new Float(78)],
    ["to_number('x')", undefined],
    ['to_string(`[1, 2.0]`)', '[1,2.0]'],
    ['type(Body.at)', 'string'],
    // A date is seen as .NET writes it; but in it nothing is found.
    ["contains(Body.at, '2019')", false],
    ["contains('02/01/2019 22:46:01', Body.at)", true],
    ["contains('a5', `5`)", true],
    ['length(Body.at)', 19],
    ["starts_with(Body.at, '02/01')", true],
    ['to_string(Body.at)', '2019-02-01T22:46:01.8750000Z'],
    ['to_string([Body.at])', '["2019-02-01T22:46:01.875Z"]'],
    ['Body.at == `"2019-02-01T23:46:01.875+01:00"`', true],
    ['Body.at == `"2019-02-01T22:46:01Z"`', false],
    ["Body.at == '2019-02-01T22:46:01.8750000Z'", false],
    ['max([Body.at])', '02/01/2019 22:46:01'],
    ["join('', [Body.at])", '02/01/2019 22:46:01'],
    ['type(`null`)', 'null'],
    // MedTech's own. Kinds decide.
    ['add(`1`, `2`)', 3],
    ['add(`1`, `2.0`)', new Float(3)],
    ['add(`9223372036854775807`, `1`)', -9223372036854775808n],
    ['subtract(`1`, `2.5`)', -1.5],
    ['multiply(`3`, `4`)', 12],
    ['divide(`72`, `5`)', 14],
    ['divide(`-72`, `5`)', -14],
    ['divide(`72.0`, `5`)', 14.4],
    ['divide(`40`, `50`)', 0],
    ['divide(`1`, `0.0`)', Number.POSITIVE_INFINITY],
    ['pow(`2`, `10`)', 1024],
    ['pow(`2`, `-1`)', 0],
    ['pow(`2.0`, `-1`)', 0.5],
    ["insertString('acd', 'b', `1`)", 'abcd'],
    ["insertString('ab', 'c', `2`)", 'abc'],
    ["insertString('019-02-01T22:46:01', '2', `0`)", new PlainText('2019-02-01T22:46:01')],
    ['fromUnixTimestamp(`1549061161`)', new Instant(15490611610000000n)],
    ['fromUnixTimestampMs(`-1`)', new Instant(-10000n)],
  ])('%s', (text, value) => expect(single(text)).toEqual(value));

  it.each([
    'divide(`1`, `0`)',
    'pow(`10`, `30`)',
    "add('1', `2`)",
    "insertString('ab', 'c', `3`)",
    "insertString('ab', 'c', `1.0`)",
    "fromUnixTimestamp('1549061161')",
    'fromUnixTimestamp(`1.0`)',
    'fromUnixTimestamp(`999999999999999`)',
    'length(`1`)',
    'sum(`["a"]`)',
    'sort(`[1, "a"]`)',
    'keys(`[]`)',
    'map(Body, Body)',
    'max_by(`[]`, &k)',
    'max_by(`[{"k": "x"}, {"k": "y"}]`, &k)',
    'sort_by(`[{"k": 1}, {"k": "a"}]`, &k)',
    'sort(`[{}, {}]`)',
    'sort(`[3000000000]`)',
    'abs(`3000000000`)',
    'floor(`1e19`)',
    'max(`[1, "a"]`)',
    'max(`[true]`)',
    "contains('a', `null`)",
    "starts_with('a', `null`)",
    'add(`9223372036854775808`, `1`)',
    'divide(`-9223372036854775808`, `-1`)',
    "insertString(Body.at, 'x', `0`)",
    "insertString('ab', 'c', `-1`)",
    'Body.data[0:4].length(@)',
  ])('%s fails for the event', (text) => expect(() => single(text)).toThrow(ExpressionError));
});

describe('mistakes are told with their position', () => {
  it.each([
    ['', 0],
    ['Body.', 5],
    ['Body[', 4],
    ['Body..a', 5],
    ['Body a', 5],
    ['substring(Body, `1`)', 0],
    ['Body.length()', 5],
    ['add(`1`)', 0],
    ['a + b', 2],
    ['Body[::0]', 9],
    ["'open", 0],
    ['{a}', 2],
    ['{a: b, a: c}', 7],
    ['a[?b', 4],
    ['[ ]', 2],
    ['`1', 0],
    ['&a', 0],
    ['"a"(b)', 3],
    ['$.Body', 0],
  ])('%s at %i', (text, offset) => {
    expect(() => compileJmesPath(text)).toThrow(ExpressionSyntaxError);
    expect(() => compileJmesPath(text)).toThrow(expect.objectContaining({ offset }));
  });

  it('however deep, an expression ends', () => {
    expect(() => compileJmesPath('('.repeat(500))).toThrow(ExpressionSyntaxError);
    expect(() => compileJmesPath('!'.repeat(5000))).toThrow(ExpressionSyntaxError);
  });

  it.each([
    ['a list that doubles', `[@, @]${'|[@, @][]'.repeat(200)}`],
    ['a text that doubles', `'abcdefgh'${"|join('', [@, @])".repeat(100)}`],
    ['a value that is written', `@${'|[@, @]'.repeat(100)}|to_string(@)`],
    ['a value that is compared', `@${'|[@, @]'.repeat(100)}|@ == [@, @][0]`],
    ['an object that doubles', `{a: [@]}${'|merge(@, @)'.repeat(200)}`],
    ['one array in many places', `Body.data${'|[@, @][]'.repeat(16)}|[@]${'|[@, @][]'.repeat(16)}|map(&length(@), @)`],
  ])('%s ends', (_name, text) => {
    expect(() => single(text)).toThrow(/too much/);
  });

  it('any text is an expression or has a mistake', () => {
    const pieces = [
      'a',
      'Body',
      '.',
      '*',
      '[',
      ']',
      '[]',
      '[?',
      '{',
      '}',
      '(',
      ')',
      ',',
      ':',
      '|',
      '||',
      '&',
      '&&',
      '!',
      '==',
      '<',
      '@',
      '1',
      '-1',
      "'x'",
      '`1`',
      '`x`',
      '"a"',
      'length(',
      'sort_by(',
      'add(',
      ' ',
      '\\',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 20 }), (parts) => {
        try {
          compileJmesPath(parts.join('')).matches(event);
        } catch (error) {
          if (!(error instanceof ExpressionSyntaxError || error instanceof ExpressionError)) throw error;
        }
      }),
      { numRuns: 5000 },
    );
  });
});
