/** What every adapter of the imaging index must do. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  ImagingFilter,
  ImagingIndex,
  ImagingQuery,
  IndexedValue,
  InstanceKey,
  NewInstance,
} from './imaging-index.ts';

export interface OpenedImagingIndex {
  readonly index: ImagingIndex;
  /** Closes the index and opens it again on the same data. */
  reopen(): Promise<ImagingIndex>;
  dispose(): Promise<void>;
}

const patientName = 0x00100010;
const modality = 0x00080060;
const studyDate = 0x00080020;
const weight = 0x00101030;

const partition = 'Microsoft.Default';
const bytes = (text: string) => Buffer.from(JSON.stringify(text));

/** `1.2.3`: study 1, series 1.2, instance 1.2.3. */
function keyOf(path: string, inPartition = partition): InstanceKey {
  const [study = '', series = '', instance = ''] = path.split('.');
  return { partition: inPartition, study, series: `${study}.${series}`, instance: `${study}.${series}.${instance}` };
}

function instanceOf(key: InstanceKey, version: number, values: readonly IndexedValue[] = []): NewInstance {
  return {
    key,
    version,
    length: version * 100,
    transferSyntax: '1.2.840.10008.1.2.1',
    metadata: bytes(`metadata ${version}`),
    frames: undefined,
    shown: { study: bytes(`study ${version}`), series: bytes('series'), instance: bytes('instance') },
    values,
    tagsVersion: 0,
  };
}

