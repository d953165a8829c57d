import { describe, expect, it } from 'vitest';
import type { IndexEntry } from '../index-entry.ts';
import { type Condition, QueryTooLarge, type Range } from '../query.ts';
import type { ResourceStore } from '../resource-store.ts';
import {
  committed,
  entry,
  found,
  key,
  type OpenStore,
  put,
  query,
  reference,
  string,
  token,
  tombstone,
  useStore,
} from './setup.ts';

const name = (folded: string): Condition => ({
  kind: 'value',
  param: 'Patient.name',
  test: { kind: 'string', match: 'starts', folded },
});
const gender = (code: string): Condition => ({ kind: 'value', param: 'Patient.gender', test: { kind: 'token', code } });
const code = (value: string): Condition => ({
  kind: 'value',
  param: 'Observation.code',
  test: { kind: 'token', code: value },
});
const and = (...of: Condition[]): Condition => ({ kind: 'and', of });
const or = (...of: Condition[]): Condition => ({ kind: 'or', of });
const not = (of: Condition): Condition => ({ kind: 'not', of });
const nothing: Condition = { kind: 'nothing' };

const patients = (family: string, sex: string, doctor?: string): IndexEntry[] => [
  entry('Patient.name', string(family)),
  entry('Patient.gender', token(sex, 'http://hl7.org/gender')),
  entry('Resource._tag', token('t1', 'http://tags')),
  ...(doctor === undefined ? [] : [entry('Patient.general-practitioner', reference(doctor))]),
];
const observations = (codes: string[], subject: string): IndexEntry[] => [
  ...codes.map((value) => entry('Observation.code', token(value, 'http://loinc.org'))),
  entry('Observation.subject', reference(subject)),
];

async function fill(store: ResourceStore): Promise<void> {
  await committed(store, put('Practitioner/d', { index: [entry('Practitioner.name', string('Doc'))] }));
  await committed(store, put('Patient/1', { index: patients('Smith', 'male', 'Practitioner/d') }));
  await committed(store, put('Patient/2', { index: patients('Smith', 'female') }));
  await committed(store, put('Patient/3', { index: patients('Jones', 'male') }));
  await committed(store, put('Group/1', { index: [entry('Resource._tag', token('t1', 'http://tags'))] }));
  await committed(store, put('Observation/a', { index: observations(['hr'], 'Patient/1') }));
  await committed(store, put('Observation/b', { index: observations(['hr', 'bp'], 'Patient/2') }));
  await committed(store, put('Observation/c', { index: observations(['bp'], 'Group/1') }));
  await committed(store, put('Observation/d', { index: observations(['bp'], 'Patient/absent') }));
  await committed(store, put('Patient/gone', { index: patients('Smith', 'male') }));
  await committed(store, put('Observation/e', { index: observations(['hr'], 'Patient/gone') }));
  await committed(store, tombstone('Patient/gone', 1));
  const elsewhere = entry('Observation.subject', reference('Patient/1', 'http://else.where'));
  await committed(store, put('Observation/f', { index: [elsewhere] }));
}

const chain = (types: string[], where: Condition): Condition => ({
  kind: 'chain',
  param: 'Observation.subject',
  types,
  where,
});
const doctor = (where: Condition): Condition => ({
  kind: 'chain',
  param: 'Patient.general-practitioner',
  types: ['Practitioner'],
  where,
});
const has = (where: Condition): Condition => ({
  kind: 'referenced-by',
  source: 'Observation',
  param: 'Observation.subject',
  where,
});
const doc: Condition = {
  kind: 'value',
  param: 'Practitioner.name',
  test: { kind: 'string', match: 'starts', folded: 'doc' },
};

