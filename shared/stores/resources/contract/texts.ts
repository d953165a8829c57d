import { describe, expect, it } from 'vitest';
import type { IndexEntry } from '../index-entry.ts';
import type { Condition } from '../query.ts';
import type { ResourceStore } from '../resource-store.ts';
import {
  committed,
  entry,
  found,
  names,
  type OpenStore,
  pages,
  put,
  query,
  string,
  tombstone,
  useStore,
} from './setup.ts';

function text(content: string, narrative?: string): IndexEntry[] {
  const entries: IndexEntry[] = [{ param: 'Resource._content', kind: 'text', text: content }];
  return narrative === undefined ? entries : [...entries, { param: 'Resource._text', kind: 'text', text: narrative }];
}

async function fill(store: ResourceStore): Promise<void> {
  const name = entry('Patient.name', string('Ann'));
  await committed(store, put('Patient/a', { index: [name, ...text('chronic pain in the left knee', 'old man')] }));
  await committed(store, put('Patient/b', { index: [name, ...text('pain, chronic; o’neil "x" -1', 'left knee')] }));
  await committed(store, put('Patient/c', { index: text('schmerz uber den knien 12.5mg') }));
  await committed(store, put('Patient/none', { index: [name] }));
  await committed(store, put('Basic/d', { index: text('chronic pain') }));
  await committed(store, put('Patient/changed', { index: text('chronic pain', 'chronic pain') }));
  await committed(store, put('Patient/changed', { expected: 1, index: text('healthy', 'well') }));
  await committed(store, put('Patient/deleted', { index: text('chronic pain') }));
  await committed(store, tombstone('Patient/deleted', 1));
  await committed(store, put('Patient/erased', { index: text('chronic pain') }));
  await committed(store, { kind: 'erase', key: { type: 'Patient', id: 'erased' }, expected: 1 });
  await committed(
    store,
    put('Observation/o', {
      index: [{ param: 'Observation.subject', kind: 'reference', base: null, type: 'Patient', id: 'a' }],
    }),
  );
}

const content = (phrase: string): Condition => ({ kind: 'text', in: 'content', phrase });
const narrative = (phrase: string): Condition => ({ kind: 'text', in: 'narrative', phrase });
const not = (of: Condition): Condition => ({ kind: 'not', of });

export function textRules(open: OpenStore): void {
  describe('full text', () => {
    const store = useStore(open, fill);
    const cases: [rule: string, where: Condition, ids: string[]][] = [
      ['a word anywhere', content('pain'), ['a', 'b']],
      ['a word of the narrative counts as anywhere', content('man'), ['a']],
      ['a word of the narrative alone', narrative('knee'), ['b']],
      ['whole words only', content('pai'), []],
      ['a phrase: words one behind the other', content('chronic pain'), ['a']],
      ['a phrase, whatever stands between its words', content('pain chronic'), ['b']],
      ['no phrase over narrative and the rest', content('knee old'), []],
      ['words with marks in them', content('o’neil'), ['b']],
      ['numbers', content('12.5mg'), ['c']],
      ['quotes and operators as what they are: nothing', content('pain" or "schmerz'), []],
      ['nothing of an earlier version, a tombstone or an erased resource', content('healthy'), ['changed']],
      ['both', { kind: 'and', of: [content('pain'), narrative('left')] }, ['b']],
      ['either', { kind: 'or', of: [content('schmerz'), narrative('man')] }, ['a', 'c']],
      ['neither', { kind: 'and', of: [not(content('pain')), content('schmerz')] }, ['c']],
      ['without a word', not(content('pain')), ['c', 'none', 'changed']],
      [
        'with another condition',
        {
          kind: 'and',
          of: [
            content('chronic'),
            { kind: 'value', param: 'Patient.name', test: { kind: 'string', match: 'starts', folded: 'an' } },
          ],
        },
        ['a', 'b'],
      ],
    ];

    it.each(cases)('finds %s', async (_, where, ids) => {
      expect(await found(store(), query(where, ['Patient']))).toEqual(ids.map((id) => `Patient/${id}`));
    });

    it('over all types, page by page and in the opposite order', async () => {
      const everywhere = query(content('pain'));
      expect(await pages(store(), everywhere, 1)).toEqual([['Patient/a'], ['Patient/b'], ['Basic/d']]);
      const newest = query(content('pain'), undefined, [{ by: 'updated', descending: true }]);
      expect(await pages(store(), newest, 2)).toEqual([['Basic/d', 'Patient/b'], ['Patient/a']]);
    });

    it('at the end of a chain', async () => {
      const chain: Condition = {
        kind: 'chain',
        param: 'Observation.subject',
        types: ['Patient'],
        where: content('knee'),
      };
      expect(await found(store(), query(chain))).toEqual(['Observation/o']);
    });

    it('nothing of a commit that failed', async () => {
      const failed = await store().commit([
        put('Patient/new', { index: text('unheard') }),
        put('Patient/a', { expected: 7 }),
      ]);
      expect(failed.done).toBe(false);
      await committed(store(), put('Patient/later', { index: text('unheard of') }));
      expect(names((await store().search(query(content('unheard')), 10)).matches)).toEqual(['Patient/later']);
    });
  });
}
