/** A thread that reads the index, so that a long search holds up neither the event loop nor a write. */
import type {
  ChangesQuery,
  Counts,
  Found,
  ImagingChange,
  ImagingQuery,
  InstanceMetadata,
  InstanceScope,
  Partition,
  StoredInstance,
} from '../../imaging/imaging-index.ts';
import type { QueryTagError, QueryTags } from '../../imaging/query-tags.ts';
import { openReader } from '../connection.ts';
import { serveThread, threadData } from '../thread.ts';
import { ImagingReader } from './imaging-reader.ts';
import { metadataBelow, queryTagErrors, queryTags } from './query-tag-reader.ts';

type Page = { scope: InstanceScope; limit: number; after: number | undefined };
type LeftoverTimes = { removedBefore: number; begunBefore: number };

export interface ImagingReaderCalls {
  partitions(request: undefined): Partition[];
  instances(request: Page): StoredInstance[];
  metadata(request: Page): InstanceMetadata[];
  stamp(scope: InstanceScope): { count: number; version: number };
  search(request: { query: ImagingQuery; limit: number; offset: number }): Found[];
  counts(scope: InstanceScope): Counts;
  changes(query: ChangesQuery): ImagingChange[];
  lastChange(request: undefined): ImagingChange | undefined;
  leftovers(request: { times: LeftoverTimes; limit: number }): number[];
  queryTags(request: undefined): QueryTags;
  queryTagErrors(request: { tag: number; limit: number; offset: number }): QueryTagError[];
  metadataBelow(request: { below: number; limit: number }): InstanceMetadata[];
}

const database = openReader(threadData<string>());
const reader = new ImagingReader(database);

serveThread<ImagingReaderCalls>(
  {
    partitions: (_, answer) => answer(reader.partitions()),
    instances: ({ scope, limit, after }, answer) => answer(reader.instances(scope, limit, after)),
    metadata: ({ scope, limit, after }, answer) => answer(reader.metadata(scope, limit, after)),
    stamp: (scope, answer) => answer(reader.stamp(scope)),
    search: ({ query, limit, offset }, answer) => answer(reader.search(query, limit, offset)),
    counts: (scope, answer) => answer(reader.counts(scope)),
    changes: (query, answer) => answer(reader.changes(query)),
    lastChange: (_, answer) => answer(reader.lastChange()),
    leftovers: ({ times, limit }, answer) => answer(reader.leftovers(times, limit)),
    queryTags: (_, answer) => answer(queryTags(database)),
    queryTagErrors: (request, answer) => answer(queryTagErrors(database, request)),
    metadataBelow: ({ below, limit }, answer) => answer(metadataBelow(database, below, limit)),
  },
  () => database.close(),
);
