/** Texts of an element, read once for checking, indexing and answering. */
import { attributes } from '../attributes.ts';
import type { DataSet, Tag } from '../part10/data-set.ts';
import { textValues } from './text.ts';

/** The character set that the texts of a data set are in; `inherited` where it does not say. */
export function characterSetOf(dataSet: DataSet, inherited = ''): string {
  const value = dataSet.elements.get(attributes.specificCharacterSet)?.value;
  return value ? textValues(value, 'CS', '').join('\\') : inherited;
}

/** The values of a text element; none when it is absent or empty. */
export function textsOf(dataSet: DataSet, tag: Tag): string[] {
  const element = dataSet.elements.get(tag);
  if (!element?.value || element.value.length === 0) return [];
  return textValues(element.value, element.vr, characterSetOf(dataSet));
}

/** The first value of a text element; empty when there is none. */
export function firstText(dataSet: DataSet, tag: Tag): string {
  return textsOf(dataSet, tag)[0] ?? '';
}
