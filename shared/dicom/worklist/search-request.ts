/** The query of a search for workitems. Source: DICOM PS3.18, 11.9; keys and refusals as AHDS has them. */
import type { WorkitemFilter } from '../../stores/worklist/worklist.ts';
import { tagOf } from '../dictionary/tag-of-keyword.ts';
import { DicomError } from '../errors.ts';
import { tagText } from '../part10/data-set.ts';
import { foldedName, foldedText, nameWords } from '../search/fold.ts';
import { searchParameters } from '../search/search-parameters.ts';
import { dateTimePeriod } from './date-time.ts';
import { searchedAttributes, type WorkitemAttribute } from './workitem-attributes.ts';

export interface WorkitemSearch {
  readonly limit: number;
  readonly offset: number;
  readonly filters: readonly WorkitemFilter[];
  /** Attributes to show besides the default. */
  readonly included: ReadonlySet<string>;
  /** The whole workitem. */
  readonly includeAll: boolean;
}

export function workitemSearch(parameters: URLSearchParams): WorkitemSearch {
  const { limit, offset, fuzzy, fields, includeAll, filters: named } = searchParameters(parameters);
  const included = new Set(fields.map((field) => path(field, 1)));
  const asked = new Map<WorkitemAttribute, string>();
  for (const [name, value] of named) {
    const attribute = searchable(path(name, 2));
    if (asked.has(attribute)) throw new DicomError('invalid', 'The same attribute is asked for twice.');
    if (value.trim() === '') throw new DicomError('invalid', 'A filter needs a value.');
    asked.set(attribute, value.trim());
  }
  const filters = [...asked].map(([{ path, vr }, value]) => ({ path, filter: filter(vr, value, fuzzy) }));
  return { limit, offset, filters, included, includeAll };
}

/** Keywords or tags with dots between, as tags. */
function path(names: string, maxTags: number): string {
  const tags = names.split('.').map(tagOf);
  if (tags.length > maxTags) throw new DicomError('invalid', `A name in the query has at most ${maxTags} attributes.`);
  return tags
    .map((tag) => {
      if (tag === undefined) throw new DicomError('invalid', 'A name in the query is neither a keyword nor a tag.');
      return tagText(tag);
    })
    .join('.');
}

function searchable(asked: string): WorkitemAttribute {
  const attribute = searchedAttributes.find(({ path }) => path === asked);
  if (attribute) return attribute;
  throw new DicomError('invalid', 'An attribute of the query cannot be searched by.');
}

function filter(vr: string, value: string, fuzzy: boolean): WorkitemFilter['filter'] {
  if (vr === 'DT') return dateTimeFilter(value);
  if (vr !== 'PN') return { kind: 'equals', texts: [foldedText(value)] };
  return fuzzy ? { kind: 'words', words: nameWords(value).split(' ') } : { kind: 'equals', texts: [foldedName(value)] };
}

/** One date and time, `a-b`, `a-` or `-b`. A hyphen before an offset that there is belongs to it. A `+` may arrive as a blank. */
function dateTimeFilter(value: string): WorkitemFilter['filter'] {
  const text = value.replace(/ (?=\d{4}(-|$))/g, '+');
  const one = dateTimePeriod(text);
  if (one) return { kind: 'between', low: one.from, high: one.to };
  for (const { index } of text.matchAll(/-/g)) {
    const [low, high] = [text.slice(0, index), text.slice(index + 1)];
    const [from, to] = [low, high].map((end) => (end === '' ? undefined : dateTimePeriod(end)));
    if ((low !== '' && !from) || (high !== '' && !to) || (!from && !to)) continue;
    if (from && to && from.from > to.to) break;
    return { kind: 'between', low: from?.from, high: to?.to };
  }
  throw new DicomError('invalid', 'A filter takes a date and time or a range of two.');
}
