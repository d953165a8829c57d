/** Stores one DICOM file as it streams in: read, checked, written and indexed, or nothing of it. */
import type { InstanceKey, NewInstance } from '../../stores/imaging/imaging-index.ts';
import { attributes } from '../attributes.ts';
import { type DicomJson, dicomJson, withoutBinary } from '../json/dicom-json.ts';
import { firstText } from '../json/values.ts';
import { tagText } from '../part10/data-set.ts';
import { frameIndex } from '../part10/frame-index.ts';
import { Part10Error } from '../part10/part10-error.ts';
import { type Part10, Part10Reader } from '../part10/read-part10.ts';
import { tagValues } from '../query-tags/tag-values.ts';
import { coreAttributes, shownOf } from '../search/core-attributes.ts';
import { indexedValues } from '../search/index-values.ts';
import { type DicomService, fileOf } from '../service.ts';
import { failureReasons, type InstanceResult, warningReasons } from './instance-result.ts';
import type { ReadAhead } from './read-ahead.ts';
import type { Turn } from './turns.ts';
import { type Checked, checkInstance, comment, type DicomVersion } from './validate-instance.ts';
import { faultTexts } from './vr-rules.ts';

export interface StoreRequest {
  readonly service: DicomService;
  readonly partition: string;
  /** The study in the address, which every instance must belong to. */
  readonly study: string | undefined;
  readonly version: DicomVersion;
  /** PUT: an instance that is there already is replaced. */
  readonly replace: boolean;
  /** When it may come to the index. */
  readonly turn: Turn;
}

/** Rejects only with what ends the whole request: a body over its limit, a store that cannot write. */
export async function storeInstance(request: StoreRequest, file: ReadAhead): Promise<InstanceResult> {
  const { index, blobs, settings } = request.service;
  const reader = new Part10Reader();
  const reading: { file?: Part10 } = {};
  const version = await index.begin();
  try {
    const read = readThrough(file.content(), reader, settings.keepPreamble, reading);
    const { length } = await blobs.write(fileOf(version), read);
    if (!reading.file) throw new Part10Error('The file was not read.');
    const result = await storeRead(request, reading.file, version, length);
    if (result.kind === 'failed') await forget(request.service, version);
    return result;
  } catch (error) {
    await forget(request.service, version);
    if (!(error instanceof Part10Error)) throw error;
    return { kind: 'failed', reason: failureReasons.processing, comments: [] };
  }
}

/** Passes the file on while it is read; what cannot be read ends it, and with it the writing. */
export async function* readThrough(
  content: AsyncIterable<Uint8Array>,
  reader: Part10Reader,
  keepPreamble: boolean,
  reading: { file?: Part10 },
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const chunk of content) {
    await reader.push(chunk);
    const zeros = keepPreamble ? 0 : Math.min(Math.max(preamble.length - at, 0), chunk.length);
    if (zeros > 0) yield preamble.subarray(0, zeros);
    yield zeros > 0 ? chunk.subarray(zeros) : chunk;
    at += chunk.length;
  }
  reading.file = await reader.end();
}

/** AHDS: zeros stand in the preamble, so that a file cannot be a program as well (PS3.10, 7.5). */
const preamble = new Uint8Array(128);

