/** The values that a workitem is found by, every one of a sequence's items; one that is not what its VR says is 400. */
import type { WorkitemValue } from '../../stores/worklist/worklist.ts';
import { DicomError } from '../errors.ts';
import type { DicomJson } from '../json/dicom-json.ts';
import { itemsOf, textsOf } from '../json/element-values.ts';
import { foldedName, foldedText, nameWords } from '../search/fold.ts';
import { faultTexts, textFault } from '../store/vr-rules.ts';
import { dateTimePeriod } from './date-time.ts';
import { searchedAttributes } from './workitem-attributes.ts';

export function workitemValues(dataSet: DicomJson): WorkitemValue[] {
  return searchedAttributes.flatMap(({ path, vr }) =>
    textsAt(dataSet, path.split('.'), vr)
      .filter((text) => text !== '')
      .map((text) => ({ path, ...indexed(path, text, vr) })),
  );
}

function textsAt(dataSet: DicomJson, [tag = '', ...inner]: readonly string[], vr: string): string[] {
  if (inner.length > 0) return itemsOf(dataSet, tag).flatMap((item) => textsAt(item, inner, vr));
  const given = dataSet[tag]?.vr ?? vr;
  if (given !== vr) throw new DicomError('invalid', `${tag} has the VR ${vr}.`);
  return textsOf(dataSet, tag);
}

function indexed(path: string, text: string, vr: string): Omit<WorkitemValue, 'path'> {
  if (vr === 'DT') {
    const period = dateTimePeriod(text);
    if (!period) throw new DicomError('invalid', `${path}: ${faultTexts.dateTime}.`);
    return { text: period.from };
  }
  const fault = textFault(vr, text);
  if (fault) throw new DicomError('invalid', `${path}: ${faultTexts[fault]}.`);
  return vr === 'PN' ? { text: foldedName(text), words: nameWords(text) } : { text: foldedText(text) };
}
