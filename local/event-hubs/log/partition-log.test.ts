import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LogLimits, type NewEvent, PartitionLog } from './partition-log.ts';
import type { StoredEvent } from './record.ts';
import { parseStartPosition } from './start-position.ts';

const hour = 3_600_000;
const limits: LogLimits = { retentionMs: hour, mostBytes: 1_000_000, segmentBytes: 4096 };
let folder: string;
let clock: number;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ohds-log-'));
  clock = Date.now();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const event = (text: string): NewEvent => ({ encode: () => Buffer.from(text) });
const openLog = (change: Partial<LogLimits> = {}) =>
  PartitionLog.open('0', path.join(folder, '0'), { ...limits, ...change }, () => clock);
const segments = () => readdirSync(path.join(folder, '0')).toSorted();
const newest = () => path.join(folder, '0', segments().at(-1) ?? '');

async function readAll(log: PartitionLog, from = 0): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (let position = from; ; ) {
    const some = await log.read(position, 1000);
    if (some.length === 0) return events;
    events.push(...some);
    position = some.at(-1)?.next ?? 0;
  }
}
const texts = (events: readonly StoredEvent[]) => events.map(({ message }) => message.toString());

describe('the log of a partition', () => {
  it('gives events numbers, places and times in the order in which they came', async () => {
    const log = await openLog();
    expect(log.state()).toEqual({
      firstSequence: 0,
      lastSequence: -1,
      lastPosition: -1,
      lastEnqueued: 0,
      isEmpty: true,
    });
    const places: unknown[] = [];
    await log.append([{ encode: (place) => Buffer.from(String(places.push(place))) }]);
    clock -= 5000;
    await log.append([event('b'), event('c')]);
    const events = await readAll(log);
    expect(texts(events)).toEqual(['1', 'b', 'c']);
    expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual([0, 1, 2]);
    expect(places).toEqual([{ sequenceNumber: 0, offset: '0', enqueued: clock + 5000 }]);
    // A clock that is put back does not put events back.
    expect(new Set(events.map(({ enqueued }) => enqueued))).toEqual(new Set([clock + 5000]));
    expect(log.state()).toMatchObject({ lastSequence: 2, lastPosition: events[2]?.position, isEmpty: false });
    await log.close();
  });

  it('goes on behind the last event when it is opened again', async () => {
    const first = await openLog();
    for (let n = 0; n < 300; n++) await first.append([event(`event ${n} ${'x'.repeat(40)}`)]);
    const before = first.state();
    await first.close();
    expect(segments().length).toBeGreaterThan(2);
    const log = await openLog();
    expect(log.state()).toEqual(before);
    await log.append([event('and on')]);
    const events = await readAll(log);
    expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual(Array.from({ length: 301 }, (_, n) => n));
    await log.close();
  });

  it('sends that wait together share a write and keep their order', async () => {
    const log = await openLog();
    await Promise.all(Array.from({ length: 500 }, (_, n) => log.append([event(String(n))])));
    expect(texts(await readAll(log))).toEqual(Array.from({ length: 500 }, (_, n) => String(n)));
    await log.close();
  });

  it.each([1, 10, 30])('a record of which a kill has left all but %i bytes is cut off', async (lost) => {
    const first = await openLog();
    await first.append([event('whole')]);
    await first.append([event('the last one, torn')]);
    await first.close();
    const { length } = readFileSync(newest());
    truncateSync(newest(), length - lost);
    const log = await openLog();
    await log.append([event('next')]);
    const events = await readAll(log);
    expect(texts(events)).toEqual(['whole', 'next']);
    expect(events.map(({ sequenceNumber }) => sequenceNumber)).toEqual([0, 1]);
    await log.close();
  });

  it('of a send that was cut nothing is left', async () => {
    const first = await openLog();
    await first.append([event('before')]);
    await first.append([event('a'), event('b'), event('c')]);
    await first.close();
    const { length } = readFileSync(newest());
    truncateSync(newest(), length - 1);
    const log = await openLog();
    expect(texts(await readAll(log))).toEqual(['before']);
    await log.close();
  });

  it('garbage behind the last record is cut off', async () => {
    const first = await openLog();
    await first.append([event('whole')]);
    await first.close();
    appendFileSync(newest(), Buffer.alloc(5000, 7));
    const log = await openLog();
    expect(texts(await readAll(log))).toEqual(['whole']);
    await log.close();
  });

  it('says where a file is damaged in its middle', async () => {
    const log = await openLog();
    await log.append([event('x'.repeat(100))]);
    const bytes = readFileSync(newest());
    bytes[50] = 0;
    writeFileSync(newest(), bytes);
    await expect(log.read(0, 1000)).rejects.toThrow('is damaged at byte 0');
    await log.close();
  });
});

