/** The query of a QIDO-RS request. Source: DICOM PS3.18, 8.3.4; keys, limits and refusals as AHDS has them. */
import { type ImagingFilter, type Level, levels } from '../../stores/imaging/imaging-index.ts';
import type { QueryTag } from '../../stores/imaging/query-tags.ts';
import { attributes } from '../attributes.ts';
import { tagOf } from '../dictionary/tag-of-keyword.ts';
import { DicomError } from '../errors.ts';
import type { Tag } from '../part10/data-set.ts';
import { coreAttributes, type SearchAttribute, uidOf } from './core-attributes.ts';
import { searchParameters } from './search-parameters.ts';
import { isUniversal, uidList, valueFilter } from './value-filter.ts';

export interface SearchRequest {
  /** Query tags it asks for of which not every instance could be indexed, as the request names them. */
  readonly erroneous: readonly string[];
  readonly limit: number;
  readonly offset: number;
  readonly filters: readonly ImagingFilter[];
  /** UIDs that a filter names, by level: one or a list. */
  readonly uids: Partial<Readonly<Record<Level, readonly string[]>>>;
  readonly modality: string | undefined;
  /** Attributes to show besides the default. */
  readonly included: ReadonlySet<Tag>;
  readonly includeAll: boolean;
}

/** More than any client asks for; a query's text is bounded. */
const maxFilters = 50;

export interface SearchPlace {
  /** What is searched for. */
  readonly level: Level;
  /** Levels whose UID stands in the address. */
  readonly fixed: readonly Level[];
  readonly queryTags: readonly QueryTag[];
}

export function searchRequest(parameters: URLSearchParams, place: SearchPlace): SearchRequest {
  const { level, fixed, queryTags } = place;
  const filters: ImagingFilter[] = [];
  const uids: Partial<Record<Level, readonly string[]>> = {};
  const { limit, offset, fuzzy, fields, includeAll, filters: asked } = searchParameters(parameters);
  const included = new Set<Tag>(fields.map(knownTag));
  const seen = new Set<Tag>();
  let modality: string | undefined;
  const erroneous: string[] = [];
  if (asked.length > maxFilters) throw new DicomError('invalid', `A search has at most ${maxFilters} filters.`);
  for (const [name, value] of asked) {
    const tag = knownTag(name);
    if (seen.has(tag)) throw new DicomError('invalid', 'The same attribute is asked for twice.');
    seen.add(tag);
    if (value.trim() === '') throw new DicomError('invalid', 'A filter needs a value.');
    included.add(tag);
    const ofUid = levels.find((each) => uidOf[each] === tag);
    if (ofUid) uids[ofUid] = uidFilter(ofUid, value, level, fixed);
    else if (tag === attributes.modalitiesInStudy) modality = modalityFilter(value, fixed);
    else {
      const attribute = searchable(tag, name, place);
      if (isUniversal(attribute.vr, value.trim())) continue;
      if (queryTags.some((each) => each.tag === tag && each.errors > 0)) erroneous.push(name);
      filters.push({ level: attribute.level, tag, filter: valueFilter(attribute, value.trim(), fuzzy) });
    }
  }
  return { limit, offset, filters, uids, modality, included, includeAll, erroneous };
}

function searchable(tag: Tag, name: string, { level, fixed, queryTags }: SearchPlace): SearchAttribute {
  const attribute = coreAttributes.find((each) => each.tag === tag) ?? readyTag(queryTags, tag, name);
  if (attribute && isBelow(attribute.level, fixed) && levels.indexOf(attribute.level) <= levels.indexOf(level)) {
    return attribute;
  }
  throw notSearchable();
}

/** AHDS: one that is being added or taken away, or that is disabled, is not searched by. */
function readyTag(queryTags: readonly QueryTag[], tag: Tag, name: string): SearchAttribute | undefined {
  const found = queryTags.find((each) => each.tag === tag && each.status === 'ready' && each.enabled);
  return found && { tag, keyword: name, vr: found.vr, level: found.level };
}

function uidFilter(of: Level, value: string, level: Level, fixed: readonly Level[]): readonly string[] {
  if (!isBelow(of, fixed) || levels.indexOf(of) > levels.indexOf(level)) throw notSearchable();
  return uidList(value);
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
