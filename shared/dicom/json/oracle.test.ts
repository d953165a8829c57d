/** The real files against what two independent readers found in them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sharedData } from '../../../test/shared-data.ts';
import { readFile } from '../testing/read-file.ts';
import { type DicomJson, type DicomJsonElement, dicomJson, withoutBinary } from './dicom-json.ts';

interface Oracle {
  readonly dcmtk?: DicomJson;
  readonly pydicomCore?: DicomJson;
}

const folder = sharedData('dicom');

/** Why the others are no Part 10 files. */
const refused: Readonly<Record<string, string>> = {
  'pydicom-data/JLSL_RGB_ILV1.dcm': 'no DICM prefix',
  'pydicom/ExplVR_BigEndNoMeta.dcm': 'no DICM prefix',
  'pydicom/no_meta.dcm': 'no DICM prefix',
  'pydicom/rtstruct.dcm': 'no DICM prefix',
  'pydicom/MR_truncated.dcm': 'ends before its data set does',
  'pydicom/rtplan_truncated.dcm': 'ends before its data set does',
};

/** Values up to which the oracle lists them. */
const mostListed = 256;

/** DCMTK cuts the carets at the end of a name, which say nothing, and rounds floats to 9 digits and doubles to 17. */
function comparable(json: DicomJson): unknown {
  const entries = Object.entries(json).flatMap(([tag, element]): [string, unknown][] => {
    const binary = ['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN'].includes(element.vr);
    // DCMTK was told to convert to UTF-8 and says so in the character set.
    if (binary || tag === '00080005') return [];
    // The oracle has long lists as their length and a hash.
    const count = '_count' in element ? element._count : element.Value?.length;
    if (Number(count) > mostListed) return [[tag, { vr: element.vr, count }]];
    return [[tag, { vr: element.vr, Value: values(element) }]];
  });
  return Object.fromEntries(entries);
}

function values({ vr, Value = [] }: DicomJsonElement): unknown[] {
  const known = Value.map((value) => {
    if (vr === 'SQ') return comparable(value as DicomJson);
    if (vr === 'FL') return Math.fround(Number(value)).toPrecision(7);
    if (vr === 'FD') return Number(value).toPrecision(15);
    if (vr !== 'PN' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value as object)
        .map(([group, name]) => [group, String(name).replace(/\^+$/, '')] as const)
        .filter(([, name]) => name !== ''),
    );
  });
  return known.every((value) => value === null || (vr === 'PN' && Object.keys(value as object).length === 0))
    ? []
    : known;
}

describe.skipIf(folder === undefined)('the DICOM JSON of real files', () => {
  const read = (name: string) => readFileSync(path.join(folder as string, name));
  const manifest: { file: string; transferSyntax: string }[] = folder
    ? JSON.parse(read('manifest.json').toString())
    : [];
  const oracle: Record<string, Oracle> = folder
    ? JSON.parse(gunzipSync(read('dicom-json-oracle.json.gz')).toString())
    : {};

  it('there are 115', () => expect(manifest).toHaveLength(115));

  it.each(manifest)('$file', async ({ file, transferSyntax }) => {
    const why = refused[file];
    if (why !== undefined) return expect(readFile(read(file))).rejects.toThrow(why);
    const { dataSet, syntax } = await readFile(read(file), 1000);
    expect(syntax.uid).toBe(transferSyntax);
    const json = dicomJson(dataSet, withoutBinary);
    const { dcmtk, pydicomCore = {} } = oracle[file] ?? {};
    if (dcmtk) return expect(comparable(json)).toEqual(comparable(dcmtk));
    const core = Object.fromEntries(Object.entries(json).filter(([tag]) => tag in pydicomCore));
    expect(comparable(core)).toEqual(comparable(pydicomCore));
  });
});
