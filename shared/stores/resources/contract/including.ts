import { describe, expect, it } from 'vitest';
import type { Include } from '../query.ts';
import type { ResourceStore, StoredResource } from '../resource-store.ts';
import { committed, entry, key, names, type OpenStore, put, reference, tombstone, useStore } from './setup.ts';

async function fill(store: ResourceStore): Promise<void> {
  const refers = (param: `${string}.${string}`, ...targets: string[]) =>
    targets.map((target) => entry(param, reference(target)));
  await committed(store, put('Patient/1'), put('Patient/2'), put('Group/1'), put('Patient/gone'));
  await committed(store, tombstone('Patient/gone', 1));
  await committed(store, put('Observation/a', { index: refers('Observation.subject', 'Patient/1') }));
  await committed(
    store,
    put('Observation/b', {
      index: [
        ...refers('Observation.subject', 'Patient/1'),
        ...refers('Observation.has-member', 'Observation/a', 'Patient/2'),
      ],
    }),
  );
  await committed(
    store,
    put('Observation/c', { index: refers('Observation.subject', 'Group/1', 'Patient/gone', 'Patient/absent') }),
  );
  await committed(
    store,
    put('Observation/d', { index: [entry('Observation.subject', reference('Patient/1', 'http://else.where'))] }),
  );
  await committed(store, put('Condition/x', { index: refers('Condition.subject', 'Patient/1') }));
}

const subject = { kind: 'include', param: 'Observation.subject' } as const;
const member: Include = { kind: 'include', param: 'Observation.has-member' };
const observations: Include = { kind: 'revinclude', source: 'Observation', param: 'Observation.subject' };
const conditions: Include = { kind: 'revinclude', source: 'Condition', param: 'Condition.subject' };

export function includingRules(open: OpenStore): void {
  describe('including', () => {
    const store = useStore(open, fill);
    const read = async (...all: string[]): Promise<StoredResource[]> => {
      const resources = await Promise.all(all.map((name) => store().read(key(name))));
      return resources.filter((resource) => resource !== undefined);
    };
    const cases: [rule: string, from: string[], include: Include[], adds: string[]][] = [
      ['what a match refers to', ['Observation/a'], [subject], ['Patient/1']],
      ['each once, whoever refers to it', ['Observation/a', 'Observation/b'], [subject], ['Patient/1']],
      ['current resources of this service only', ['Observation/c', 'Observation/d'], [subject], ['Group/1']],
      ['of the types asked for', ['Observation/a', 'Observation/c'], [{ ...subject, types: ['Group'] }], ['Group/1']],
      ['by several parameters', ['Observation/b'], [subject, member], ['Patient/1', 'Patient/2', 'Observation/a']],
      ['nothing that is among the matches', ['Observation/a', 'Observation/b'], [member], ['Patient/2']],
      ['what refers to a match', ['Patient/1'], [observations], ['Observation/a', 'Observation/b']],
      [
        'what refers to a match by several parameters',
        ['Patient/1'],
        [observations, conditions],
        ['Observation/a', 'Observation/b', 'Condition/x'],
      ],
      [
        'both ways',
        ['Observation/b'],
        [subject, { kind: 'revinclude', source: 'Observation', param: 'Observation.has-member' }],
        ['Patient/1'],
      ],
      [
        'nothing of a source that the parameter is not of',
        ['Patient/1'],
        [{ kind: 'revinclude', source: 'Condition', param: 'Observation.subject' }],
        [],
      ],
      [
        'nothing that refers to a match of a type not asked for',
        ['Patient/1', 'Group/1'],
        [{ ...observations, types: ['Group'] }],
        ['Observation/c'],
      ],
      ['nothing for no matches', [], [subject], []],
      ['nothing for no includes', ['Observation/a'], [], []],
    ];

    it.each(cases)('adds %s', async (_, from, include, adds) => {
      const included = await store().include(await read(...from), include, 100);
      expect(names(included.resources).toSorted()).toEqual(adds.toSorted());
      expect(included.next).toBeUndefined();
    });

    it('stops at the limit and goes on from there', async () => {
      const from = await read('Patient/1');
      const include = [observations, conditions];
      expect(await store().include(from, include, 3)).toMatchObject({ next: undefined });
      const first = await store().include(from, include, 2);
      expect(names(first.resources)).toEqual(['Observation/a', 'Observation/b']);
      const after = JSON.parse(JSON.stringify(first.next));
      const second = await store().include(from, include, 2, { after });
      expect(names(second.resources)).toEqual(['Condition/x']);
      expect(second.next).toBeUndefined();
    });

    it('goes on by what a match refers to as well', async () => {
      const from = await read('Observation/b');
      const { next: after } = await store().include(from, [subject, member], 1);
      const rest = await store().include(from, [subject, member], 10, { after });
      expect(names(rest.resources)).toEqual(['Patient/2', 'Observation/a']);
    });

    it('leaves out what it is told to, and does not count it', async () => {
      const besides = [key('Observation/a'), key('Patient/absent')];
      const included = await store().include(await read('Patient/1'), [observations, conditions], 2, { besides });
      expect(names(included.resources)).toEqual(['Observation/b', 'Condition/x']);
      expect(included.next).toBeUndefined();
    });

    it('adds only what meets a condition, and goes on behind it', async () => {
      const within = {
        kind: 'or',
        of: [
          { kind: 'id', ids: ['x'] },
          { kind: 'id', ids: ['b', '2'] },
        ],
      } as const;
      const from = await read('Patient/1');
      const first = await store().include(from, [observations, conditions], 1, { within });
      expect(names(first.resources)).toEqual(['Observation/b']);
      const rest = await store().include(from, [observations, conditions], 9, { within, after: first.next });
      expect([names(rest.resources), rest.next]).toEqual([['Condition/x'], undefined]);
      const referred = await store().include(await read('Observation/b'), [subject, member], 9, { within });
      expect(names(referred.resources)).toEqual(['Patient/2']);
    });

    it('brings resources whole', async () => {
      const { resources } = await store().include(await read('Observation/a'), [subject], 10);
      expect(resources).toEqual(await read('Patient/1'));
    });

    it('takes hundreds of parameters', async () => {
      const wild = Array.from({ length: 600 }, (_, at): Include => ({ kind: 'include', param: `Observation.p${at}` }));
      const included = await store().include(await read('Observation/a'), [...wild, subject], 10);
      expect(names(included.resources)).toEqual(['Patient/1']);
    });
  });
}
