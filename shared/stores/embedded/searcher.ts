import type { Fragment } from './compile/fragment.ts';
import { Thread } from './thread.ts';

type Row = Record<string, unknown>;
type Answer = { id: number; rows?: Row[]; failure?: string };

/** Queries on the reading thread, several under way at a time, answered in their order. */
export class Searcher {
  private readonly thread: Thread<{ id: number; query: Fragment }, Answer>;
  private readonly waiting = new Map<number, { resolve: (rows: Row[]) => void; reject: (error: Error) => void }>();
  private lastId = 0;

  constructor(path: string) {
    this.thread = new Thread(new URL('./reader-thread.ts', import.meta.url), { path });
    this.thread.listen(
      ({ id, rows, failure }) => {
        const waiting = this.waiting.get(id);
        this.waiting.delete(id);
        if (rows) waiting?.resolve(rows);
        else waiting?.reject(new Error(`The store could not search: ${failure}`));
      },
      (error) => {
        for (const { reject } of this.waiting.values()) reject(error);
        this.waiting.clear();
      },
    );
  }

  rows(query: Fragment): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      const id = ++this.lastId;
      this.waiting.set(id, { resolve, reject });
      this.thread.send({ id, query });
    });
  }

  close(): Promise<void> {
    return this.thread.close();
  }
}
