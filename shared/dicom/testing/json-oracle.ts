/** For tests: the DICOM JSON of the real files as DCMTK and pydicom have it, and how it is compared with what the service has. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { DicomJson, DicomJsonElement } from '../json/dicom-json.ts';

interface Reading {
  readonly dcmtk?: DicomJson;
  readonly pydicomCore?: DicomJson;
}

export interface RealFile {
  readonly file: string;
  readonly transferSyntax: string;
}

/** Why the others are no Part 10 files. */
export const noPart10: Readonly<Record<string, string>> = {
  'pydicom-data/JLSL_RGB_ILV1.dcm': 'no DICM prefix',
  'pydicom/ExplVR_BigEndNoMeta.dcm': 'no DICM prefix',
  'pydicom/no_meta.dcm': 'no DICM prefix',
  'pydicom/rtstruct.dcm': 'no DICM prefix',
  'pydicom/MR_truncated.dcm': 'ends before its data set does',
  'pydicom/rtplan_truncated.dcm': 'ends before its data set does',
};

/** The real files in `folder`; none without it. */
export function realFiles(folder: string | undefined): readonly RealFile[] {
  return folder === undefined ? [] : JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8'));
}

export interface JsonOracle {
  /** What is known of the attributes by which instances are searched: pydicom's reading, or DCMTK's where pydicom has none. */
  core(file: string): DicomJson;
  /** What `json` says of the attributes of the file, and what it should: DCMTK knows all of most files, pydicom the core. */
  compared(file: string, json: DicomJson): readonly [ours: Comparable, theirs: Comparable];
}

type Comparable = Readonly<Record<string, unknown>>;

export function jsonOracle(folder: string | undefined): JsonOracle {
  const readings: Readonly<Record<string, Reading>> =
    folder === undefined
      ? {}
      : JSON.parse(gunzipSync(readFileSync(path.join(folder, 'dicom-json-oracle.json.gz'))).toString());
  const core = (file: string) => readings[file]?.pydicomCore ?? readings[file]?.dcmtk ?? {};
  return {
    core,
    compared: (file, json) => {
      const whole = readings[file]?.dcmtk;
      if (whole) return [comparable(json), comparable(whole)];
      const known = core(file);
      const ours = Object.fromEntries(Object.entries(json).filter(([tag]) => tag in known));
      return [comparable(ours), comparable(known)];
    },
  };
}

/** Values up to which the oracle lists them. */
const mostListed = 256;

/** DCMTK cuts the carets at the end of a name, which say nothing, and rounds floats to 9 digits and doubles to 17. */
function comparable(json: DicomJson): Comparable {
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
    // JSON.stringify writes -0 as 0.
    if (vr !== 'PN' || value === null) return value === 0 ? 0 : value;
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
