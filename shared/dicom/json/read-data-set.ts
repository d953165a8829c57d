/**
 * A data set from DICOM JSON that a client sent, in the one form in which it is stored. Source: DICOM PS3.18, annex F.
 * AHDS: attributes by tag or keyword, members in any case, `null` where there is no value. What names no attribute or has
 * values of another kind than its VR is 400.
 */
import { tagOfAnyCase } from '../dictionary/tag-of-keyword.ts';
import { vrOfTag } from '../dictionary/vr-of-tag.ts';
import { DicomError } from '../errors.ts';
import { type Tag, tagText } from '../part10/data-set.ts';
import type { DicomJson, DicomJsonElement } from './dicom-json.ts';
import { readValues } from './read-values.ts';

/** Sequences within sequences; more than any information object has. */
const maxDepth = 32;

export function readDataSet(json: unknown, depth = 0): DicomJson {
  if (depth > maxDepth) throw new DicomError('invalid', `Sequences are more than ${maxDepth} deep.`);
  const elements = new Map<Tag, DicomJsonElement>();
  for (const [name, value] of Object.entries(object(json, 'A data set'))) {
    const tag = tagOfAnyCase(name);
    if (tag === undefined) throw new DicomError('invalid', 'A name is neither a tag nor the keyword of an attribute.');
    if ((tag & 0xffff) === 0) continue;
    if (elements.has(tag)) throw new DicomError('invalid', `${tagText(tag)} is there twice.`);
    elements.set(tag, readElement(tag, value, depth));
  }
  const sorted = [...elements].toSorted(([one], [other]) => one - other);
  return Object.fromEntries(sorted.map(([tag, element]) => [tagText(tag), element]));
}

function readElement(tag: Tag, json: unknown, depth: number): DicomJsonElement {
  const members = new Map(
    Object.entries(object(json ?? {}, tagText(tag))).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const vr = members.get('vr') ?? vrOfTag(tag);
  if (typeof vr !== 'string' || !/^[A-Za-z]{2}$/.test(vr)) throw wrong(tag, 'has a vr that is none');
  return { vr: vr.toUpperCase(), ...content(tag, vr.toUpperCase(), members, depth) };
}

function content(tag: Tag, vr: string, members: ReadonlyMap<string, unknown>, depth: number) {
  const [values, inline, uri] = ['value', 'inlinebinary', 'bulkdatauri'].map((name) => members.get(name) ?? undefined);
  if ([values, inline, uri].filter((each) => each !== undefined).length > 1) {
    throw wrong(tag, 'has more than one of Value, InlineBinary and BulkDataURI');
  }
  if (inline !== undefined) return { InlineBinary: text(tag, inline, /^[A-Za-z0-9+/=\s]*$/) };
  // AHDS keeps the reference and never follows it.
  if (uri !== undefined) return { BulkDataURI: text(tag, uri, /^\S*$/) };
  if (values === undefined) return {};
  if (!Array.isArray(values)) throw wrong(tag, 'has a Value that is not an array');
  const Value =
    vr === 'SQ'
      ? values.map((item) => readDataSet(item ?? {}, depth + 1))
      : readValues(values, vr, (why) => wrong(tag, why));
  return Value.every((value) => value === null) ? {} : { Value };
}

function text(tag: Tag, value: unknown, pattern: RegExp): string {
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw wrong(tag, 'has a binary value that is none');
}

function object(json: unknown, what: string): object {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json;
  throw new DicomError('invalid', `${what} must be a JSON object.`);
}

function wrong(tag: Tag, why: string): DicomError {
  return new DicomError('invalid', `${tagText(tag)} ${why}.`);
}
