/** The tags of `POST /extendedquerytags`, checked. Source: AHDS, extended query tags, request and its limits. */
import { type Level, levels } from '../../stores/imaging/imaging-index.ts';
import type { NewQueryTag } from '../../stores/imaging/query-tags.ts';
import { attributes } from '../attributes.ts';
import { publishedVr } from '../dictionary/vr-of-tag.ts';
import { DicomError } from '../errors.ts';
import { type JsonObject, objectIn, textIn } from '../json-body.ts';
import type { Tag } from '../part10/data-set.ts';
import { coreAttributes, uidOf } from '../search/core-attributes.ts';
import { textFault } from '../store/vr-rules.ts';
import { isIdentificationCode, isPrivate, tagIn } from './tag-path.ts';

export const mostQueryTags = 128;

/** AHDS documents DS too and refuses it; here it is taken. */
const vrs = new Set('AE AS CS DA DS DT FD FL IS LO PN SH SL SS TM UI UL US'.split(' '));

/** Searched by in every service, or, of the offset from UTC, in none. */
const reserved: ReadonlySet<Tag> = new Set([
  ...coreAttributes.map(({ tag }) => tag),
  ...Object.values(uidOf),
  attributes.modalitiesInStudy,
  attributes.timezoneOffsetFromUtc,
]);

export function newQueryTags(body: unknown): NewQueryTag[] {
  if (!Array.isArray(body) || body.length === 0) throw refused('The body must be an array of one or more tags.');
  if (body.length > mostQueryTags) throw refused(`A service has at most ${mostQueryTags} extended query tags.`);
  const tags = body.map((entry) => newQueryTag(objectIn(entry)));
  if (new Set(tags.map(({ tag }) => tag)).size < tags.length) throw refused('A tag stands in the request twice.');
  return tags;
}

function newQueryTag(entry: JsonObject): NewQueryTag {
  const tag = tagIn(textIn(entry, 'path') ?? '');
  if (reserved.has(tag)) throw refused('A tag of the request is searched by without being added, or never.');
  const level = levels.find((each) => each === textIn(entry, 'level')?.toLowerCase());
  if (!level) throw refused('The level of a tag is study, series or instance.');
  const vr = textIn(entry, 'vr')?.toUpperCase();
  const creator = textIn(entry, 'privateCreator');
  const checked = isPrivate(tag) ? privateTag(tag, vr, creator, level) : publicTag(tag, vr, creator, level);
  if (!vrs.has(checked.vr)) throw refused('Searches are not possible by the VR of a tag.');
  return checked;
}

function publicTag(tag: Tag, asked: string | undefined, creator: string | undefined, level: Level): NewQueryTag {
  if (creator !== undefined) throw refused('Only a private tag has a private creator.');
  const published = publishedVr(tag);
  if (published === 'UN') {
    if (asked === undefined) throw refused('A tag that the standard does not know needs its VR.');
    return { tag, vr: asked, level };
  }
  const allowed = published.split(' or ');
  const vr = asked ?? allowed[0] ?? published;
  if (!allowed.includes(vr)) throw refused('The VR of a tag is not the one that the standard gives it.');
  return { tag, vr, level };
}

function privateTag(tag: Tag, vr: string | undefined, creator: string | undefined, level: Level): NewQueryTag {
  if (isIdentificationCode(tag)) {
    if (creator !== undefined) throw refused('The element of a private creator has no private creator of its own.');
    if (vr !== undefined && vr !== 'LO') throw refused('The VR of the element of a private creator is LO.');
    return { tag, vr: 'LO', level };
  }
  if (vr === undefined) throw refused('A private tag needs its VR.');
  if (creator === undefined || creator === '') throw refused('A private tag needs its private creator.');
  if (textFault('LO', creator)) throw refused('A private creator is a text of VR LO.');
  return { tag, vr, creator, level };
}

function refused(message: string): DicomError {
  return new DicomError('invalid', message);
}
