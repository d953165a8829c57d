/** The thread that owns the one writing connection. Everything that waits for the disk waits here. */
import type { CommitResult, Guard } from '../../resources/resource-store.ts';
import { openWriter } from '../connection.ts';
import { serveThread, threadData } from '../thread.ts';
import { GroupCommit } from './group-commit.ts';
import { type PackedChanges, unpack } from './packed-bodies.ts';

/** The calls that the thread answers. */
export interface WriterCalls {
  commit(request: PackedChanges & { readonly guards: readonly Guard[] }): CommitResult;
}

const database = openWriter(threadData<string>());
const group = new GroupCommit(database);

serveThread<WriterCalls>(
  {
    commit: (request, answer) => {
      group.add({ changes: unpack(request), guards: request.guards, answer });
    },
  },
  () => {
    group.flush();
    database.close();
  },
);
