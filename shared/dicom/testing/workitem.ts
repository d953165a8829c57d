/** A workitem as a scheduler sends it, with everything that creation demands. */
import type { DicomJson } from '../json/dicom-json.ts';

const code = (value: string, meaning: string) => ({
  '00080100': { vr: 'SH', Value: [value] },
  '00080102': { vr: 'SH', Value: ['99LOCAL'] },
  '00080104': { vr: 'LO', Value: [meaning] },
});

/** `changes` take the place of attributes; undefined takes one away. */
export function workitemJson(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...complete, ...changes }).filter(([, value]) => value !== undefined));
}

const complete: DicomJson = {
  '00081080': { vr: 'LO' },
  '00081084': { vr: 'SQ' },
  '00081195': { vr: 'UI' },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^John' }] },
  '00100020': { vr: 'LO', Value: ['P-1'] },
  '00100021': { vr: 'LO', Value: ['Ward'] },
  '00100024': { vr: 'SQ' },
  '00100030': { vr: 'DA', Value: ['19700131'] },
  '00100040': { vr: 'CS', Value: ['M'] },
  '00101002': { vr: 'SQ' },
  '00380010': { vr: 'LO' },
  '00380014': { vr: 'SQ' },
  '00400400': { vr: 'LT' },
  '00404005': { vr: 'DT', Value: ['20260131143000'] },
  '00404018': { vr: 'SQ', Value: [code('CTHEAD', 'CT of the head')] },
  '00404021': { vr: 'SQ' },
  '00404025': { vr: 'SQ', Value: [code('CT1', 'First CT')] },
  '00404026': { vr: 'SQ', Value: [code('CT', 'Computed tomography')] },
  '00404027': { vr: 'SQ', Value: [code('EAST', 'East wing')] },
  '00404041': { vr: 'CS', Value: ['READY'] },
  '0040A370': {
    vr: 'SQ',
    Value: [
      {
        '00080050': { vr: 'SH', Value: ['A-17'] },
        '00080051': { vr: 'SQ' },
        '0020000D': { vr: 'UI', Value: ['1.2.3'] },
        '00321060': { vr: 'LO' },
        '00321064': { vr: 'SQ' },
        '00400026': { vr: 'SQ' },
        '00400027': { vr: 'SQ' },
        '00401001': { vr: 'SH', Value: ['RP-4'] },
      },
    ],
  },
  '00741002': { vr: 'SQ' },
  '00741200': { vr: 'CS', Value: ['MEDIUM'] },
  '00741204': { vr: 'LO', Value: ['Head'] },
  '00741210': { vr: 'SQ' },
  '00741216': { vr: 'SQ' },
};

/** What the performer adds before it completes the workitem. */
export const performed: DicomJson = {
  '00741216': {
    vr: 'SQ',
    Value: [
      {
        '00404019': { vr: 'SQ', Value: [code('CTHEAD', 'CT of the head')] },
        '00404028': { vr: 'SQ', Value: [code('CT1', 'First CT')] },
        '00404033': {
          vr: 'SQ',
          Value: [
            {
              '00081199': {
                vr: 'SQ',
                Value: [
                  {
                    '00081150': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] },
                    '00081155': { vr: 'UI', Value: ['1.2.3.1.1'] },
                  },
                ],
              },
              '0040E020': { vr: 'CS', Value: ['DICOM'] },
            },
          ],
        },
        '00404050': { vr: 'DT', Value: ['20260131144500'] },
        '00404051': { vr: 'DT', Value: ['20260131150000'] },
      },
    ],
  },
};

/** What the performer adds before it cancels the workitem. */
export const discontinued: DicomJson = {
  '00741002': {
    vr: 'SQ',
    Value: [
      {
        '00404052': { vr: 'DT', Value: ['20260131145000'] },
        '0074100E': { vr: 'SQ', Value: [code('110513', 'Discontinued for unspecified reason')] },
      },
    ],
  },
};
