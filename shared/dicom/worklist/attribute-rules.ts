/**
 * What a data set must have, and must not have. Source: DICOM PS3.4, 5.4.2.1, the types of table CC.2.5-3 as AHDS reads
 * them: what is required under a condition is optional, because the service cannot see the condition.
 */
import { tagNamed } from '../dictionary/tag-of-keyword.ts';
import { DicomError } from '../errors.ts';
import type { DicomJson } from '../json/dicom-json.ts';
import { hasValue, itemsOf } from '../json/element-values.ts';
import { tagText } from '../part10/data-set.ts';

export type Presence =
  /** There, with a value: type 1. */
  | 'value'
  /** There, perhaps empty: type 2. */
  | 'present'
  /** There, and empty. */
  | 'empty'
  /** With a value if it is there: type 3 for the client, 1 for the service. */
  | 'filled'
  | 'optional'
  | 'forbidden';

/** By keyword. With a second part, what each item of a sequence must have. */
export type AttributeRules = Readonly<Record<string, Presence | readonly [Presence, AttributeRules]>>;

/** Throws 400 for the first rule that does not hold. `within` names the sequence around. */
export function checkAttributes(dataSet: DicomJson, rules: AttributeRules, within = ''): void {
  for (const [keyword, rule] of Object.entries(rules)) {
    const [presence, ofItems] = typeof rule === 'string' ? [rule] : rule;
    const tag = tagText(tagNamed(keyword));
    const fault = faultOf(presence, dataSet[tag] !== undefined, hasValue(dataSet[tag]));
    const name = within === '' ? keyword : `${within}.${keyword}`;
    if (fault) throw new DicomError('invalid', `${name} (${tag}) ${fault}.`);
    if (ofItems && (dataSet[tag]?.vr ?? 'SQ') !== 'SQ')
      throw new DicomError('invalid', `${name} (${tag}) has the VR SQ.`);
    if (ofItems) for (const item of itemsOf(dataSet, tag)) checkAttributes(item, ofItems, name);
  }
}

function faultOf(presence: Presence, isThere: boolean, isFilled: boolean): string | undefined {
  switch (presence) {
    case 'value':
      return isFilled ? undefined : 'must have a value';
    case 'present':
      return isThere ? undefined : 'must be there';
    case 'empty':
      return isThere && !isFilled ? undefined : 'must be there, and empty';
    case 'filled':
      return isThere && !isFilled ? 'must have a value when it is there' : undefined;
    case 'optional':
      return undefined;
    case 'forbidden':
      return isThere ? 'must not be there' : undefined;
  }
}
