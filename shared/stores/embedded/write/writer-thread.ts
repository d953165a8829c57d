/** The thread that owns the one writing connection. Everything that waits for the disk waits here. */
import type { ParameterChange } from '../../resources/parameter-status.ts';
import type { CommitResult, Guard, Rewrite } from '../../resources/resource-store.ts';
import { openWriter } from '../connection.ts';
import { serveThread, threadData } from '../thread.ts';
import { GroupCommit } from './group-commit.ts';
import { type PackedChanges, unpack } from './packed-bodies.ts';

/** The calls that the thread answers. */
export interface WriterCalls {
  commit(
    request: PackedChanges & { readonly guards: readonly Guard[]; readonly parameters: ParameterChange | undefined },
  ): CommitResult;
  reindex(request: { readonly rewrites: readonly Rewrite[]; readonly indexedWith: number }): CommitResult;
}

const database = openWriter(threadData<string>());
const group = new GroupCommit(database);

serveThread<WriterCalls>(
  {
    commit: (request, answer) => {
      group.add({ changes: unpack(request), guards: request.guards, parameters: request.parameters, answer });
    },
    reindex: (request, answer) => {
      group.add({ ...request, answer });
    },
  },
  () => {
    group.flush();
    database.close();
  },
);
