/** For tests: a small DICOM file, and UIDs that no other test has. */
import { attributes } from '../../shared/dicom/attributes.ts';
import { part10File, type TestElement, text } from '../../shared/dicom/testing/part10-file.ts';

export interface Uids {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
}

let last = 0;

export function newUids(): Uids {
  last += 1;
  return { study: `1.3.${last}`, series: `1.3.${last}.1`, instance: `1.3.${last}.1.1` };
}

/** Elements are written in the order of their tags. */
export function instanceFile(
  { study, series, instance }: Uids,
  more: readonly TestElement[] = [],
  transferSyntax = '1.2.840.10008.1.2.1',
): Buffer {
  const own = [
    text(attributes.sopClassUid, 'UI', '1.2.840.10008.5.1.4.1.1.7'),
    text(attributes.sopInstanceUid, 'UI', instance),
    text(attributes.patientId, 'LO', 'P1'),
    text(attributes.studyInstanceUid, 'UI', study),
    text(attributes.seriesInstanceUid, 'UI', series),
  ].filter(({ tag }) => !more.some((each) => each.tag === tag));
  return part10File({ transferSyntax, elements: [...own, ...more].toSorted((one, other) => one.tag - other.tag) });
}
