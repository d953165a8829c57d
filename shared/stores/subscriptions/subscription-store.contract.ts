/** What every adapter of the subscription port must do. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  eventsKept,
  type SubscriptionEvent,
  type SubscriptionState,
  type SubscriptionStore,
} from './subscription-store.ts';

export interface OpenedSubscriptionStore {
  readonly store: SubscriptionStore;
  /** Closes the store and opens it again on the same data; absent where an adapter keeps nothing of its own. */
  reopen?(): Promise<SubscriptionStore>;
  dispose(): Promise<void>;
}

const state: SubscriptionState = {
  request: 1,
  activated: true,
  read: 7,
  numbered: 0,
  delivered: 0,
  failures: 0,
  retryAt: 0,
  lastSent: 0,
  leasedUntil: 0,
};

function event(number: number): SubscriptionEvent {
  return { number, type: 'Patient', id: `p${number}`, version: number, updated: 1000 + number, created: number === 1 };
}

export function subscriptionStoreContract(name: string, open: () => Promise<OpenedSubscriptionStore>): void {
  describe(`${name} keeps the contract of subscription stores`, () => {
    let opened: OpenedSubscriptionStore;
    let store: SubscriptionStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.dispose());

    it('an unknown subscription has no state and no events', async () => {
      expect(await store.read('s')).toBeUndefined();
      expect(await store.events('s', 1, 10)).toEqual([]);
    });

    it('a state is read back as it was saved, with a revision that counts', async () => {
      const whole = { ...state, alarm: { at: 5, token: 't' }, failures: 2, retryAt: 9, lastSent: 8 };
      expect(await store.save('s', whole, 0)).toBe(true);
      const first = await store.read('s');
      expect(first).toEqual({ ...whole, revision: 1 });
      expect(await store.save('s', state, first?.revision ?? 0)).toBe(true);
      const second = await store.read('s');
      expect(second?.alarm).toBeUndefined();
      expect(second?.revision).toBe(2);
    });

    it('of two writers on one revision one wins, and the events of the other are not there', async () => {
      expect(await store.save('s', state, 0)).toBe(true);
      expect(await store.save('s', { ...state, numbered: 1 }, 0, [event(1)])).toBe(false);
      expect(await store.events('s', 1, 10)).toEqual([]);
      const revision = (await store.read('s'))?.revision ?? 0;
      const both = await Promise.all([
        store.save('s', { ...state, numbered: 1 }, revision, [event(1)]),
        store.save('s', { ...state, numbered: 1 }, revision, [{ ...event(1), id: 'other' }]),
      ]);
      expect(both.toSorted()).toEqual([false, true]);
      expect(await store.events('s', 1, 10)).toHaveLength(1);
    });

    it('events come in the order of their numbers, from a number on, and of one subscription only', async () => {
      await store.save(
        's',
        { ...state, numbered: 12 },
        0,
        Array.from({ length: 12 }, (_, at) => event(at + 1)),
      );
      await store.save('t', { ...state, numbered: 1 }, 0, [event(1)]);
      expect(await store.events('s', 9, 3)).toEqual([event(9), event(10), event(11)]);
      expect(await store.events('s', 12, 3)).toEqual([event(12)]);
      expect(await store.events('t', 1, 100)).toEqual([event(1)]);
    });

    it('an event that is not delivered is kept, however many there are', async () => {
      const most = eventsKept + 50;
      await store.save(
        's',
        { ...state, numbered: most },
        0,
        Array.from({ length: most }, (_, at) => event(at + 1)),
      );
      expect(await store.events('s', 1, 1)).toEqual([event(1)]);
      const revision = (await store.read('s'))?.revision ?? 0;
      await store.save('s', { ...state, numbered: most, delivered: most }, revision);
      expect(await store.events('s', most - eventsKept + 1, 1)).toEqual([event(most - eventsKept + 1)]);
    });

    it('what is removed is gone, and can begin again', async () => {
      await store.save('s', { ...state, numbered: 1 }, 0, [event(1)]);
      await store.remove('s');
      expect(await store.read('s')).toBeUndefined();
      expect(await store.events('s', 1, 10)).toEqual([]);
      expect(await store.save('s', state, 0)).toBe(true);
    });

    it('states and events outlive the process, its leases do not where no other process can hold one', async ({
      skip,
    }) => {
      if (opened.reopen === undefined) return skip('the adapter keeps nothing of its own');
      await store.save('s', { ...state, numbered: 1, leasedUntil: 5 }, 0, [event(1)]);
      store = await opened.reopen();
      expect(await store.read('s')).toMatchObject({ read: 7, numbered: 1, leasedUntil: 0 });
      expect(await store.events('s', 1, 10)).toEqual([event(1)]);
    });
  });
}
