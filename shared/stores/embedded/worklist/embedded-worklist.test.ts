import path from 'node:path';
import { worklistContract } from '../../worklist/worklist.contract.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { EmbeddedWorklist } from './embedded-worklist.ts';

worklistContract('The embedded worklist', async () => {
  const folder = temporaryFolder();
  const open = () => new EmbeddedWorklist(path.join(folder.path, 'worklist.db'), () => {});
  let worklist = open();
  return {
    worklist,
    reopen: async () => {
      await worklist.close();
      worklist = open();
      return worklist;
    },
    dispose: async () => {
      await worklist.close();
      folder.remove();
    },
  };
});
