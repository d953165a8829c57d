import { describe, expect, it } from 'vitest';
import { committed, entry, found, key, type OpenStore, put, query, string } from './setup.ts';

export function reopeningRules(open: OpenStore): void {
  describe('closing and opening', () => {
    it('close finishes what is under way, and everything is there after opening again', async ({ skip }) => {
      const opened = await open();
      try {
        if (opened.reopen === undefined) skip('the adapter keeps nothing of its own');
        const index = [entry('Patient.name', string('Kept'))];
        const [before] = await committed(opened.store, put('Patient/1', { index }));
        const underWay = opened.store.commit([put('Patient/2', { index })]);
        const again = await opened.reopen?.();
        if (again === undefined) return;
        expect(await underWay).toMatchObject({ done: true });
        expect(await again.read(key('Patient/1'))).toMatchObject({ ...before });
        const kept = query({
          kind: 'value',
          param: 'Patient.name',
          test: { kind: 'string', match: 'exact', exact: 'Kept' },
        });
        expect(await found(again, kept)).toEqual(['Patient/1', 'Patient/2']);
        const [after] = await committed(again, put('Patient/1', { expected: 1, index }));
        expect(after?.position).toBeGreaterThan(before?.position ?? 0);
        expect(after?.updated).toBeGreaterThanOrEqual(before?.updated ?? 0);
      } finally {
        await opened.dispose();
      }
    });

    it('check resolves while the store is open and rejects when it is closed', async () => {
      const { store, dispose } = await open();
      await store.check();
      await store.close();
      await expect(store.check()).rejects.toThrow();
      await expect(store.commit([put('Patient/late')])).rejects.toThrow();
      await dispose();
    });
  });
}
