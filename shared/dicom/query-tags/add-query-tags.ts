/** `POST /extendedquerytags`. AHDS: what is stored from now on is indexed by the tags; a job indexes what was stored before. */
import type { Answer } from '../../operations/operation.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import { operationLink } from '../jobs/operation-link.ts';
import { operationRuns, startOperation } from '../jobs/start-operation.ts';
import { jsonBody } from '../json-body.ts';
import { mostQueryTags, newQueryTags } from './new-query-tags.ts';
import { type ReindexDefinition, reindexKind } from './reindex-definition.ts';

export async function addQueryTags(call: DicomCall): Promise<Answer> {
  const { jobs, index, tags: known } = call.service;
  const tags = newQueryTags(jsonBody(call));
  const active = await jobs.active(reindexKind);
  if (active) throw operationRuns(operationLink(call, active.id).href);
  const { tags: present } = await known.refresh();
  if (tags.some(({ tag }) => present.some((each) => each.tag === tag))) throw exists();
  if (present.length + tags.length > mostQueryTags) throw tooMany();
  const definition: ReindexDefinition = { tags };
  // The job adds the tags too, so that one that lost its caller goes on.
  const begin = async (id: string) => {
    const result = await index.addQueryTags(tags, id, mostQueryTags);
    if (result !== 'added') await jobs.cancel(reindexKind, id);
    await known.refresh();
    if (result === 'exists') throw exists();
    if (result === 'too-many') throw tooMany();
  };
  return startOperation(call, reindexKind, { ...definition }, { begin });
}

function exists(): DicomError {
  return new DicomError('conflict', 'A tag of the request is there already.');
}

function tooMany(): DicomError {
  return new DicomError('invalid', `A service has at most ${mostQueryTags} extended query tags.`);
}
