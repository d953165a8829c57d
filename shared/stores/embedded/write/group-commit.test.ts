import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change, CommitResult } from '../../resources/resource-store.ts';
import { openReader, openWriter } from '../connection.ts';
import { updatedAt } from '../position.ts';
import { migrate } from '../schema.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { GroupCommit } from './group-commit.ts';

function put(id: string, expected = 0, bytes = 10): Change {
  const body = new Uint8Array(bytes);
  const index = [{ param: 'Basic.name', kind: 'string', folded: id, exact: id }] as const;
  return { kind: 'put', key: { type: 'Basic', id }, expected, method: 'PUT', body, index, keepPrevious: true };
}

describe('group commit', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let database: DatabaseSync;
  let clock: number;
  let group: GroupCommit;

  const fresh = () => {
    database = openWriter(`${folder.path}/test.db`);
    migrate(database);
    database.prepare('INSERT OR IGNORE INTO store VALUES (1, 0, ?)').run(new Uint8Array(32));
    group = new GroupCommit(database, () => clock);
  };

  beforeEach(() => {
    folder = temporaryFolder();
    clock = Date.UTC(2026, 0, 1);
    fresh();
  });

  afterEach(() => {
    database.close();
    folder.remove();
  });

  const add = (...changes: Change[]) =>
    new Promise<CommitResult>((resolve, reject) => {
      group.add({
        changes,
        guards: [],
        answer: (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)),
      });
    });
  const stamps = (result: CommitResult) => (result.done ? result.stamps : []);
  const commits = () => {
    let count = 0;
    const exec = database.exec.bind(database);
    database.exec = (text) => {
      if (text === 'COMMIT') count += 1;
      exec(text);
    };
    return () => count;
  };

  it('commits that come together share one COMMIT', async () => {
    const counted = commits();
    const results = await Promise.all(Array.from({ length: 50 }, (_, at) => add(put(`r${at}`))));
    expect(results.every(({ done }) => done)).toBe(true);
    expect(counted()).toBe(1);
    await add(put('later'));
    expect(counted()).toBe(2);
  });

  it('answers only what another connection can read', async () => {
    const reader = openReader(`${folder.path}/test.db`);
    const rows = () => reader.prepare('SELECT count(*) AS n FROM resource').get()?.n;
    const seen: unknown[] = [];
    await Promise.all(['a', 'b', 'c'].map((id) => add(put(id)).then(() => seen.push(rows()))));
    expect(seen).toEqual([3, 3, 3]);
    reader.close();
  });

  it('a conflict in the middle of a batch takes back its own commit alone', async () => {
    const [first, conflict, last] = await Promise.all([
      add(put('a')),
      add(put('new'), put('a'), put('never')),
      add(put('z'), put('a', 1)),
    ]);
    expect(first?.done).toBe(true);
    expect(conflict).toEqual({ done: false, key: { type: 'Basic', id: 'a' } });
    expect(last && stamps(last).map(({ version }) => version)).toEqual([1, 2]);
    const ids = database.prepare('SELECT id FROM resource ORDER BY id').all();
    expect(ids.map(({ id }) => id)).toEqual(['a', 'z']);
    expect(database.prepare('SELECT count(*) AS n FROM string_index').get()?.n).toBe(2);
  });

  it('names that a commit took back with it are numbered anew', async () => {
    const named = (id: string, type: string, expected: number): Change => ({ ...put(id, expected), key: { type, id } });
    const [refused, done] = await Promise.all([
      add(named('1', 'Fresh', 0), named('2', 'Fresh', 9)),
      add(named('3', 'Fresh', 0)),
    ]);
    expect([refused?.done, done?.done]).toEqual([false, true]);
    const types = database.prepare('SELECT n.text FROM resource AS r JOIN name AS n ON n.id = r.type').all();
    expect(types.map(({ text }) => text)).toEqual(['Fresh']);
  });

  it('a commit that fails inside the database is rejected alone', async () => {
    const broken = { ...put('broken'), body: {} } as unknown as Change;
    const outcomes = await Promise.allSettled([add(put('a')), add(broken), add(put('c'))]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(database.prepare('SELECT count(*) AS n FROM resource').get()?.n).toBe(2);
  });

  it('the time never goes back: not when the clock does, and not over a restart', async () => {
    const [one] = stamps(await add(put('a')));
    clock -= 3_600_000;
    const [two] = stamps(await add(put('b')));
    database.close();
    fresh();
    const [three] = stamps(await add(put('c')));
    clock += 7_200_000;
    const [four] = stamps(await add(put('d')));
    const positions = [one, two, three, four].map((stamp) => stamp?.position ?? 0);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(new Set(positions).size).toBe(4);
    expect(two?.updated).toBe(one?.updated);
    expect(four?.updated).toBe(clock);
    expect(updatedAt(four?.position ?? 0)).toBe(clock);
  });

  it('a position is not used again after the resource that had it was erased', async () => {
    const [one] = stamps(await add(put('a')));
    await add({ kind: 'erase', key: { type: 'Basic', id: 'a' }, expected: 1 });
    database.close();
    fresh();
    const [two] = stamps(await add(put('a')));
    expect(two?.position).toBeGreaterThan(one?.position ?? 0);
  });

  describe('on a full disk', () => {
    const limit = (pages: number) => database.prepare(`PRAGMA max_page_count = ${pages}`).get();

    it('rejects what did not fit, keeps what was answered, and goes on when there is space', async () => {
      await add(put('before'));
      const pages = Number(database.prepare('PRAGMA page_count').get()?.page_count);
      limit(pages + 5);
      const outcomes = await Promise.allSettled(Array.from({ length: 10 }, (_, at) => add(put(`big${at}`, 0, 50_000))));
      expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
      expect(database.prepare('SELECT id FROM resource').all()).toEqual([{ __proto__: null, id: 'before' }]);
      limit(1_000_000);
      expect(await add(put('big0', 0, 50_000))).toMatchObject({ done: true, stamps: [{ version: 1 }] });
      expect(database.prepare('PRAGMA integrity_check').get()).toMatchObject({ integrity_check: 'ok' });
    });

    it('a COMMIT that fails rejects every commit of the batch and leaves nothing of it', async () => {
      const exec = database.exec.bind(database);
      database.exec = (text) => {
        if (text === 'COMMIT') throw new Error('disk I/O error');
        exec(text);
      };
      const outcomes = await Promise.allSettled([add(put('a')), add(put('b'))]);
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      database.exec = exec;
      expect(database.isTransaction).toBe(false);
      expect(database.prepare('SELECT count(*) AS n FROM resource').get()?.n).toBe(0);
      expect(await add(put('a'))).toMatchObject({ done: true });
    });
  });
});
