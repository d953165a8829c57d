/** The data set of a bulk update, checked: DICOM JSON whose keys are tags or keywords. Source: AHDS, bulk update. */
import { tagOf } from '../dictionary/tag-of-keyword.ts';
import { publishedVr } from '../dictionary/vr-of-tag.ts';
import { type JsonObject, objectIn } from '../json-body.ts';
import type { Tag } from '../part10/data-set.ts';
import { comment } from '../store/validate-instance.ts';
import { faultTexts, textFault } from '../store/vr-rules.ts';
import { changeableAttributes } from './changeable-attributes.ts';

export interface Change {
  readonly tag: Tag;
  readonly vr: string;
  /** Several values are joined by `\`. */
  readonly text: string;
}

export interface ChangeSet {
  readonly changes: readonly Change[];
  /** Comments on what may not be changed, or not to this value. */
  readonly failures: readonly string[];
}

const changeable: ReadonlySet<Tag | undefined> = new Set(changeableAttributes.map(tagOf));
const mostCharacters: Readonly<Record<string, number>> = { DS: 16, LT: 10_240 };
const mostValues = 100;

export function changeSet(dataSet: unknown): ChangeSet {
  const changes = new Map<Tag, Change>();
  const failures: string[] = [];
  for (const [name, element] of Object.entries(dataSet as object)) {
    const tag = tagOf(name);
    if (tag === undefined || !changeable.has(tag)) failures.push(comment(tag ?? 0, 'it cannot be changed'));
    else {
      const change = changeOf(tag, objectIn(element));
      if (typeof change === 'string') failures.push(comment(tag, change));
      else if (changes.has(tag)) failures.push(comment(tag, 'it stands there twice'));
      else changes.set(tag, change);
    }
  }
  return { changes: [...changes.values()].toSorted((one, other) => one.tag - other.tag), failures };
}

/** A text: why not. */
function changeOf(tag: Tag, element: JsonObject): Change | string {
  const vr = publishedVr(tag);
  const given = element.get('vr') ?? vr;
  if (given !== vr) return faultTexts.wrongVr;
  const values = element.get('value');
  if (!Array.isArray(values) || values.length === 0 || values.length > mostValues) return 'it needs a value';
  const texts = values.map(valueText);
  for (const text of texts) {
    if (text === undefined || text === '') return 'it needs a value';
    if (vr === 'LT' ? text.length > (mostCharacters.LT ?? 0) : text.includes('\\')) return faultTexts.badCharacters;
    if (vr === 'DS' && !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return faultTexts.badCharacters;
    const fault = text.length > (mostCharacters[vr] ?? Number.MAX_SAFE_INTEGER) ? 'tooLong' : textFault(vr, text);
    if (fault) return faultTexts[fault];
  }
  return { tag, vr, text: texts.join('\\') };
}

/** Of a name its groups; undefined for what is no value. */
function valueText(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return undefined;
  const groups = objectIn(value);
  const texts = ['alphabetic', 'ideographic', 'phonetic'].map((group) => groups.get(group) ?? '');
  if (!texts.every((text) => typeof text === 'string')) return undefined;
  return texts.join('=').replace(/=+$/, '');
}
