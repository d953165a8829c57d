/** What every adapter of the worklist must do. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewWorkitem, WorkitemFilter, WorkitemValue, Worklist } from './worklist.ts';
import { eventsKept, type SubscriptionTarget } from './worklist-subscriptions.ts';

export interface OpenedWorklist {
  readonly worklist: Worklist;
  /** Closes the worklist and opens it again on the same data. */
  reopen(): Promise<Worklist>;
  dispose(): Promise<void>;
}

const partition = 'Microsoft.Default';
const keyOf = (uid: string, inPartition = partition) => ({ partition: inPartition, uid });

function workitem(uid: string, content: string, values: readonly WorkitemValue[] = []): NewWorkitem {
  return { key: keyOf(uid), transaction: undefined, dataSet: Buffer.from(JSON.stringify(content)), values, events: [] };
}

export function worklistContract(name: string, open: () => Promise<OpenedWorklist>): void {
  describe(`${name} keeps the contract of worklists`, () => {
    let opened: OpenedWorklist;
    let worklist: Worklist;
    beforeEach(async () => {
      opened = await open();
      worklist = opened.worklist;
    });
    afterEach(() => opened.dispose());

    const content = async (uid: string, inPartition = partition) => {
      const found = await worklist.read(keyOf(uid, inPartition));
      return found && JSON.parse(Buffer.from(found.dataSet).toString());
    };
    const search = async (filters: readonly WorkitemFilter[], limit = 100, offset = 0) =>
      (await worklist.search(partition, filters, limit, offset)).map(({ key }) => key.uid);

    it('what is created and replaced is there, after opening again too', async () => {
      expect(await worklist.create(workitem('1', 'new'))).toBe(true);
      expect(await worklist.replace({ ...workitem('1', 'claimed'), transaction: '9' }, 1)).toBe(true);
      const check = async () => {
        expect(await worklist.read(keyOf('1'))).toMatchObject({ key: keyOf('1'), revision: 2, transaction: '9' });
        expect(await content('1')).toBe('claimed');
        expect(await worklist.read(keyOf('2'))).toBeUndefined();
      };
      await check();
      worklist = await opened.reopen();
      await check();
    });

    it('a UID is taken once, in each partition', async () => {
      const results = await Promise.all([1, 2, 3, 4].map((writer) => worklist.create(workitem('1', `by ${writer}`))));
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await worklist.create({ ...workitem('1', 'elsewhere'), key: keyOf('1', 'other') })).toBe(true);
      expect(await content('1')).toMatch(/^by \d$/);
      expect(await content('1', 'other')).toBe('elsewhere');
      expect(await search([])).toEqual(['1']);
    });

    it('of several that replace the same revision one wins', async () => {
      await worklist.create(workitem('1', 'new'));
      const results = await Promise.all(
        [1, 2, 3, 4].map((writer) => worklist.replace(workitem('1', `by ${writer}`), 1)),
      );
      expect(results.filter(Boolean)).toHaveLength(1);
      expect(await content('1')).toBe(`by ${results.indexOf(true) + 1}`);
      expect(await worklist.read(keyOf('1'))).toMatchObject({ revision: 2 });
    });

    it('a revision that is not there is not replaced', async () => {
      expect(await worklist.replace(workitem('1', 'none'), 1)).toBe(false);
      expect(await worklist.read(keyOf('1'))).toBeUndefined();
    });

    it('a replacement is found by its new values only', async () => {
      const by = (text: string): WorkitemFilter[] => [{ path: 'state', filter: { kind: 'equals', texts: [text] } }];
      await worklist.create(workitem('1', 'new', [{ path: 'state', text: 'scheduled' }]));
      await worklist.replace(workitem('1', 'done', [{ path: 'state', text: 'completed' }]), 1);
      await worklist.replace(workitem('1', 'late', [{ path: 'state', text: 'canceled' }]), 1);
      expect(await search(by('scheduled'))).toEqual([]);
      expect(await search(by('canceled'))).toEqual([]);
      expect(await search(by('completed'))).toEqual(['1']);
    });

    describe('a search', () => {
      beforeEach(async () => {
        const doe = { path: 'name', text: 'doe^john', words: 'doe john' };
        const at = (text: string) => ({ path: 'start', text });
        const station = (text: string) => ({ path: 'station', text });
        await worklist.create(workitem('1', 'one', [doe, at('20200101'), station('ct1'), station('ct2')]));
        await worklist.create(workitem('2', 'two', [doe, at('20210601'), station('mr1')]));
        await worklist.create(workitem('3', 'three', [{ path: 'name', text: 'roe^jane', words: 'roe jane' }]));
      });

      it('gives the newest first, page by page, whatever was replaced since', async () => {
        await worklist.replace(workitem('1', 'again'), 1);
        expect(await search([])).toEqual(['3', '2', '1']);
        expect(await search([], 1, 1)).toEqual(['2']);
        expect(await search([], 10, 3)).toEqual([]);
      });

      it.each<[string, WorkitemFilter[], string[]]>([
        ['one of several values', [{ path: 'station', filter: { kind: 'equals', texts: ['ct2'] } }], ['1']],
        ['between two', [{ path: 'start', filter: { kind: 'between', low: '20200101', high: '20201231' } }], ['1']],
        ['from one on', [{ path: 'start', filter: { kind: 'between', low: '20200102', high: undefined } }], ['2']],
        ['up to one', [{ path: 'start', filter: { kind: 'between', low: undefined, high: '2022' } }], ['2', '1']],
        ['words', [{ path: 'name', filter: { kind: 'words', words: ['jo'] } }], ['2', '1']],
        [
          'all of several',
          [
            { path: 'name', filter: { kind: 'equals', texts: ['doe^john'] } },
            { path: 'station', filter: { kind: 'equals', texts: ['mr1'] } },
          ],
          ['2'],
        ],
        ['a value of another path', [{ path: 'name', filter: { kind: 'equals', texts: ['ct2'] } }], []],
        ['text that looks like SQL', [{ path: 'name', filter: { kind: 'equals', texts: ["' OR 1=1 --"] } }], []],
      ])('%s', async (_, filters, expected) => {
        expect(await search(filters)).toEqual(expected);
      });
    });

    describe('subscribers', () => {
      const limits = { subscribers: 3, subscriptions: 4 };
      const subscriber = (aeTitle: string) => ({ partition, aeTitle });
      const subscribe = (aeTitle: string, target: SubscriptionTarget, events: readonly Uint8Array[] = []) =>
        worklist.subscribe({ ...subscriber(aeTitle), target, deletionLock: false, events }, limits);
      const told = async (aeTitle: string, after = 0, limit = 5000) =>
        (await worklist.nextEvents(subscriber(aeTitle), after, limit))?.map(({ data }) => Buffer.from(data).toString());
      const event = (text: string) => [Buffer.from(text)];

      it('are told in the commit of the change, each in order, after opening again too', async () => {
        await subscribe('one', { kind: 'one', uid: '1' }, event('now'));
        await subscribe('all', { kind: 'all' });
        await worklist.create({ ...workitem('1', 'new'), events: event('created 1') });
        await worklist.create({ ...workitem('2', 'new'), events: event('created 2') });
        await worklist.replace({ ...workitem('1', 'changed'), events: event('changed 1') }, 1);
        await worklist.replace({ ...workitem('1', 'late'), events: event('never') }, 1);
        await worklist.create({ ...workitem('2', 'twice'), events: event('never') });
        await worklist.create({ ...workitem('3', 'else'), key: keyOf('3', 'other'), events: event('elsewhere') });
        worklist = await opened.reopen();
        expect(await told('one')).toEqual(['now', 'created 1', 'changed 1']);
        expect(await told('all')).toEqual(['created 1', 'created 2', 'changed 1']);
        expect(await told('nobody')).toBeUndefined();
      });

      it('are not told again what they say has come', async () => {
        await subscribe('all', { kind: 'all' });
        for (const text of ['a', 'b', 'c']) await worklist.create({ ...workitem(text, text), events: event(text) });
        const [, second] = (await worklist.nextEvents(subscriber('all'), 0, 2)) ?? [];
        expect(await told('all', second?.number)).toEqual(['c']);
        await worklist.forgetEvents(subscriber('all'), second?.number ?? 0);
        expect(await told('all')).toEqual(['c']);
      });

      it('are kept no more than the newest events', async () => {
        const many = Array.from({ length: eventsKept + 5 }, (_, at) => Buffer.from(String(at)));
        await subscribe('one', { kind: 'one', uid: '1' }, many);
        const kept = await told('one');
        expect([kept?.length, kept?.[0]]).toEqual([eventsKept, '5']);
      });

      it('are no more than the limits', async () => {
        for (const aeTitle of ['a', 'b', 'c']) expect(await subscribe(aeTitle, { kind: 'all' })).toBe(true);
        expect(await subscribe('d', { kind: 'all' })).toBe(false);
        expect(await subscribe('a', { kind: 'one', uid: '1' })).toBe(true);
        expect(await subscribe('a', { kind: 'one', uid: '2' })).toBe(false);
        expect(await subscribe('a', { kind: 'one', uid: '1' })).toBe(true);
      });

      it('watch what they are subscribed to', async () => {
        await worklist.create(workitem('1', 'x', [{ path: 'name', text: 'doe' }]));
        await worklist.create(workitem('2', 'x', [{ path: 'name', text: 'roe' }]));
        const watched = async () => [await worklist.isWatched(keyOf('1')), await worklist.isWatched(keyOf('2'))];
        expect(await watched()).toEqual([false, false]);
        const filters = [{ path: 'name', filter: { kind: 'equals', texts: ['doe'] } }] as const;
        await subscribe('a', { kind: 'filtered', filters });
        expect(await watched()).toEqual([true, false]);
        expect(await worklist.suspend(subscriber('a'), 'filtered')).toBe(true);
        expect(await worklist.suspend(subscriber('a'), 'all')).toBe(false);
        await worklist.create(workitem('3', 'x', [{ path: 'name', text: 'doe' }]));
        expect([...(await watched()), await worklist.isWatched(keyOf('3'))]).toEqual([true, false, false]);
        expect(await worklist.unsubscribe(subscriber('a'), { kind: 'one', uid: '2' })).toBe(false);
        expect(await worklist.unsubscribe(subscriber('a'), { kind: 'one', uid: '1' })).toBe(true);
        expect(await watched()).toEqual([false, false]);
        expect(await worklist.unsubscribe(subscriber('a'), { kind: 'filtered' })).toBe(true);
        expect(await told('a')).toBeUndefined();
      });
    });

    it('check passes while it can read and write', () => worklist.check());
  });
}
