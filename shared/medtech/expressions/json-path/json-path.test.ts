import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from '../../json/read-body.ts';
import { Instant } from '../../json/value.ts';
import { ticksFromMs } from '../../ticks.ts';
import { ExpressionError, ExpressionSyntaxError } from '../expression.ts';
import { compileJsonPath } from './json-path.ts';

const event = readJson(`{
  "Body": { "heartRate": 78, "zero": 0, "no": false, "nothing": null, "empty": "", "deviceId": "device123",
    "My Property": 5, "text": "78", "half": 72.0, "at": "2019-02-01T22:46:01.8750000Z",
    "readings": [{ "v": 6 }, { "v": "6" }, { "v": 4, "w": 1 }, { "w": 2 }], "list": [0, 1, 2, 3, 4],
    "sums": [0.30000000000000004] },
  "Properties": { "x": 1 },
  "SystemProperties": { "iothub-connection-device-id": "hub-device", "dt-subject": "s" }
}`);
const body = (event as { Body: unknown }).Body;

const select = (path: string, from = event) => compileJsonPath(path).matches(from);

describe('names (Newtonsoft SelectToken)', () => {
  it.each([
    ['$', [event]],
    ['', [event]],
    ['$.Body.heartRate', [78]],
    ['Body.heartRate', [78]],
    ['  $.Body.heartRate ', [78]],
    ['$.SystemProperties.iothub-connection-device-id', ['hub-device']],
    ["$.Body['My Property']", [5]],
    ["$.Body.['My Property']", [5]],
    ["$.Body('My Property')", [5]],
    ["$['Body']['heartRate','deviceId']", [78, 'device123']],
    ['$.body.heartRate', []],
    ['$.Body.heartRate.more', []],
    ['$.Body.list.name', []],
    ['$.Properties.*', [1]],
    ['$.Body.list.*', []],
    ['$.Body.list[*]', [0, 1, 2, 3, 4]],
    ['$.Properties[*]', []],
    ['$.Body.nothing', [null]],
  ])('%s', (path, found) => expect(select(path)).toEqual(found));
});

describe('indexes and slices', () => {
  it.each([
    ['$.Body.list[1]', [1]],
    ['$.Body.list[1,3]', [1, 3]],
    ['$.Body.list[9]', []],
    ['$.Body.heartRate[0]', []],
    ['$.Body.list[1:3]', [1, 2]],
    ['$.Body.list[::2]', [0, 2, 4]],
    ['$.Body.list[-2:]', [3, 4]],
    ['$.Body.list[::-1]', [4, 3, 2, 1, 0]],
    ['$.Body.list[3:1:-1]', [3, 2]],
    ['$.Body.list[-1:]', [4]],
    ['$.Body.list[:-9]', []],
  ])('%s', (path, found) => expect(select(path)).toEqual(found));

  it('a negative index is an error', () => expect(() => select('$.Body.list[-1]')).toThrow(ExpressionError));
});

describe('scans', () => {
  it('..name finds every member so named, before what is in it', () => expect(select('$..v')).toEqual([6, '6', 4]));
  it('..* is the value itself and everything in it', () =>
    expect(select('..*', readJson('{"a":[1,{"b":2}]}'))).toEqual([
      { a: [1, { b: 2 }] },
      [1, { b: 2 }],
      1,
      { b: 2 },
      2,
    ]));
  it('a filter behind a scan tests the value itself: how IotJsonPath mappings match the whole event', () =>
    expect(select('$..[?(@Body.heartRate)]')).toEqual([event]));
});