const cases: [rule: string, condition: Condition | undefined, types: string[] | undefined, finds: string[]][] = [
  ['no condition: every current resource of the type', undefined, ['Patient'], ['Patient/1', 'Patient/2', 'Patient/3']],
  [
    'several types, in the order of the last change',
    undefined,
    ['Group', 'Practitioner'],
    ['Practitioner/d', 'Group/1'],
  ],
  ['an unknown type', undefined, ['Unknown'], []],
  ['no types', undefined, [], []],
  ['an empty and is true', and(), ['Group'], ['Group/1']],
  ['an empty or is false', or(), ['Group'], []],
  ['nothing', nothing, undefined, []],
  ['not nothing', not(nothing), ['Group'], ['Group/1']],
  ['and', and(name('smi'), gender('male')), ['Patient'], ['Patient/1']],
  ['and of the same parameter: by different values', and(code('hr'), code('bp')), ['Observation'], ['Observation/b']],
  ['or, each resource once', or(name('smi'), gender('male')), ['Patient'], ['Patient/1', 'Patient/2', 'Patient/3']],
  [
    'or of the same parameter, each resource once',
    or(code('hr'), code('bp')),
    ['Observation'],
    ['a', 'b', 'c', 'd', 'e'].map((id) => `Observation/${id}`),
  ],
  ['or with nothing', or(nothing, name('jon')), undefined, ['Patient/3']],
  [
    'or across types',
    or(name('jon'), code('bp')),
    undefined,
    ['Patient/3', 'Observation/b', 'Observation/c', 'Observation/d'],
  ],
  ['and below or below not', not(or(and(name('smi'), gender('male')), name('jon'))), ['Patient'], ['Patient/2']],
  [
    'not of a list: none of the values',
    not(or(code('hr'), code('x'))),
    ['Observation'],
    ['Observation/c', 'Observation/d', 'Observation/f'],
  ],
  ['twice not', not(not(name('jon'))), undefined, ['Patient/3']],
  ['type', { kind: 'type', types: ['Group', 'Practitioner'] }, undefined, ['Practitioner/d', 'Group/1']],
  [
    'type within the searched types',
    { kind: 'type', types: ['Group', 'Patient'] },
    ['Group', 'Observation'],
    ['Group/1'],
  ],
  ['type outside of the searched types', { kind: 'type', types: ['Group'] }, ['Patient'], []],
  ['not a type', not({ kind: 'type', types: ['Observation', 'Patient'] }), undefined, ['Practitioner/d', 'Group/1']],
  ['type within or', or({ kind: 'type', types: ['Group'] }, name('jon')), undefined, ['Patient/3', 'Group/1']],
  ['id, of any type', { kind: 'id', ids: ['1'] }, undefined, ['Patient/1', 'Group/1']],
  ['ids, of one type', { kind: 'id', ids: ['1', '3', 'absent', '1'] }, ['Patient'], ['Patient/1', 'Patient/3']],
  ['no ids', { kind: 'id', ids: [] }, ['Patient'], []],
  ['not an id', not({ kind: 'id', ids: ['1'] }), ['Patient'], ['Patient/2', 'Patient/3']],
  [
    'a parameter of every type, over all types',
    { kind: 'value', param: 'Resource._tag', test: { kind: 'token', code: 't1' } },
    undefined,
    ['Patient/1', 'Patient/2', 'Patient/3', 'Group/1'],
  ],
  [
    'a parameter of every type, of one type',
    { kind: 'value', param: 'Resource._tag', test: { kind: 'token', code: 't1' } },
    ['Group'],
    ['Group/1'],
  ],
  ['a parameter of another type than is searched', name('smi'), ['Group'], []],
  ['chain', chain(['Patient'], name('smi')), ['Observation'], ['Observation/a', 'Observation/b']],
  [
    'chain to a current resource only, of this service only',
    chain(['Patient'], and()),
    ['Observation'],
    ['Observation/a', 'Observation/b'],
  ],
  [
    'chain to one of several types',
    chain(['Patient', 'Group'], { kind: 'value', param: 'Resource._tag', test: { kind: 'token', code: 't1' } }),
    ['Observation'],
    ['Observation/a', 'Observation/b', 'Observation/c'],
  ],
  ['chain to another type than the reference has', chain(['Group'], name('smi')), ['Observation'], []],
  ['chain over two references', chain(['Patient'], doctor(doc)), ['Observation'], ['Observation/a']],
  ['chain and another condition', and(chain(['Patient'], name('smi')), code('bp')), ['Observation'], ['Observation/b']],
  [
    'chain to a resource that lacks a value',
    chain(['Patient'], not(gender('male'))),
    ['Observation'],
    ['Observation/b'],
  ],
  [
    'not a chain',
    not(chain(['Patient'], gender('male'))),
    ['Observation'],
    ['b', 'c', 'd', 'e', 'f'].map((id) => `Observation/${id}`),
  ],
  ['referenced-by', has(code('bp')), ['Patient'], ['Patient/2']],
  ['referenced-by, over all types', has(code('bp')), undefined, ['Patient/2', 'Group/1']],
  ['referenced-by any', has(and()), undefined, ['Patient/1', 'Patient/2', 'Group/1']],
  ['not referenced', not(has(and())), ['Patient'], ['Patient/3']],
  ['referenced-by and another condition', and(has(code('hr')), gender('male')), ['Patient'], ['Patient/1']],
  ['referenced-by within a chain', chain(['Patient'], has(code('bp'))), ['Observation'], ['Observation/b']],
  [
    'chain within referenced-by',
    { kind: 'referenced-by', source: 'Patient', param: 'Patient.general-practitioner', where: has(code('hr')) },
    undefined,
    ['Practitioner/d'],
  ],
  [
    'referenced-by of another source than the parameter has',
    { kind: 'referenced-by', source: 'Group', param: 'Observation.subject', where: and() },
    undefined,
    [],
  ],
];

