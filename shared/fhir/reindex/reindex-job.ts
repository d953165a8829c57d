/**
 * The reindex of a whole service as a job: all resources of the types that waiting search parameters have are indexed
 * anew, page by page, then the parameters change their state.
 *
 * Nothing is missed: from a change of the parameters on, the store refuses every index that was made without it. The first step
 * notes the latest position; what was stored before is met by the scan, in the order of positions, which a new version
 * only moves towards the end; what is stored behind that position was indexed with the parameters.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { JobKind, StepResult } from '../../jobs/job-kind.ts';
import type { StoredJob } from '../../stores/jobs/job-store.ts';
import type { StoredResource } from '../../stores/resources/resource-store.ts';
import { breather } from '../bundle/processing-order.ts';
import { parseStored } from '../resource/text.ts';
import { pageBytes } from '../search/page.ts';
import { typesOf } from '../search-parameters/custom-parameter.ts';
import { publishedParameters } from '../search-parameters/published-parameters.ts';
import type { FhirService } from '../service.ts';
import { completeParameters, isWaiting } from './complete-parameters.ts';
import { type ReindexDefinition, reindexKind } from './reindex-definition.ts';
import type { ReindexProgress } from './reindex-progress.ts';

/** A step goes on for so long, then checkpoints. */
const stepMs = 1500;
/** Bodies held at a time. */
const mostPerPage = 200;
/** The writing thread is shared with those who wait for an answer: a batch keeps it for some milliseconds. */
const mostPerWrite = 50;
/** Milliseconds that indexing keeps the event loop before it lets others in. */
const busyMs = 8;

export const reindexJob: JobKind<FhirService> = { kind: reindexKind, step };

async function step(service: FhirService, job: StoredJob): Promise<StepResult> {
  const definition = job.definition as ReindexDefinition;
  const progress = job.progress as unknown as ReindexProgress;
  if (!progress.plan) return { progress: { ...progress, plan: await planOf(service, definition) }, done: false };
  const types = Object.keys(progress.plan.totals);
  if (progress.at >= types.length) {
    await completeParameters(service, progress.plan.waiting);
    return { progress: { ...progress }, done: true };
  }
  return { progress: { ...(await scan(service, definition, progress, progress.plan)) }, done: false };
}

async function planOf(service: FhirService, { types: asked, urls }: ReindexDefinition) {
  const { store, parameters } = service;
  await parameters.refresh();
  const waiting: Record<string, number> = {};
  const types = new Set(asked);
  for (const { url, state, version } of parameters.records) {
    if (!isWaiting(state) || (urls && !urls.includes(url))) continue;
    const own = concreteTypes(service, url);
    if (!asked) for (const type of own) types.add(type);
    if (state !== 'Supported' || !asked || own.every((type) => asked.includes(type))) waiting[url] = version;
  }
  // Writes come to the store in order: an empty one waits for those that were on their way.
  await store.commit([]);
  const { matches } = await store.history({ oldestFirst: false }, 1);
  const totals: Record<string, number> = {};
  for (const type of [...types].sort()) {
    const total = await store.count({ types: [type], where: undefined, sort: [] });
    if (total > 0) totals[type] = total;
  }
  return { waiting, totals, bound: matches[0]?.position ?? 0 };
}

function concreteTypes({ parameters }: FhirService, url: string): readonly string[] {
  const published = publishedParameters(parameters.published).get(url);
  if (published) return [...published.types];
  const bases = [...(parameters.customBy(url)?.byBase.keys() ?? [])];
  return bases.flatMap((base) => typesOf(parameters.published, base));
}

async function scan(
  service: FhirService,
  { base, perQuery, perWrite, delayMs }: ReindexDefinition,
  begun: ReindexProgress,
  plan: NonNullable<ReindexProgress['plan']>,
): Promise<ReindexProgress> {
  const until = performance.now() + stepMs;
  const types = Object.keys(plan.totals);
  let { at, after } = begun;
  const done = { ...begun.done };
  let sincePause = 0;
  while (at < types.length && performance.now() < until) {
    const type = types[at] ?? '';
    const query = { types: [type], where: undefined, sort: [] };
    const page = await service.store.search(query, Math.min(perQuery, mostPerPage), after ?? undefined, pageBytes);
    const before = page.matches.filter(({ position }) => position <= plan.bound);
    const size = Math.min(perWrite, mostPerWrite);
    for (let from = 0; from < before.length; from += size) {
      await rewrite(service, before.slice(from, from + size), base);
    }
    done[type] = (done[type] ?? 0) + before.length;
    const ended = !page.next || before.length < page.matches.length;
    after = ended ? null : (page.next ?? null);
    if (ended) at += 1;
    sincePause += before.length;
    if (sincePause >= perQuery && delayMs > 0) {
      await pause(Math.min(delayMs, stepMs));
      sincePause = 0;
    }
  }
  return { plan, at, after, done };
}

/** Tried again while the search parameters change: then the entries are made anew. */
async function rewrite(service: FhirService, resources: readonly StoredResource[], base: string): Promise<void> {
  const { parameters, store } = service;
  const rest = breather(busyMs);
  for (;;) {
    const indexedWith = parameters.version;
    const rewrites = [];
    for (const stored of resources) {
      await rest();
      const { type, id, version } = stored;
      rewrites.push({ key: { type, id }, version, index: parameters.index(parseStored(stored), base) });
    }
    if ((await store.reindex(rewrites, indexedWith)) !== undefined) return;
    await parameters.refresh();
  }
}
