/** A reindex job as AHDS shows it: a Parameters resource. */
import type { StoredJob } from '../../stores/jobs/job-store.ts';
import { keepDigits, noteHolder } from '../resource/json.ts';
import type { JsonArray, JsonObject } from '../resource/types.ts';
import type { ReindexDefinition } from './reindex-definition.ts';
import { type ReindexProgress, sumOf } from './reindex-progress.ts';

export function reindexParameters(job: StoredJob): JsonObject {
  const definition = job.definition as ReindexDefinition;
  const { plan, done } = job.progress as unknown as ReindexProgress;
  const totals = plan?.totals ?? {};
  const total = sumOf(totals);
  const finished = sumOf(done);
  const byType = Object.entries(totals).map(([type, count]) => `${type}: ${count}`);
  const parameter: JsonArray = [
    text('id', job.id),
    ...time('startTime', job.started),
    ...time('endTime', job.ended),
    ...time('lastModified', job.changed),
    ...time('queuedTime', job.queued),
    decimal('totalResourcesToReindex', String(total)),
    decimal('resourcesSuccessfullyReindexed', String(finished)),
    decimal('progress', progressOf(job, finished, total)),
    text('status', job.state),
    text('resources', Object.keys(totals).join(',')),
    text('resourceReindexProgressByResource (resource count)', byType.join('\n')),
    text('searchParams', Object.keys(plan?.waiting ?? {}).join(',')),
    text('targetResourceTypes', (definition.types ?? []).join(',')),
    ...(job.failure === null ? [] : [text('failureDetails', job.failure)]),
    decimal('maximumNumberOfResourcesPerQuery', String(definition.perQuery)),
    decimal('maximumNumberOfResourcesPerWrite', String(definition.perWrite)),
  ].filter((each) => each.valueString !== '');
  const resource: JsonObject = { resourceType: 'Parameters', id: job.id, parameter };
  for (const each of parameter) noteHolder(parameter, each);
  noteHolder(resource, parameter);
  return resource;
}

/** One digit; AHDS holds it at 99.9 until all is done. New resources may be gone through beyond those that were counted. */
function progressOf({ state }: StoredJob, finished: number, total: number): string {
  if (state === 'Completed') return '100.0';
  return total === 0 ? '0.0' : Math.min((100 * finished) / total, 99.9).toFixed(1);
}

function text(name: string, valueString: string): JsonObject {
  return { name, valueString };
}

function time(name: string, at: number | null): JsonObject[] {
  return at === null ? [] : [{ name, valueDateTime: new Date(at).toISOString() }];
}

function decimal(name: string, digits: string): JsonObject {
  const parameter: JsonObject = { name, valueDecimal: Number(digits) };
  keepDigits(parameter, 'valueDecimal', digits);
  return parameter;
}