export function imagingIndexContract(name: string, open: () => Promise<OpenedImagingIndex>): void {
  describe(`${name} keeps the contract of imaging indexes`, () => {
    let opened: OpenedImagingIndex;
    let index: ImagingIndex;
    beforeEach(async () => {
      opened = await open();
      index = opened.index;
    });
    afterEach(() => opened.dispose());

    const put = async (path: string, values: readonly IndexedValue[] = [], replace = false): Promise<number> => {
      const key = keyOf(path);
      const version = await index.begin();
      const result = await index.store(instanceOf(key, version, values), replace);
      if (!result.done) throw new Error(`${path} is stored already.`);
      return version;
    };
    const search = async (level: ImagingQuery['level'], filters: ImagingFilter[], more: Partial<ImagingQuery> = {}) => {
      const found = await index.search({ level, scope: { partition }, filters, ...more }, 100, 0);
      return found.map(({ scope }) => scope[level]);
    };
    const instances = async (scope = {}) =>
      (await index.instances({ partition, ...scope }, 100)).map(({ key }) => key.instance);

    it('what is stored is there at every level, after opening again too', async () => {
      for (const path of ['1.1.1', '1.1.2', '1.2.1', '2.1.1']) await put(path);
      const check = async () => {
        expect(await instances()).toEqual(['1.1.1', '1.1.2', '1.2.1', '2.1.1']);
        expect(await instances({ study: '1', series: '1.1' })).toEqual(['1.1.1', '1.1.2']);
        expect(await index.counts({ partition, study: '1' })).toMatchObject({ series: 2, instances: 3 });
        expect(await index.stamp({ partition, study: '1' })).toMatchObject({ count: 3 });
        expect(await index.stamp({ partition, study: '9' })).toEqual({ count: 0, version: 0 });
      };
      await check();
      index = await opened.reopen();
      await check();
    });

    it('an instance comes back with its metadata, page by page', async () => {
      const versions = [await put('1.1.1'), await put('1.1.2'), await put('1.1.3')];
      const [first] = await index.instances({ partition, study: '1' }, 1);
      expect(first).toMatchObject({ key: keyOf('1.1.1'), version: versions[0], transferSyntax: '1.2.840.10008.1.2.1' });
      const behind = await index.metadata({ partition, study: '1' }, 10, versions[0]);
      expect(behind.map(({ version }) => version)).toEqual(versions.slice(1));
      expect(Buffer.from(behind[0]?.metadata ?? [])).toEqual(bytes(`metadata ${versions[1]}`));
    });

    it('nothing begun is seen before it is stored', async () => {
      const version = await index.begin();
      expect(await instances()).toEqual([]);
      expect(await index.changes({ limit: 10 })).toEqual([]);
      await index.store(instanceOf(keyOf('1.1.1'), version), false);
      expect(await instances()).toEqual(['1.1.1']);
    });

    it('of several that store the same instance one wins', async () => {
      const begun = await Promise.all([1, 2, 3, 4].map(() => index.begin()));
      expect(new Set(begun).size).toBe(4);
      const results = await Promise.all(
        begun.map((version) => index.store(instanceOf(keyOf('1.1.1'), version), false)),
      );
      expect(results.filter(({ done }) => done)).toHaveLength(1);
      expect(await instances()).toEqual(['1.1.1']);
    });

    it('a replacement takes the place, and the file of the former is left over', async () => {
      const first = await put('1.1.1', [{ level: 'study', tag: patientName, text: 'old' }]);
      const second = await put('1.1.1', [{ level: 'study', tag: patientName, text: 'new' }], true);
      expect((await index.instances({ partition }, 10)).map(({ version }) => version)).toEqual([second]);
      const byName = (text: string): ImagingFilter[] => [
        { level: 'study', tag: patientName, filter: { kind: 'equals', texts: [text] } },
      ];
      expect(await search('study', byName('old'))).toEqual([]);
      expect(await search('study', byName('new'))).toEqual(['1']);
      const soon = Date.now() + 60_000;
      expect(await index.leftovers({ removedBefore: soon, begunBefore: 0 }, 10)).toEqual([first]);
    });

    it('an update keeps what was there before the first one, until the instance goes', async () => {
      const first = await put('1.1.1');
      const update = async (of: number) => {
        const version = await index.begin();
        return { version, result: await index.update(instanceOf(keyOf('1.1.1'), version), of) };
      };
      const second = await update(first);
      expect(second.result).toEqual({ done: true });
      const third = await update(second.version);
      expect(third.result).toEqual({ done: true });
      const late = await update(second.version);
      expect(late.result).toEqual({ done: false, reason: 'gone' });
      await index.abandon(late.version);
      const versions = async (original: boolean) =>
        (await index.instances({ partition, study: '1', original }, 9)).map(({ version, length }) => [version, length]);
      expect(await versions(false)).toEqual([[third.version, third.version * 100]]);
      expect(await versions(true)).toEqual([[first, first * 100]]);
      const [metadata] = await index.metadata({ partition, original: true }, 9);
      expect(Buffer.from(metadata?.metadata ?? [])).toEqual(bytes(`metadata ${first}`));
      expect(await index.stamp({ partition, original: true })).toEqual({ count: 1, version: first });
      const log = await index.changes({ limit: 9 });
      expect(log.map(({ action, current }) => [action, current])).toEqual([
        ['create', third.version],
        ['update', third.version],
        ['update', third.version],
      ]);
      const soon = { removedBefore: Date.now() + 60_000, begunBefore: 0 };
      expect([...(await index.leftovers(soon, 9))].toSorted()).toEqual([second.version, late.version].toSorted());
      await index.remove({ partition });
      expect((await index.leftovers(soon, 9)).toSorted()).toEqual([first, second.version, third.version, late.version]);
      expect(await versions(true)).toEqual([]);
    });

    it('has something unfinished until the files that nobody wants are gone', async () => {
      const removed = await put('1.1.1');
      await index.remove({ partition });
      index = await opened.reopen();
      expect(await index.hasUnfinished()).toBe(true);
      const soon = Date.now() + 60_000;
      await index.cleaned(await index.leftovers({ removedBefore: soon, begunBefore: soon }, 100));
      index = await opened.reopen();
      expect([removed > 0, await index.hasUnfinished()]).toEqual([true, false]);
    });

    it('the default partition is there from the beginning', async () => {
      expect((await index.partitions()).map(({ key, name }) => [key, name])).toEqual([[1, partition]]);
    });

    it('partitions have keys in the order in which they were added, each once', async () => {
      for (const name of [partition, 'b', 'a', 'b']) await index.addPartition(name);
      const all = await index.partitions();
      expect(all.map(({ key, name }) => [key, name])).toEqual([
        [1, partition],
        [2, 'b'],
        [3, 'a'],
      ]);
    });

    it('the same UIDs in another partition are others', async () => {
      await put('1.1.1');
      const key = keyOf('1.1.1', 'other');
      const version = await index.begin();
      expect(await index.store(instanceOf(key, version), false)).toMatchObject({ done: true });
      expect(await index.remove({ partition: 'other', study: '1' })).toBe(1);
      expect(await instances()).toEqual(['1.1.1']);
    });

    it('removing takes away one level, and what is empty above it', async () => {
      for (const path of ['1.1.1', '1.1.2', '1.2.1']) await put(path);
      expect(await index.remove({ partition, study: '1', series: '1.1', instance: '1.1.1' })).toBe(1);
      expect(await instances()).toEqual(['1.1.2', '1.2.1']);
      expect(await index.remove({ partition, study: '1', series: '1.2' })).toBe(1);
      expect(await search('series', [])).toEqual(['1.1']);
      expect(await index.remove({ partition, study: '1' })).toBe(1);
      expect(await search('study', [])).toEqual([]);
      expect(await index.remove({ partition, study: '1' })).toBe(0);
      await put('1.1.1');
      expect(await instances()).toEqual(['1.1.1']);
    });

    it('files that nobody wants are named until they are gone', async () => {
      const begun = await index.begin();
      const given = await index.begin();
      await index.abandon(given);
      const removed = await put('2.1.1');
      await index.remove({ partition, study: '2' });
      const [past, soon] = [Date.now() - 60_000, Date.now() + 60_000];
      expect(await index.leftovers({ removedBefore: past, begunBefore: past }, 10)).toEqual([given]);
      expect(await index.leftovers({ removedBefore: soon, begunBefore: past }, 10)).toEqual([given, removed]);
      const all = await index.leftovers({ removedBefore: soon, begunBefore: soon }, 10);
      expect(all.toSorted()).toEqual([begun, given, removed].toSorted());
      await index.cleaned([given, removed]);
      expect(await index.leftovers({ removedBefore: soon, begunBefore: soon }, 10)).toEqual([begun]);
    });

    it('the log has every change in order, without gaps, under sixteen writers', async () => {
      const paths = Array.from({ length: 16 }, (_, writer) =>
        Array.from({ length: 8 }, (_, at) => `${writer + 1}.1.${at + 1}`),
      );
      await Promise.all(
        paths.map(async (own) => {
          for (const path of own) await put(path);
        }),
      );
      await index.remove({ partition, study: '3' });
      const log = await index.changes({ limit: 1000 });
      expect(log.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 136 }, (_, at) => at + 1));
      expect(log.map(({ time }) => time)).toEqual(log.map(({ time }) => time).toSorted((a, b) => a - b));
      expect(log.filter(({ action }) => action === 'delete')).toHaveLength(8);
      const gone = log.filter(({ key }) => key.study === '3');
      expect(gone.every(({ current }) => current === undefined)).toBe(true);
      expect(log.find(({ key }) => key.study === '4')).toMatchObject({ action: 'create', current: expect.any(Number) });
    });

    it('the log is read from a sequence on, or by time', async () => {
      await put('1.1.1');
      await put('1.1.2');
      const [first, second] = await index.changes({ limit: 10 });
      expect(await index.changes({ after: 1, limit: 10 })).toEqual([second]);
      expect(await index.changes({ limit: 1, skip: 1 })).toEqual([second]);
      expect(await index.changes({ since: (second?.time ?? 0) + 1, limit: 10 })).toEqual([]);
      expect(await index.changes({ before: first?.time ?? 0, limit: 10 })).toEqual([]);
      expect(await index.lastChange()).toEqual(second);
    });

    it('a version that was replaced tells of the one that is current', async () => {
      const first = await put('1.1.1');
      const second = await put('1.1.1', [], true);
      const log = await index.changes({ limit: 10 });
      expect(log.map(({ action, version, current }) => [action, version, current])).toEqual([
        ['create', first, second],
        ['update', second, second],
      ]);
    });

    describe('a search', () => {
      beforeEach(async () => {
        const study = (tag: number, text: string, words?: string): IndexedValue => ({
          level: 'study',
          tag,
          text,
          ...(words !== undefined && { words }),
        });
        const series = (text: string): IndexedValue => ({ level: 'series', tag: modality, text });
        const doe = [study(patientName, 'doe^john', 'doe john'), study(studyDate, '20200101')];
        await put('1.1.1', [...doe, series('ct'), { level: 'instance', tag: weight, number: 70 }]);
        await put('1.2.1', [...doe, series('mr'), { level: 'instance', tag: weight, number: 80 }]);
        await put('2.1.1', [study(patientName, 'roe^jane', 'roe jane'), study(studyDate, '20210601'), series('ct')]);
      });
      const by = (level: ImagingFilter['level'], tag: number, filter: ImagingFilter['filter']) => [
        { level, tag, filter },
      ];

      it('gives the newest first, page by page', async () => {
        expect(await search('study', [])).toEqual(['2', '1']);
        const page = await index.search({ level: 'instance', scope: { partition }, filters: [] }, 1, 1);
        expect(page.map(({ scope }) => scope.instance)).toEqual(['1.2.1']);
      });

      it('equals, at each level', async () => {
        const john = by('study', patientName, { kind: 'equals', texts: ['doe^john', 'other'] });
        expect(await search('study', john)).toEqual(['1']);
        expect(await search('instance', john)).toEqual(['1.2.1', '1.1.1']);
        const ct = by('series', modality, { kind: 'equals', texts: ['ct'] });
        expect(await search('series', [...john, ...ct])).toEqual(['1.1']);
      });

      it.each([
        ['20200101', '20201231', ['1']],
        ['20200102', undefined, ['2']],
        [undefined, '20210601', ['2', '1']],
        ['20220101', undefined, []],
      ])('between %s and %s', async (low, high, expected) => {
        expect(await search('study', by('study', studyDate, { kind: 'between', low, high }))).toEqual(expected);
      });

      it('a number', async () => {
        expect(await search('instance', by('instance', weight, { kind: 'number', number: 80 }))).toEqual(['1.2.1']);
      });

      it.each([
        ['doe*', ['1']],
        ['?oe^j*', ['2', '1']],
        ['doe', []],
        ['[d]oe*', []],
        ['*oe', []],
      ])('a pattern: %s', async (pattern, expected) => {
        expect(await search('study', by('study', patientName, { kind: 'matches', pattern }))).toEqual(expected);
      });

      it('one of several UIDs', async () => {
        expect(await search('study', [], { uids: { study: ['2', '9'] } })).toEqual(['2']);
        expect(await search('instance', [], { uids: { study: ['1'], series: ['1.2', '2.1'] } })).toEqual(['1.2.1']);
      });

      it('the words of a name', async () => {
        expect(await search('study', by('study', patientName, { kind: 'words', words: ['jo'] }))).toEqual(['1']);
        expect(await search('study', by('study', patientName, { kind: 'words', words: ['oe'] }))).toEqual([]);
      });

      it('a modality in the study', async () => {
        expect(await search('study', [], { modality: 'mr' })).toEqual(['1']);
        expect(await search('study', [], { modality: 'ct' })).toEqual(['2', '1']);
        expect(await index.counts({ partition, study: '1' })).toMatchObject({ modalities: ['ct', 'mr'] });
      });

      it('in a study or series', async () => {
        expect(await search('series', [], { scope: { partition, study: '1' } })).toEqual(['1.2', '1.1']);
        expect(await search('instance', [], { scope: { partition, study: '1', series: '1.1' } })).toEqual(['1.1.1']);
      });

      it('shows what each level was stored with, a study what its newest instance says', async () => {
        const [found] = await index.search({ level: 'series', scope: { partition, study: '1' }, filters: [] }, 1, 0);
        expect(found?.shown.study).toMatch(/^"study \d+"$/);
        expect(found?.shown.series).toBe(bytes('series').toString());
        expect(found?.shown.instance).toBeUndefined();
      });

      it('takes every text as a value', async () => {
        const text = "x' OR '1'='1";
        expect(await search('study', by('study', patientName, { kind: 'equals', texts: [text] }))).toEqual([]);
        expect(await search('study', [], { modality: text })).toEqual([]);
      });
    });

    describe('query tags', () => {
      const age = 0x00101010;
      const tag = { tag: age, vr: 'AS', level: 'study' } as const;
      const value = (text: string): IndexedValue => ({ level: 'study', tag: age, text });
      const byAge = (text: string): ImagingFilter[] => [
        { level: 'study', tag: age, filter: { kind: 'equals', texts: [text] } },
      ];

      it('come all or none, once for their operation, up to the most', async () => {
        expect(await index.queryTags()).toEqual({ version: 0, tags: [] });
        expect(await index.addQueryTags([tag], 'one', 2)).toBe('added');
        const added = { ...tag, status: 'adding', enabled: true, operation: 'one', errors: 0 };
        expect(await index.queryTags()).toEqual({ version: 1, tags: [added] });
        const other = { tag: 0x12051003, vr: 'CS', creator: 'X', level: 'instance' } as const;
        expect(await index.addQueryTags([tag], 'one', 2)).toBe('added');
        expect(await index.addQueryTags([other, tag], 'two', 2)).toBe('exists');
        expect(await index.addQueryTags([other, { ...other, tag: 0x12051004 }], 'two', 2)).toBe('too-many');
        await index.completeQueryTags('one');
        expect(await index.addQueryTags([other], 'two', 2)).toBe('added');
        expect(await index.enableQueryTag(age, false)).toBe(true);
        expect(await index.enableQueryTag(0x00101020, false)).toBe(false);
        index = await opened.reopen();
        expect(await index.queryTags()).toEqual({
          version: 2,
          tags: [
            { ...added, status: 'ready', enabled: false },
            { ...other, status: 'adding', enabled: true, operation: 'two', errors: 0 },
          ],
        });
      });

      it('an instance that was indexed by others than the present ones is not stored', async () => {
        const version = await index.begin();
        await index.addQueryTags([tag], 'one', 128);
        const late = instanceOf(keyOf('1.1.1'), version);
        expect(await index.store(late, false)).toEqual({ done: false, reason: 'other-tags' });
        expect(await instances()).toEqual([]);
        expect(await index.store({ ...late, tagsVersion: 1, values: [value('034y')] }, false)).toMatchObject({
          done: true,
        });
        expect(await search('study', byAge('034y'))).toEqual(['1']);
      });

      it('older instances are indexed from the newest down; the newest value of a level stays', async () => {
        const versions = [await put('1.1.1'), await put('1.1.2'), await put('2.1.1')];
        await index.addQueryTags([tag], 'one', 128);
        const below = await index.metadataBelow(Number.MAX_SAFE_INTEGER, 2);
        expect(below.map(({ version }) => version)).toEqual([versions[2], versions[1]]);
        expect((await index.metadataBelow(versions[1] ?? 0, 9)).map(({ version }) => version)).toEqual([versions[0]]);
        const late = (at: number, text: string) => ({ version: versions[at] ?? 0, values: [value(text)], faults: [] });
        await index.addLateValues([late(1, 'new')]);
        await index.addLateValues([late(1, 'new'), late(0, 'old')]);
        expect(await search('study', byAge('new'))).toEqual(['1']);
        expect(await search('study', byAge('old'))).toEqual([]);
      });

      it('a value that cannot be indexed is an error of its instance and disables the tag, once', async () => {
        const version = await put('1.1.1');
        await index.addQueryTags([tag], 'one', 128);
        const late = [
          { version, values: [], faults: [{ tag: age, fault: 3 }] },
          { version: 99, values: [], faults: [] },
        ];
        await index.addLateValues(late);
        expect((await index.queryTags()).tags[0]).toMatchObject({ enabled: false, errors: 1 });
        const time = expect.any(Number);
        expect(await index.queryTagErrors(age, 10, 0)).toEqual([{ ...keyOf('1.1.1'), time, fault: 3 }]);
        expect(await index.queryTagErrors(age, 10, 1)).toEqual([]);
        await index.enableQueryTag(age, true);
        await index.addLateValues(late);
        expect((await index.queryTags()).tags[0]).toMatchObject({ enabled: true, errors: 1 });
        await index.remove({ partition, study: '1' });
        expect((await index.queryTags()).tags[0]).toMatchObject({ errors: 0 });
      });

      it('one that goes takes its values away, batch by batch, and no others', async () => {
        await index.addQueryTags([tag], 'one', 128);
        for (const path of ['1.1.1', '2.1.1', '3.1.1']) {
          const values = [value('034y'), { level: 'study', tag: patientName, text: 'doe' } as const];
          await index.store({ ...instanceOf(keyOf(path), await index.begin(), values), tagsVersion: 1 }, false);
        }
        await index.beginQueryTagRemoval(age);
        expect(await index.queryTags()).toMatchObject({ version: 2, tags: [{ status: 'deleting' }] });
        expect(await index.removeQueryTag(age, 2)).toBe(false);
        expect(await search('study', byAge('034y'))).toHaveLength(1);
        expect(await index.removeQueryTag(age, 2)).toBe(true);
        expect(await search('study', byAge('034y'))).toEqual([]);
        expect((await index.queryTags()).tags).toEqual([]);
        await index.addQueryTags([tag], 'two', 128);
        expect(await index.removeQueryTag(age, 2)).toBe(true);
        expect((await index.queryTags()).tags).toHaveLength(1);
        const byName = [{ level: 'study', tag: patientName, filter: { kind: 'equals', texts: ['doe'] } }] as const;
        expect(await search('study', [...byName])).toHaveLength(3);
      });
    });

    it('check passes while it can read and write', () => index.check());
  });
}
