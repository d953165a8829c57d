/** QIDO-RS: studies, series and instances, all or below one. Source: DICOM PS3.18, 10.6; AHDS for what answers show. */
import type { Answer } from '../../operations/operation.ts';
import { type Found, type InstanceScope, type Level, levels } from '../../stores/imaging/imaging-index.ts';
import { attributes } from '../attributes.ts';
import type { DicomCall } from '../call.ts';
import type { DicomJson, DicomJsonElement } from '../json/dicom-json.ts';
import { checkAcceptsJson } from '../media-type.ts';
import { type Tag, tagText } from '../part10/data-set.ts';
import { scopeOf } from '../retrieve/scope.ts';
import { shownInV1, shownInV2, shownOf, uidOf } from './core-attributes.ts';
import { type SearchRequest, searchRequest } from './search-request.ts';

/** Searches for what `level` says, in the scope that the address gives. */
export function searchFor(level: Level): (call: DicomCall) => Promise<Answer> {
  return async (call) => {
    checkAcceptsJson(call.headers.get('accept'));
    const { index } = call.service;
    const scope = scopeOf(call);
    const fixed = levels.filter((each) => scope[each] !== undefined);
    const { tags: queryTags } = await call.service.tags.current();
    const asked = searchRequest(call.url.searchParams, { level, fixed, queryTags });
    const { filters, uids, modality, limit, offset, erroneous } = asked;
    const warned = erroneous.length > 0 && { 'erroneous-dicom-attributes': erroneous.join(',') };
    const query = { level, scope, uids, filters, ...(modality !== undefined && { modality }) };
    const found = await index.search(query, limit, offset);
    if (found.length === 0) return { status: 204, headers: { ...warned } };
    const shape = shapeOf(level, shownTags(call, level, fixed, asked));
    const answers = await Promise.all(found.map((each) => answerOf(call, each, shape)));
    return {
      status: 200,
      headers: { 'Content-Type': 'application/dicom+json', ...warned },
      body: JSON.stringify(answers),
    };
  };
}

/** The default of every level searched that the address does not fix, its UIDs, and what was asked for. */
function shownTags(call: DicomCall, level: Level, fixed: readonly Level[], asked: SearchRequest): ReadonlySet<Tag> {
  const defaults = call.version === 1 ? shownInV1 : shownInV2;
  const shown = new Set<Tag>(asked.included);
  for (const each of levels.slice(0, levels.indexOf(level) + 1)) {
    shown.add(uidOf[each]);
    if (fixed.includes(each)) continue;
    for (const tag of asked.includeAll ? shownOf(each) : defaults[each]) shown.add(tag);
  }
  return shown;
}

/** What every item of an answer has in common. */
interface Shape {
  readonly shown: ReadonlySet<Tag>;
  /** Of `shown`, in order. */
  readonly texts: readonly string[];
  readonly isComputed: boolean;
  /** Something is shown that the index does not have. */
  readonly needsMetadata: boolean;
}

function shapeOf(level: Level, shown: ReadonlySet<Tag>): Shape {
  const indexed = new Set(levels.slice(0, levels.indexOf(level) + 1).flatMap((each) => [...shownOf(each)]));
  return {
    shown,
    texts: [...shown].map(tagText).toSorted(),
    isComputed: [...computedTags].some((tag) => shown.has(tag)),
    needsMetadata: [...shown].some((tag) => !indexed.has(tag) && !computedTags.has(tag)),
  };
}

async function answerOf(call: DicomCall, found: Found, shape: Shape): Promise<DicomJson> {
  const { shown, texts, isComputed, needsMetadata } = shape;
  // What stands first has the say.
  const sources = [
    ...(isComputed ? [await computedAttributes(call, found.scope, shown)] : []),
    uidElements(found.scope),
    ...(needsMetadata ? [await metadataOf(call, found)] : []),
    ...shownLevels.flatMap((level) => parsed(found.shown[level])),
  ];
  const answer: Record<string, DicomJsonElement> = {};
  for (const text of texts) {
    for (const source of sources) {
      const element = source[text];
      if (element === undefined) continue;
      answer[text] = element;
      break;
    }
  }
  return answer;
}

/** Attributes of a lower level win. */
const shownLevels = levels.toReversed();

function parsed(text: string | undefined): DicomJson[] {
  return text === undefined ? [] : [JSON.parse(text) as DicomJson];
}

const computedTags: ReadonlySet<Tag> = new Set([
  attributes.modalitiesInStudy,
  attributes.numberOfStudyRelatedInstances,
  attributes.numberOfSeriesRelatedInstances,
  attributes.instanceAvailability,
]);

/** AHDS computes them only when they are asked for. */
async function computedAttributes(
  { service }: DicomCall,
  { partition, study, series }: InstanceScope,
  shown: ReadonlySet<Tag>,
): Promise<DicomJson> {
  const computed: Record<string, DicomJsonElement> = {};
  if (study === undefined) return computed;
  const ofStudy = shown.has(attributes.modalitiesInStudy) || shown.has(attributes.numberOfStudyRelatedInstances);
  if (ofStudy) {
    const { instances, modalities } = await service.index.counts({ partition, study });
    if (shown.has(attributes.modalitiesInStudy)) {
      computed[tagText(attributes.modalitiesInStudy)] = {
        vr: 'CS',
        Value: modalities.map((text) => text.toUpperCase()),
      };
    }
    computed[tagText(attributes.numberOfStudyRelatedInstances)] = { vr: 'IS', Value: [instances] };
  }
  if (series !== undefined && shown.has(attributes.numberOfSeriesRelatedInstances)) {
    const { instances } = await service.index.counts({ partition, study, series });
    computed[tagText(attributes.numberOfSeriesRelatedInstances)] = { vr: 'IS', Value: [instances] };
  }
  return computed;
}

/** Of the newest instance of what was found. */
async function metadataOf({ service }: DicomCall, { scope, version }: Found): Promise<DicomJson> {
  const [newest] = await service.index.metadata(scope, 1, version - 1);
  return newest ? (JSON.parse(Buffer.from(newest.metadata).toString()) as DicomJson) : {};
}

function uidElements(scope: InstanceScope): DicomJson {
  const elements: Record<string, DicomJsonElement> = {};
  for (const level of levels) {
    const uid = scope[level];
    if (uid !== undefined) elements[uidTexts[level]] = { vr: 'UI', Value: [uid] };
  }
  return elements;
}

const uidTexts: Readonly<Record<Level, string>> = {
  study: tagText(uidOf.study),
  series: tagText(uidOf.series),
  instance: tagText(uidOf.instance),
};
