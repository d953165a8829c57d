/** A thread that searches, so that a long search holds up neither the event loop nor a commit. */
import type { Include, Query } from '../../resources/query.ts';
import type {
  Cursor,
  HistoryQuery,
  Included,
  IncludeOptions,
  ResourceKey,
  SearchPage,
  StoredResource,
} from '../../resources/resource-store.ts';
import { openReader } from '../connection.ts';
import { Names } from '../names.ts';
import { serveThread, threadData } from '../thread.ts';
import { Searches } from './searches.ts';

/** The calls that the thread answers. */
export interface ReaderCalls {
  search(request: { query: Query; limit: number; after: Cursor | undefined }): SearchPage;
  count(request: { query: Query; most: number | undefined }): number;
  include(request: {
    from: readonly ResourceKey[];
    include: readonly Include[];
    limit: number;
    options: IncludeOptions | undefined;
  }): Included;
  history(request: { query: HistoryQuery; limit: number; after: Cursor | undefined }): SearchPage;
  countHistory(request: { query: HistoryQuery }): number;
}

const database = openReader(threadData<string>());
const searches = new Searches(database, new Names(database));

serveThread<ReaderCalls>(
  {
    search: ({ query, limit, after }, answer) => {
      const page = searches.search(query, limit, after);
      answer(page, bodies(page.matches));
    },
    count: ({ query, most }, answer) => answer(searches.count(query, most)),
    include: ({ from, include, limit, options }, answer) => {
      const included = searches.include(from, include, limit, options);
      answer(included, bodies(included.resources));
    },
    history: ({ query, limit, after }, answer) => {
      const page = searches.history(query, limit, after);
      answer(page, bodies(page.matches));
    },
    countHistory: ({ query }, answer) => answer(searches.countHistory(query)),
  },
  () => database.close(),
);

/** Each body has a buffer of its own, which moves to the caller instead of being copied. */
function bodies(resources: readonly StoredResource[]): ArrayBuffer[] {
  return resources.map(({ body }) => body.buffer as ArrayBuffer);
}
