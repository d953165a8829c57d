/** What reads and changes the tables of a worklist's subscriptions. Changes run inside a transaction of their caller's. */
import type { DatabaseSync } from 'node:sqlite';
import type { WorkitemFilter, WorkitemKey } from '../../worklist/worklist.ts';
import {
  eventsKept,
  type NewSubscription,
  type Subscriber,
  type SubscriptionLimits,
  type WorkitemEvent,
  type WorklistSubscriptions,
} from '../../worklist/worklist-subscriptions.ts';
import { filterTests } from './filter-tests.ts';

/** Targets of rows that are no workitem's UID. */
const targets = { all: '*', filtered: '?' } as const;
const allOrFiltered = `'${targets.all}', '${targets.filtered}'`;

function prepareAll(database: DatabaseSync) {
  return {
    counts: database.prepare(
      `SELECT (SELECT count(*) FROM subscription) AS subscriptions,
        (SELECT count(*) FROM (SELECT DISTINCT partition, ae FROM subscription)) AS subscribers`,
    ),
    put: database.prepare('INSERT OR REPLACE INTO subscription VALUES (?, ?, ?, ?, ?, ?, ?)'),
    one: database.prepare('SELECT state FROM subscription WHERE partition = ? AND ae = ? AND target = ?'),
    hasWide: database.prepare(
      `SELECT 1 FROM subscription WHERE partition = ? AND ae = ? AND target IN (${allOrFiltered})`,
    ),
    removeOne: database.prepare('DELETE FROM subscription WHERE partition = ? AND ae = ? AND target = ?'),
    removeAll: database.prepare('DELETE FROM subscription WHERE partition = ? AND ae = ?'),
    suspend: database.prepare(
      `UPDATE subscription SET state = 'suspended', until = (SELECT coalesce(max(id), 0) FROM workitem)
       WHERE partition = ? AND ae = ? AND target = ? AND state = 'on'`,
    ),
    any: database.prepare('SELECT 1 FROM subscription WHERE partition = ? AND ae = ?'),
    concerning: database.prepare(
      `SELECT ae, target, state, until, filters FROM subscription
       WHERE partition = ? AND target IN (?, ${allOrFiltered})`,
    ),
    workitem: database.prepare('SELECT id FROM workitem WHERE partition = ? AND uid = ?'),
    addEvent: database.prepare('INSERT INTO event (partition, ae, data) VALUES (?, ?, ?)'),
    dropOld: database.prepare(
      `DELETE FROM event WHERE partition = ?1 AND ae = ?2 AND id <=
        (SELECT id FROM event WHERE partition = ?1 AND ae = ?2 ORDER BY id DESC LIMIT 1 OFFSET ${eventsKept})`,
    ),
    dropTo: database.prepare('DELETE FROM event WHERE partition = ? AND ae = ? AND id <= ?'),
    events: database.prepare(
      'SELECT id AS number, data FROM event WHERE partition = ? AND ae = ? AND id > ? ORDER BY id LIMIT ?',
    ),
    removeEvents: database.prepare('DELETE FROM event WHERE partition = ? AND ae = ?'),
  };
}

type UnsubscribeTarget = Parameters<WorklistSubscriptions['unsubscribe']>[1];

export class SubscriptionTables {
  readonly #database: DatabaseSync;
  readonly #run: ReturnType<typeof prepareAll>;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#run = prepareAll(database);
  }

  subscribe(
    { partition, aeTitle, target, deletionLock, events }: NewSubscription,
    limits: SubscriptionLimits,
  ): boolean {
    const name = target.kind === 'one' ? target.uid : targets[target.kind];
    const counts = this.#run.counts.get();
    const isNew = !this.#run.one.get(partition, aeTitle, name);
    const isNewcomer = !this.#run.any.get(partition, aeTitle);
    if (isNew && Number(counts?.subscriptions) >= limits.subscriptions) return false;
    if (isNewcomer && Number(counts?.subscribers) >= limits.subscribers) return false;
    const filters = target.kind === 'filtered' ? JSON.stringify(target.filters) : null;
    this.#run.put.run(partition, aeTitle, name, 'on', 0, filters, Number(deletionLock));
    for (const event of events) this.#keep(partition, aeTitle, event);
    return true;
  }

  unsubscribe({ partition, aeTitle }: Subscriber, { kind, uid = '' }: UnsubscribeTarget): boolean {
    if (kind !== 'one') {
      if (this.#run.removeOne.run(partition, aeTitle, targets[kind]).changes === 0) return false;
      this.#run.removeAll.run(partition, aeTitle);
      this.#run.removeEvents.run(partition, aeTitle);
      return true;
    }
    if (!this.#subscribersOf({ partition, uid }).has(aeTitle)) return false;
    if (this.#run.hasWide.get(partition, aeTitle)) this.#run.put.run(partition, aeTitle, uid, 'off', 0, null, 0);
    else this.#run.removeOne.run(partition, aeTitle, uid);
    if (!this.#run.any.get(partition, aeTitle)) this.#run.removeEvents.run(partition, aeTitle);
    return true;
  }

  suspend({ partition, aeTitle }: Subscriber, kind: 'all' | 'filtered'): boolean {
    const { changes } = this.#run.suspend.run(partition, aeTitle, targets[kind]);
    return changes > 0 || this.#run.one.get(partition, aeTitle, targets[kind])?.state === 'suspended';
  }

  isWatched(key: WorkitemKey): boolean {
    return this.#subscribersOf(key).size > 0;
  }

  nextEvents({ partition, aeTitle }: Subscriber, after: number, limit: number): WorkitemEvent[] | undefined {
    if (!this.#run.any.get(partition, aeTitle)) return undefined;
    const rows = this.#run.events.all(partition, aeTitle, after, limit);
    return rows.map(({ number, data }) => ({ number: Number(number), data: data as Uint8Array }));
  }

  forgetEvents({ partition, aeTitle }: Subscriber, number: number): void {
    this.#run.dropTo.run(partition, aeTitle, number);
  }

  /** What has happened to a workitem, to be called behind the change. */
  tell(key: WorkitemKey, events: readonly Uint8Array[]): void {
    if (events.length === 0) return;
    for (const aeTitle of this.#subscribersOf(key)) {
      for (const event of events) this.#keep(key.partition, aeTitle, event);
    }
  }

  #keep(partition: string, aeTitle: string, event: Uint8Array): void {
    this.#run.addEvent.run(partition, aeTitle, event);
    this.#run.dropOld.run(partition, aeTitle);
  }

  #subscribersOf({ partition, uid }: WorkitemKey): ReadonlySet<string> {
    const rows = this.#run.concerning.all(partition, uid);
    const id = rows.length === 0 ? undefined : this.#run.workitem.get(partition, uid)?.id;
    if (id === undefined) return new Set();
    const off = new Set(rows.filter(({ state }) => state === 'off').map(({ ae }) => ae));
    const told = rows.filter(({ ae, target, state, until, filters }) => {
      if (off.has(ae)) return false;
      if (target === uid) return true;
      if (state === 'suspended' && Number(id) > Number(until)) return false;
      return target === targets.all || this.#passes(Number(id), JSON.parse(String(filters)));
    });
    return new Set(told.map(({ ae }) => String(ae)));
  }

  #passes(id: number, filters: readonly WorkitemFilter[]): boolean {
    const { texts, parameters } = filterTests(filters);
    const where = ['id = ?', ...texts].join(' AND ');
    return this.#database.prepare(`SELECT 1 FROM workitem WHERE ${where}`).get(id, ...parameters) !== undefined;
  }
}
