/** The real files against what two independent readers found in them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../test/shared-data.ts';
import { jsonOracle, noPart10, realFiles } from '../testing/json-oracle.ts';
import { readFile } from '../testing/read-file.ts';
import { dicomJson, withoutBinary } from './dicom-json.ts';

const folder = sharedData('dicom');

describe.skipIf(folder === undefined)('the DICOM JSON of real files', () => {
  const files = realFiles(folder);
  const { compared } = jsonOracle(folder);

  it('there are 115', () => expect(files).toHaveLength(115));

  it.each(files)('$file', async ({ file, transferSyntax }) => {
    const bytes = readFileSync(path.join(folder as string, file));
    const why = noPart10[file];
    if (why !== undefined) return expect(readFile(bytes)).rejects.toThrow(why);
    const { dataSet, syntax } = await readFile(bytes, 1000);
    expect(syntax.uid).toBe(transferSyntax);
    const [ours, theirs] = compared(file, dicomJson(dataSet, withoutBinary));
    expect(ours).toEqual(theirs);
  });
});