export function combinationRules(open: OpenStore): void {
  describe('conditions', () => {
    const store = useStore(open, fill);

    it.each(cases)('%s', async (_, condition, types, finds) => {
      expect(await found(store(), query(condition, types))).toEqual(finds);
    });

    it('a list of 500 values', async () => {
      const unknown = Array.from({ length: 500 }, (_, at) => `unknown-${at}`);
      const codes = [...unknown, 'bp'].map((value): Condition => {
        return {
          kind: 'value',
          param: 'Observation.code',
          test: { kind: 'token', system: 'http://loinc.org', code: value },
        };
      });
      const bp = ['Observation/b', 'Observation/c', 'Observation/d'];
      expect(await found(store(), query(or(...codes)))).toEqual(bp);
      expect(await found(store(), query(not(or(...codes)), ['Observation']))).toHaveLength(3);
      const starts = [...unknown, 'jon'].map(name);
      expect(await found(store(), query(or(...starts)))).toEqual(['Patient/3']);
      const ids = { kind: 'id', ids: [...unknown, '1'] } as const;
      expect(await found(store(), query(ids))).toEqual(['Patient/1', 'Group/1']);
    });

    it('two long lists of different kinds, and a list of lists', async () => {
      const starts = (prefix: string, many: number) => Array.from({ length: many }, (_, at) => name(`${prefix}${at}`));
      const long = or(...starts('x', 90), name('smi'));
      const genders = or(
        ...Array.from({ length: 800 }, (_, at) => gender(`g${at}`)),
        gender('male'),
        not(gender('none')),
      );
      expect(await found(store(), query(and(long, genders), ['Patient']))).toEqual(['Patient/1', 'Patient/2']);
      expect(await found(store(), query(and(long, or(...starts('y', 800), name('smi'))), ['Patient']))).toHaveLength(2);
      const pairs = Array.from({ length: 150 }, (_, at) =>
        and(or(name(`a${at}`), name('smi')), or(gender(`b${at}`), gender('male'))),
      );
      expect(await found(store(), query(or(...pairs), ['Patient']))).toEqual(['Patient/1']);
      const chains = Array.from({ length: 150 }, (_, at) => chain(['Patient'], or(name(`c${at}`), doctor(doc))));
      expect(await found(store(), query(or(...chains)))).toEqual(['Observation/a']);
    });

    it('nesting that is too deep, and too many conditions, are refused as the caller’s fault', async () => {
      let deep: Condition = name('smi');
      for (let level = 0; level < 10_000; level += 1) deep = not(deep);
      const wide = or(...Array.from({ length: 20_000 }, () => gender('x')));
      for (const where of [deep, wide]) {
        await expect(store().search(query(where), 10)).rejects.toThrow(QueryTooLarge);
        await expect(store().count(query(where))).rejects.toThrow(QueryTooLarge);
        await expect(store().commit([], [{ query: query(where), found: [] }])).rejects.toThrow(QueryTooLarge);
      }
    });

    it('twenty levels of nesting are answered', async () => {
      let deep: Condition = and(name('smi'), gender('male'));
      for (let level = 0; level < 20; level += 1) deep = level % 2 ? and(deep, and()) : or(deep, nothing);
      expect(await found(store(), query(deep))).toEqual(['Patient/1']);
    });
  });

  describe('time of the last change', () => {
    const store = useStore(open, (filled) => committed(filled, put('Patient/1'), put('Patient/2')));
    const within = (range: Range, ...names: string[]) => ({ range, names });

    it('is compared to the millisecond', async () => {
      const [, first] = [0, await store().read(key('Patient/1'))];
      const at = first?.updated ?? 0;
      while (Date.now() <= at) await new Promise((resolve) => setTimeout(resolve, 2));
      await committed(store(), put('Patient/1', { expected: 1 }));
      const later = (await store().read(key('Patient/1')))?.updated ?? 0;
      const bound = (is: '<' | '<=' | '>' | '>=', value: number) =>
        ({ join: 'every', bounds: [{ end: is.startsWith('<') ? 'low' : 'high', is, value }] }) as const;
      const tests = [
        within(bound('<', later), 'Patient/2'),
        within(bound('<=', later), 'Patient/2', 'Patient/1'),
        within(bound('>', at), 'Patient/1'),
        within(bound('>=', at), 'Patient/2', 'Patient/1'),
        within(bound('>', later)),
        within(bound('>=', later), 'Patient/1'),
        within(bound('<', at)),
        within(bound('<=', at + 0.5), 'Patient/2'),
        within(
          {
            join: 'some',
            bounds: [
              { end: 'low', is: '<', value: at },
              { end: 'high', is: '>', value: at },
            ],
          },
          'Patient/1',
        ),
        within(bound('<', 8.64e15), 'Patient/2', 'Patient/1'),
        within(bound('>', -8.64e15), 'Patient/2', 'Patient/1'),
      ];
      for (const { range, names } of tests) {
        expect(await found(store(), query({ kind: 'updated', range }))).toEqual(names);
      }
    });
  });
}
