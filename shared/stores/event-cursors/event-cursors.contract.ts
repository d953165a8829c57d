/** What every adapter of the event cursors must do. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventCursors } from './event-cursors.ts';

export interface OpenedEventCursors {
  readonly cursors: EventCursors;
  /** Closes them and opens them again on the same data. */
  reopen(): Promise<EventCursors>;
  dispose(): Promise<void>;
}

export function eventCursorsContract(name: string, open: () => Promise<OpenedEventCursors>): void {
  describe(`${name} keep the contract of event cursors`, () => {
    let opened: OpenedEventCursors;
    let cursors: EventCursors;
    beforeEach(async () => {
      opened = await open();
      cursors = opened.cursors;
    });
    afterEach(() => opened.dispose());
    const fresh = { sequence: 7, confirmed: false, failures: 0, retryAt: 0 };

    it('an endpoint begins where the log is, and goes on where it was, after opening again too', async () => {
      await cursors.keep(['a'], 7);
      expect(await cursors.read('a')).toEqual(fresh);
      const saved = { sequence: 9, confirmed: true, failures: 2, retryAt: 1_700_000_000_123 };
      await cursors.save('a', saved);
      cursors = await opened.reopen();
      await cursors.keep(['a', 'b'], 20);
      expect(await cursors.read('a')).toEqual(saved);
      expect(await cursors.read('b')).toEqual({ ...fresh, sequence: 20 });
    });

    it('one that is not kept is forgotten, and begins anew', async () => {
      await cursors.keep(['a', 'b'], 7);
      await cursors.keep(['b'], 8);
      await cursors.save('a', fresh);
      expect(await cursors.read('a')).toBeUndefined();
      await cursors.keep(['a', 'b'], 9);
      expect(await cursors.read('a')).toEqual({ ...fresh, sequence: 9 });
    });
  });
}