describe('retention', () => {
  it('by size: the oldest files go', async () => {
    const log = await openLog({ mostBytes: 10_000 });
    for (let n = 0; n < 100; n++) await log.append([event('x'.repeat(500))]);
    const events = await readAll(log);
    expect(events[0]?.sequenceNumber).toBe(log.state().firstSequence);
    expect(log.state().firstSequence).toBeGreaterThan(50);
    expect(events.at(-1)?.sequenceNumber).toBe(99);
    await log.close();
  });

  it('by age: all of them go, and numbers go on after another start', async () => {
    const log = await openLog();
    await log.append([event('old'), event('old too')]);
    clock += hour - 1;
    await log.dropExpired();
    expect(texts(await readAll(log))).toEqual(['old', 'old too']);
    clock += 2;
    await log.dropExpired();
    expect(await readAll(log)).toEqual([]);
    expect(log.state()).toMatchObject({ firstSequence: 2, lastSequence: 1, isEmpty: true });
    await log.close();
    const again = await openLog();
    expect(again.state()).toMatchObject({ firstSequence: 2, lastSequence: 1, isEmpty: true });
    await again.append([event('new')]);
    expect((await readAll(again)).map(({ sequenceNumber }) => sequenceNumber)).toEqual([2]);
    await again.close();
  });

  it('a reader whose events have gone goes on with the oldest', async () => {
    const log = await openLog({ mostBytes: 5000 });
    for (let n = 0; n < 40; n++) await log.append([event('x'.repeat(500))]);
    const [first] = await log.read(0, 1);
    expect(first?.sequenceNumber).toBe(log.state().firstSequence);
    await log.close();
  });
});

describe('where a receiver begins', () => {
  it.each([
    ["amqp.annotation.x-opt-offset > '-1'", 0],
    ["amqp.annotation.x-opt-offset > '@latest'", 50],
    ["amqp.annotation.x-opt-sequence-number > '9'", 10],
    ["amqp.annotation.x-opt-sequence-number >= '9'", 9],
    ["amqp.annotation.x-opt-sequence-number > '49'", 50],
    ["amqp.annotation.x-opt-enqueued-time > '1000020'", 21],
    ["amqp.annotation.x-opt-enqueued-time > '5'", 0],
    ["amqp.annotation.x-opt-enqueued-time > '9000000'", 50],
  ])('%s', async (filter, sequenceNumber) => {
    clock = 1_000_000;
    const log = await openLog({ segmentBytes: 1000, retentionMs: Number.POSITIVE_INFINITY });
    for (let n = 0; n < 50; n++) {
      await log.append([event(`${n}`.padEnd(90))]);
      clock += 1;
    }
    const start = parseStartPosition(filter);
    const position = await log.find(start ?? { kind: 'latest' });
    await log.append([event('later')]);
    expect((await log.read(position, 1))[0]?.sequenceNumber).toBe(sequenceNumber);
    await log.close();
  });

  it('at or behind an offset', async () => {
    const log = await openLog();
    for (const text of ['a', 'b', 'c']) await log.append([event(text)]);
    const offset = (await readAll(log))[1]?.position ?? 0;
    expect(await log.find({ kind: 'offset', value: offset, inclusive: true })).toBe(offset);
    const [after] = await log.read(await log.find({ kind: 'offset', value: offset, inclusive: false }), 1);
    expect(after?.message.toString()).toBe('c');
    await log.close();
  });

  it.each(['', 'x', "amqp.annotation.x-opt-offset > 'abc'", "amqp.annotation.x-opt-body > '1'"])('not %j', (filter) => {
    expect(parseStartPosition(filter)).toBeUndefined();
  });
});
