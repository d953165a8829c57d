import { describe, expect, it } from 'vitest';
import { committed, entry, key, names, type OpenStore, put, query, reference, useStore } from './setup.ts';

const large = `,"text":"${'x'.repeat(1000)}"}`;
const all = ['Patient/1', 'Patient/2', 'Patient/3', 'Patient/4', 'Patient/5'];

export function pageBytesRules(open: OpenStore): void {
  describe('the bytes of a page', () => {
    const store = useStore(open, async (filled) => {
      await committed(filled, put('Group/1'));
      const index = [entry('Patient.group', reference('Group/1'))];
      for (const name of all) await committed(filled, put(name, { body: large, index }));
    });

    it('end it, one resource at least; the next one goes on behind it', async () => {
      const patients = query(undefined, ['Patient']);
      const first = await store().search(patients, 10, undefined, 1500);
      expect(names(first.matches)).toEqual(all.slice(0, 2));
      const second = await store().search(patients, 10, first.next, 1);
      expect(names(second.matches)).toEqual(['Patient/3']);
      const rest = await store().search(patients, 10, second.next, 5000);
      expect([names(rest.matches), rest.next]).toEqual([all.slice(3), undefined]);
    });

    it('end a page of versions', async () => {
      const first = await store().history({ type: 'Patient', oldestFirst: true }, 10, undefined, 1500);
      expect(names(first.matches)).toEqual(all.slice(0, 2));
      const rest = await store().history({ type: 'Patient', oldestFirst: true }, 10, first.next);
      expect(names(rest.matches)).toEqual(all.slice(2));
    });

    it('end what is included', async () => {
      const include = [{ kind: 'revinclude', source: 'Patient', param: 'Patient.group' }] as const;
      const first = await store().include([key('Group/1')], include, 10, { mostBytes: 1500 });
      expect(names(first.resources)).toEqual(all.slice(0, 2));
      const rest = await store().include([key('Group/1')], include, 10, { after: first.next });
      expect([names(rest.resources), rest.next]).toEqual([all.slice(2), undefined]);
    });
  });
}
