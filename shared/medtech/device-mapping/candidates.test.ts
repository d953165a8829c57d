import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileJsonPath } from '../expressions/json-path/json-path.ts';
import type { JsonObject } from '../json/value.ts';
import { normalizeEnvelope } from '../normalize/normalize.ts';
import { readDeviceMapping } from './read-device-mapping.ts';

describe('members that an event must have for a path to match or to fail', () => {
  it.each<[string, string[]]>([
    ['$', []],
    ['$.Body.a', ['Body', 'a']],
    ["$['a','b'].c", ['c']],
    ['$..a', ['a']],
    ['$..[?(@a)]', ['a']],
    ['$..[?(@a && @b.c)]', ['a', 'b', 'c']],
    ['$..[?(@a || @b)]', []],
    ['$..[?(@a || @a && @b)]', ['a']],
    ['$..[?(@a == 1 && $.Body.b)]', ['a', 'Body', 'b']],
    // Fails on a text whatever else the event has.
    ['$..[?(@a > 1 && @b)]', ['a']],
    ['$..[?(@b && @a > 1)]', ['b', 'a']],
    ['$.a[-1].b', ['a']],
    ['$.a[1].b', ['a', 'b']],
    ['$..[?(1 == 1)].a', ['a']],
  ])('%s', (path, names) => expect(compileJsonPath(path).neededMembers).toEqual(names));
});

const expressions = [
  '$..[?(@a)]',
  '$..[?(@a && @b)]',
  '$..[?(@a > 1 && @b)]',
  '$..[?(@b || @a > 1)]',
  '$..[?(@c.a)]',
  '$..c[-1]',
  '$.Body[-1].b',
  '$..a',
  '$..*',
  "$..[?(@a != 'x')]",
  'Body[*]',
];

function mappingOf(chosen: readonly string[]) {
  const template = chosen.map((typeMatchExpression, at) => ({
    templateType: 'CalculatedContent',
    template: {
      typeName: `${at}`,
      typeMatchExpression,
      deviceIdExpression: '$.device',
      timestampExpression: '$.time',
      values: [],
    },
  }));
  const { mapping, problems } = readDeviceMapping(JSON.stringify({ templateType: 'CollectionContent', template }));
  expect(problems).toEqual([]);
  return mapping;
}

it('measures what it would by trying every template, with the same failures', () => {
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(1, 2, 'x', null),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('tree'), { maxKeys: 3, noNullPrototype: true }),
    ),
  }));
  const chosen = fc.array(fc.constantFrom(...expressions), { minLength: 1, maxLength: 5 });
  let failed = 0;
  fc.assert(
    fc.property(chosen, tree, (paths, body) => {
      const envelope = { Body: body, device: 'd', time: '2019-02-01T22:46:01Z' } as JsonObject;
      const mapping = mappingOf(paths);
      const all = { ...mapping, candidates: () => mapping.templates };
      const expected = normalizeEnvelope(all, envelope, 0n);
      failed += expected.error ? 1 : 0;
      expect(normalizeEnvelope(mapping, envelope, 0n)).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
  expect(failed).toBeGreaterThan(50);
});

it('sees nothing of the event before', () => {
  const mapping = mappingOf(['$..[?(@a)]', '$..[?(@b)]']);
  const types = (body: JsonObject) => mapping.candidates({ Body: body }).map(({ typeName }) => typeName);
  expect(types({ a: 1 })).toEqual(['0']);
  expect(types({ b: 1 })).toEqual(['1']);
  expect(types({})).toEqual([]);
  expect(types({ list: [{ b: null }, { a: 1 }] })).toEqual(['0', '1']);
});
