import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { imagingIndexContract } from '../../imaging/imaging-index.contract.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { EmbeddedImagingIndex } from './embedded-imaging-index.ts';
import { wordsMatch } from './search-sql.ts';

imagingIndexContract('The embedded imaging index', async () => {
  const folder = temporaryFolder();
  const open = () => new EmbeddedImagingIndex(path.join(folder.path, 'imaging.db'), () => {});
  let index = open();
  return {
    index,
    reopen: async () => {
      await index.close();
      index = open();
      return index;
    },
    dispose: async () => {
      await index.close();
      folder.remove();
    },
  };
});

describe('words of a name', () => {
  it.each([
    ['john doe', 'joh', true],
    ['john doe', 'do', true],
    ['john doe', 'jo do', true],
    ['john doe', 'john doe', true],
    ['john doe', 'ohn', false],
    ['john doe', 'do jo', false],
    ['john q doe', 'jo do', false],
    ['john', 'john doe', false],
  ])('%j asked for %j: %j', (words, asked, expected) => {
    expect(wordsMatch(words, asked)).toBe(expected);
  });
});
