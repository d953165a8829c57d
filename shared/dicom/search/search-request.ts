/** The query of a QIDO-RS request. Source: DICOM PS3.18, 8.3.4; keys, limits and refusals as AHDS has them. */
import { type ImagingFilter, type Level, levels } from '../../stores/imaging/imaging-index.ts';
import { attributes } from '../attributes.ts';
import { tagOf } from '../dictionary/tag-of-keyword.ts';
import { DicomError } from '../errors.ts';
import type { Tag } from '../part10/data-set.ts';
import { coreAttributes, type SearchAttribute, uidOf } from './core-attributes.ts';
import { valueFilter } from './value-filter.ts';

export interface SearchRequest {
  readonly limit: number;
  readonly offset: number;
  readonly filters: readonly ImagingFilter[];
  /** UIDs that a filter names, by level. */
  readonly uids: Partial<Readonly<Record<Level, string>>>;
  readonly modality: string | undefined;
  /** Attributes to show besides the default. */
  readonly included: ReadonlySet<Tag>;
  readonly includeAll: boolean;
}

export const defaultLimit = 100;
export const maxLimit = 200;
/** More than any client asks for; a query's text is bounded. */
const maxFilters = 50;

/** `fixed`: levels whose UID stands in the address; `level`: what is searched for. */
export function searchRequest(parameters: URLSearchParams, level: Level, fixed: readonly Level[]): SearchRequest {
  const filters: ImagingFilter[] = [];
  const uids: Partial<Record<Level, string>> = {};
  const included = new Set<Tag>();
  const seen = new Set<Tag>();
  let [limit, offset, fuzzy, includeAll] = [defaultLimit, 0, false, false];
  let modality: string | undefined;
  const asked: { readonly tag: Tag; readonly value: string }[] = [];
  for (const [name, value] of parameters) {
    switch (name.toLowerCase()) {
      case 'limit':
        limit = wholeNumber(name, value, 1, maxLimit);
        break;
      case 'offset':
        offset = wholeNumber(name, value, 0, Number.MAX_SAFE_INTEGER);
        break;
      case 'fuzzymatching':
        fuzzy = trueOrFalse(name, value);
        break;
      case 'includefield':
        for (const field of value.split(',')) {
          if (field.trim() === 'all') includeAll = true;
          else included.add(knownTag(field.trim()));
        }
        break;
      default:
        asked.push({ tag: knownTag(name), value });
    }
  }
  if (asked.length > maxFilters) throw new DicomError('invalid', `A search has at most ${maxFilters} filters.`);
  for (const { tag, value } of asked) {
    if (seen.has(tag)) throw new DicomError('invalid', 'The same attribute is asked for twice.');
    seen.add(tag);
    if (value.trim() === '') throw new DicomError('invalid', 'A filter needs a value.');
    included.add(tag);
    const ofUid = levels.find((each) => uidOf[each] === tag);
    if (ofUid) uids[ofUid] = uidFilter(ofUid, value, level, fixed);
    else if (tag === attributes.modalitiesInStudy) modality = modalityFilter(value, fixed);
    else {
      const attribute = searchable(tag, level, fixed);
      filters.push({ level: attribute.level, tag, filter: valueFilter(attribute, value.trim(), fuzzy) });
    }
  }
  return { limit, offset, filters, uids, modality, included, includeAll };
}

function searchable(tag: Tag, level: Level, fixed: readonly Level[]): SearchAttribute {
  const attribute = coreAttributes.find((each) => each.tag === tag);
  if (attribute && isBelow(attribute.level, fixed) && levels.indexOf(attribute.level) <= levels.indexOf(level)) {
    return attribute;
  }
  throw notSearchable();
}

function uidFilter(of: Level, value: string, level: Level, fixed: readonly Level[]): string {
  if (!isBelow(of, fixed) || levels.indexOf(of) > levels.indexOf(level)) throw notSearchable();
  return value.trim();
}

function modalityFilter(value: string, fixed: readonly Level[]): string {
  if (fixed.includes('study')) throw notSearchable();
  return value.trim().toLowerCase();
}

/** A level whose UID is in the address is not searched by its attributes. */
function isBelow(level: Level, fixed: readonly Level[]): boolean {
  return !fixed.includes(level);
}

function notSearchable(): DicomError {
  return new DicomError('invalid', 'An attribute of the query cannot be searched by here.');
}

function knownTag(name: string): Tag {
  const tag = tagOf(name);
  if (tag !== undefined) return tag;
  throw new DicomError(
    'invalid',
    'A name in the query is neither a keyword of an attribute nor eight hexadecimal digits.',
  );
}

export function wholeNumber(name: string, value: string, least: number, most: number): number {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : -1;
  if (number >= least && number <= most) return number;
  throw new DicomError('invalid', `${name.toLowerCase()} must be a whole number from ${least} to ${most}.`);
}

export function trueOrFalse(name: string, value: string): boolean {
  if (/^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  throw new DicomError('invalid', `${name.toLowerCase()} must be true or false.`);
}
