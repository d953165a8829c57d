/** `GET /extendedquerytags`, one of them, and the instances that it could not index. AHDS: paged by `limit` and `offset`. */
import type { Answer } from '../../operations/operation.ts';
import type { QueryTag } from '../../stores/imaging/query-tags.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import { jsonHeaders } from '../json-body.ts';
import { pageIn } from '../query-parameters.ts';
import { faultTexts, type ValueFault, valueFaults } from '../store/vr-rules.ts';
import { queryTagAnswer } from './query-tag-answer.ts';
import { tagIn } from './tag-path.ts';

export async function listQueryTags(call: DicomCall): Promise<Answer> {
  const { limit, offset } = pageIn(call.url.searchParams);
  const { tags } = await call.service.index.queryTags();
  return json(tags.slice(offset, offset + limit).map((each) => queryTagAnswer(call, each)));
}

export async function readQueryTag(call: DicomCall): Promise<Answer> {
  return json(queryTagAnswer(call, await queryTagOf(call)));
}

export async function listQueryTagErrors(call: DicomCall): Promise<Answer> {
  const { limit, offset } = pageIn(call.url.searchParams);
  const { tag } = await queryTagOf(call);
  const errors = await call.service.index.queryTagErrors(tag, limit, offset);
  return json(
    errors.map(({ partition, study, series, instance, time, fault }) => ({
      studyInstanceUid: study,
      seriesInstanceUid: series,
      sopInstanceUid: instance,
      partitionName: partition,
      createdTime: new Date(time).toISOString().replace('Z', '+00:00'),
      errorMessage: messageOf(fault),
    })),
  );
}

/** The tag of the address; 404 when it is none of the service's. */
export async function queryTagOf({ service, params }: DicomCall): Promise<QueryTag> {
  const tag = tagIn(params.tagPath ?? '');
  const found = (await service.tags.refresh()).tags.find((each) => each.tag === tag);
  if (!found) throw new DicomError('not-found', 'There is no such extended query tag.');
  return found;
}

function messageOf(fault: number): string {
  const name = (Object.keys(valueFaults) as ValueFault[]).find((each) => valueFaults[each] === fault);
  return name ? `The value cannot be indexed: ${faultTexts[name]}.` : 'The value cannot be indexed.';
}

function json(body: unknown): Answer {
  return { status: 200, headers: jsonHeaders, body: JSON.stringify(body) };
}