describe('filters', () => {
  it.each([
    // Exists, whatever the value.
    ['$..[?(@heartRate)]', [body]],
    ['$..[?(@.heartRate)]', [body]],
    ["$..[?(@['My Property'])]", [body]],
    ['$..[?(@zero)]', [body]],
    ['$..[?(@no)]', [body]],
    ['$..[?(@nothing)]', [body]],
    ['$..[?(@empty)]', [body]],
    ['$..[?(@absent)]', []],
    // Without a scan only the items of an array are tested.
    ['$.Body[?(@v)]', []],
    ['$.Body.readings[?(@v)]', [{ v: 6 }, { v: '6' }, { v: 4, w: 1 }]],
    ['$.Body.readings[?(@.v > 5)]', [{ v: 6 }, { v: '6' }]],
    ['$.Body.readings[?(@.v == 6)]', [{ v: 6 }]],
    ["$.Body.readings[?(@.v == '6')]", [{ v: '6' }]],
    ['$.Body.readings[?(@.v != 6)]', [{ v: '6' }, { v: 4, w: 1 }]],
    ['$.Body.readings[?(@.v == 6.0)]', [{ v: 6 }]],
    ['$.Body.readings[?(@v == $.Body.readings[0].v)]', [{ v: 6 }]],
    ['$.Body.list[?(@ >= 3)]', [3, 4]],
    ['$.Body.list[?(@ <> 3)]', [0, 1, 2, 4]],
    // `a || b && c` is a || (b && c); `a && b || c` is a && (b || c).
    ['$.Body.list[?(@ == 0 || @ > 2 && @ < 4)]', [0, 3]],
    ['$.Body.list[?(@ > 0 && @ < 2 || @ == 4)]', [1, 4]],
    ['$.Body.list[?(@ == 0 && @ == 1 || @ == 4)]', []],
    ['$..[?(@deviceId =~ /^DEV/i)]', [body]],
    ['$.Body.list[?(@ =~ /1/)]', []],
    ['$..[?(@.Body.heartRate == 78 && @.Properties.x == 1)]', [event]],
    ["$..[?(@at == '2019-02-01T22:46:01.875Z')]", [body]],
    ['$..[?(@half == 72)]', [body]],
    // Newtonsoft: floats that differ by rounding only are equal, and neither is above the other.
    ['$.Body.sums[?(@ == 0.3)]', [0.1 + 0.2]],
    ['$.Body.sums[?(@ > 0.3)]', []],
    // Flags that are none are passed over; x stands for explicit capture, blanks count.
    ['$..[?(@deviceId =~ /^DEVICE\\d+$/xiq)]', [body]],
    ['$..[?(@deviceId =~ /device 123/x)]', []],
    // A scan is forgotten by an indexer of arrays.
    ['$.Body..readings[0]', [{ v: 6 }]],
    ['$.Body..[0]', []],
    ["$..['v','w']", [6, '6', 4, 1, 2]],
    ['$.Body.readings[?(@.v < @.w)]', []],
    ['$.Body.readings[?(@.w !== 1)]', [{ w: 2 }]],
    ['$.Body.readings[?(@.v != 1 && @.w)]', [{ v: 4, w: 1 }]],
    ['$..[?(@.readings != 1 && @.list)]', [body]],
    ['$..[?(@.readings == 1)]', []],
    ["$..[?(@heartRate == '78')]", []],
    ['$..[?(@nothing == null)]', [body]],
    ['$..[?(@no == false)]', [body]],
  ])('%s', (path, found) => expect(select(path)).toEqual(found));

  it('a text that is no whole number fails against one', () => {
    const items = readJson('["6.5"]');
    expect(() => select('$[?(@ > 5)]', items)).toThrow(ExpressionError);
    expect(select('$[?(@ > 5.0)]', items)).toEqual(['6.5']);
  });

  it('== of a moment that was never a text compares its ISO form without idle zeros', () => {
    const moment = { at: new Instant(ticksFromMs(1549061161875)) };
    expect(select("$..[?(@at == '2019-02-01T22:46:01.875Z')]", moment)).toEqual([moment]);
  });

  it('NaN is below every number and equals none but itself', () => {
    const items = readJson('[NaN, -Infinity]');
    expect(select('$[?(@ == 5)]', items)).toEqual([]);
    expect(select('$[?(@ < 5)]', items)).toEqual([Number.NaN, Number.NEGATIVE_INFINITY]);
    expect(select('$[?(@ == $[0])]', items)).toEqual([Number.NaN]);
  });

  it('a pattern that could run for ever in a backtracking engine ends', () => {
    const items = readJson(`["${'a'.repeat(5000)}!"]`);
    expect(select('$[?(@ =~ /^(a+)+$/)]', items)).toEqual([]);
  });
});

describe('one value', () => {
  const single = (path: string) => compileJsonPath(path).single(event);
  it('is the one token', () => expect(single('$.Body.text')).toBe('78'));
  it('is undefined without one', () => expect(single('$.Body.absent')).toBeUndefined());
  it('several are an error', () => expect(() => single('$..v')).toThrow(ExpressionError));
});

describe('mistakes are told with their position', () => {
  it.each([
    ['$.Body.', 7],
    ['$.Body[', 7],
    ['$.Body[]', 7],
    ['$.list[a]', 7],
    ['$.list[::0]', 7],
    ["$['a", 4],
    ['$.a[0]b', 6],
    ['$.a b', 4],
    ['$[?(@.a==1&&@.b)]', 9],
    ['$[?(@.a', 7],
    ['$[?(@.a = 1)]', 8],
    ['$[?(!@.a)]', 4],
    ['$[?(@.a =~ /(/)]', 11],
    ['$[?(@.a == 1)', 13],
  ])('%s at %i', (path, offset) => {
    const compile = () => compileJsonPath(path);
    expect(compile).toThrow(ExpressionSyntaxError);
    expect(compile).toThrow(expect.objectContaining({ offset }));
  });

  it('any text is a path or has a mistake', () => {
    const piece = fc.constantFrom(
      '$',
      '@',
      '.',
      '..',
      '[',
      ']',
      '(',
      ')',
      '?',
      '*',
      "'",
      'a',
      '1',
      '-',
      ',',
      ':',
      '&&',
      '||',
      '==',
      '=~',
      '/',
      '<',
      ' ',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        try {
          compileJsonPath(pieces.join('')).matches(event);
        } catch (error) {
          if (!(error instanceof ExpressionSyntaxError || error instanceof ExpressionError)) throw error;
        }
      }),
      { numRuns: 5000 },
    );
  });
});

describe('what a path may cost', () => {
  const items = Array.from({ length: 3000 }, (_, index) => ({ a: { b: { c: [index] } } }));
  it.each(['$..[?($..c == $..b)]', '$..*..*..*..*..*..*', '$..[?(@..* == $..c)]'])('%s ends', (text) => {
    expect(() => compileJsonPath(text).matches({ items })).toThrow(/too much/);
  });
  it('the next run begins anew', () => {
    const path = compileJsonPath('$..[?(@.b)]');
    for (let run = 0; run < 400; run++) expect(path.matches({ items })).toHaveLength(3000);
  });
});
