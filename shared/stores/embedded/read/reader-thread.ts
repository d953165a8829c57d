/** A thread that searches, so that a long search holds up neither the event loop nor a commit. */
import type { LatestQuery } from '../../resources/latest.ts';
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
import type { TimeLimit } from './time-budget.ts';

/** What every call says. */
interface Timed {
  readonly time: TimeLimit;
}

interface Paged {
  readonly limit: number;
  readonly after: Cursor | undefined;
  readonly mostBytes: number | undefined;
}

/** The calls that the thread answers; one that takes longer than its time is answered with `QueryTooLarge`. */
export interface ReaderCalls {
  search(request: Timed & Paged & { query: Query }): SearchPage;
  count(request: Timed & { query: Query; most: number | undefined }): number;
  include(
    request: Timed & {
      from: readonly ResourceKey[];
      include: readonly Include[];
      limit: number;
      options: IncludeOptions;
    },
  ): Included;
  latest(request: Timed & { query: LatestQuery; most: number }): StoredResource[][] | undefined;
  history(request: Timed & Paged & { query: HistoryQuery }): SearchPage;
  countHistory(request: Timed & { query: HistoryQuery }): number;
}

const database = openReader(threadData<string>());
const searches = new Searches(database, new Names(database));

serveThread<ReaderCalls>(
  {
    search: ({ time, query, limit, after, mostBytes }, answer) => {
      const page = searches.within(time, () => searches.search(query, limit, after, mostBytes));
      answer(page, bodies(page.matches));
    },
    count: ({ time, query, most }, answer) => answer(searches.within(time, () => searches.count(query, most))),
    include: ({ time, from, include, limit, options }, answer) => {
      const included = searches.within(time, () => searches.include(from, include, limit, options));
      answer(included, bodies(included.resources));
    },
    latest: ({ time, query, most }, answer) => {
      const groups = searches.within(time, () => searches.latest(query, most));
      answer(groups, bodies(groups?.flat() ?? []));
    },
    history: ({ time, query, limit, after, mostBytes }, answer) => {
      const page = searches.within(time, () => searches.history(query, limit, after, mostBytes));
      answer(page, bodies(page.matches));
    },
    countHistory: ({ time, query }, answer) => answer(searches.within(time, () => searches.countHistory(query))),
  },
  () => database.close(),
);

/** Each body has a buffer of its own, which moves to the caller instead of being copied. */
function bodies(resources: readonly StoredResource[]): ArrayBuffer[] {
  return resources.map(({ body }) => body.buffer as ArrayBuffer);
}