async function storeRead(
  request: StoreRequest,
  file: Part10,
  version: number,
  length: number,
): Promise<InstanceResult> {
  const { dataSet, syntax } = file;
  const named = {
    sopClass: firstText(dataSet, attributes.sopClassUid),
    sopInstance: firstText(dataSet, attributes.sopInstanceUid),
  };
  const checked = checkInstance(dataSet, coreAttributes, request.version);
  if (checked.failures.length > 0) {
    return { kind: 'failed', ...named, reason: failureReasons.invalid, comments: checked.failures };
  }
  const key = keyOf(file, request.partition);
  if (request.study !== undefined && key.study.toLowerCase() !== request.study.toLowerCase()) {
    const comments = [comment(attributes.studyInstanceUid, 'it is not the study of the address')];
    return { kind: 'failed', ...named, reason: failureReasons.otherStudy, comments };
  }
  const instance = newInstance(file, checked, { key, version, length });
  const indexed = await storeIndexed(request, instance);
  if (indexed.kind === 'exists')
    return { kind: 'failed', ...named, key, reason: failureReasons.alreadyStored, comments: [] };
  if (indexed.kind === 'invalid') {
    return { kind: 'failed', ...named, reason: failureReasons.invalid, comments: indexed.comments };
  }
  const warning = syntax.explicitVr ? undefined : warningReasons.otherSopClass;
  const reason = warning ?? (checked.warnings.length > 0 ? warningReasons.invalidAttributes : undefined);
  return {
    kind: 'stored',
    ...named,
    key,
    comments: checked.warnings,
    severalValues: checked.severalValues || indexed.severalValues,
    ...(reason !== undefined && { warning: reason }),
  };
}

type Indexed =
  | { readonly kind: 'done'; readonly severalValues: boolean }
  | { readonly kind: 'exists' }
  | { readonly kind: 'invalid'; readonly comments: readonly string[] };

/** Query tags may change while an instance is on its way: then it is indexed by the new ones. */
async function storeIndexed(request: StoreRequest, { metadata, ...instance }: Unindexed): Promise<Indexed> {
  const { index, tags } = request.service;
  let known = await tags.current();
  const bytes = Buffer.from(JSON.stringify(metadata));
  for (;;) {
    const { values, faults, severalValues } = tagValues(metadata, known.tags);
    if (request.version === 1 && faults.length > 0) {
      return { kind: 'invalid', comments: faults.map(({ tag, fault }) => comment(tag, faultTexts[fault])) };
    }
    const all = [...instance.values, ...values];
    const stored = { ...instance, metadata: bytes, values: all, tagsVersion: known.version };
    await request.turn.comes;
    const storing = index.store(stored, request.replace);
    request.turn.pass();
    const result = await storing;
    if (result.done) return { kind: 'done', severalValues };
    if (result.reason === 'exists') return { kind: 'exists' };
    known = await tags.refresh();
  }
}

function keyOf({ dataSet }: Part10, partition: string): InstanceKey {
  return {
    partition,
    study: firstText(dataSet, attributes.studyInstanceUid),
    series: firstText(dataSet, attributes.seriesInstanceUid),
    instance: firstText(dataSet, attributes.sopInstanceUid),
  };
}

/** An instance before the query tags are looked at. */
export type Unindexed = Omit<NewInstance, 'metadata' | 'tagsVersion'> & { readonly metadata: DicomJson };

export function newInstance(
  { dataSet, syntax, pixelData }: Part10,
  { omitted }: Checked,
  { key, version, length }: { key: InstanceKey; version: number; length: number },
): Unindexed {
  const elements = new Map([...dataSet.elements].filter(([tag]) => !omitted.has(tag)));
  const kept = { ...dataSet, elements };
  const metadata = dicomJson(kept, withoutBinary);
  const frames = syntax.deflated ? undefined : frameIndex(dataSet, pixelData);
  return {
    key,
    version,
    length,
    transferSyntax: syntax.uid,
    metadata,
    frames: frames && Buffer.from(JSON.stringify(frames)),
    shown: {
      study: shown(metadata, 'study'),
      series: shown(metadata, 'series'),
      instance: shown(metadata, 'instance'),
    },
    values: indexedValues(kept, coreAttributes),
  };
}

function shown(metadata: DicomJson, level: 'study' | 'series' | 'instance'): Uint8Array {
  const tags = new Set([...shownOf(level)].map(tagText));
  return Buffer.from(JSON.stringify(Object.fromEntries(Object.entries(metadata).filter(([tag]) => tags.has(tag)))));
}

/** The version is not wanted; its file goes now, or, when that fails, with the left-overs. */
export async function forget({ index, blobs }: DicomService, version: number): Promise<void> {
  await index.abandon(version);
  await blobs.remove(fileOf(version));
  await index.cleaned([version]);
}
