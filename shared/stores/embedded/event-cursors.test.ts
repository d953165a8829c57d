import path from 'node:path';
import { eventCursorsContract } from '../event-cursors/event-cursors.contract.ts';
import { EmbeddedEventCursors } from './event-cursors.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

eventCursorsContract('The embedded event cursors', async () => {
  const folder = temporaryFolder();
  const open = () => new EmbeddedEventCursors(path.join(folder.path, 'events.db'), () => {});
  let cursors = open();
  return {
    cursors,
    reopen: async () => {
      await cursors.close();
      cursors = open();
      return cursors;
    },
    dispose: async () => {
      await cursors.close();
      folder.remove();
    },
  };
});
