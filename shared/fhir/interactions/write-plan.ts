/**
 * A write in two steps: a plan says what would change, then it is committed, alone or together with the other plans of a
 * transaction. A plan rests on versions that it has read; when one of them has changed meanwhile, it is made again.
 */
import type { Change, Guard, Stamp, StoredResource } from '../../stores/resources/resource-store.ts';
import { etagOf } from '../etag.ts';
import { FhirError, operationOutcome } from '../outcome.ts';
import { preferencesOf } from '../prefer.ts';
import { resourceText, tombstoneBody } from '../resource/text.ts';
import { type PlannedParameters, planParameters, refuseRaced } from '../search-parameters/plan-parameters.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';
import { provenanceOf } from './provenance.ts';

export interface WritePlan {
  /** The status that tells what was done: 200, 201, 204. */
  readonly status: number;
  /** Usually one; none when what is asked for is already so. */
  readonly changes: readonly Change[];
  readonly guards: readonly Guard[];
  /** What is there already, where there is no change. */
  readonly existing?: StoredResource;
  readonly headers?: Readonly<Record<string, string>>;
  /** What becomes of search parameters, where the plan changes SearchParameters. */
  readonly parameters?: PlannedParameters;
}

/** Attempts before a writer that always meets others gives up. AHDS: 30. */
const attempts = 30;

/** Makes the plan and commits it, again and again while other writers are in between; then 409. */
export async function write(request: FhirRequest, plan: () => Promise<WritePlan>): Promise<FhirResponse> {
  // A preference that is none is 400, which must be known before anything is written.
  preferencesOf(request.header('prefer'));
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const planned = await planParameters(request, plan);
    const provenance = provenanceOf(request, planned.changes[0]);
    const changes = provenance ? [...planned.changes, provenance] : planned.changes;
    const result = await request.service.commit(changes, planned.guards, planned.parameters?.change);
    if (result.done) return respond(request, planned, result.stamps);
    refuseRaced(request, planned.parameters);
    await pause(attempt);
  }
  throw new FhirError('conflict', 'The resource is being changed by many writers at once. Try again.');
}

/** A short, random and growing wait, so that writers that met do not meet again. */
export function pause(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(2 ** attempt, 50)));
}

/** The response to a committed plan: of one resource with its version, of several without. */
export function respond(request: FhirRequest, plan: WritePlan, stamps: readonly Stamp[]): FhirResponse {
  const { status, headers } = plan;
  const stored = plan.existing ?? writtenBy(plan.changes, stamps);
  if (!stored) return { status, ...(headers && { headers }) };
  const versioned = { status, etag: etagOf(stored.version), ...(headers && { headers }) };
  if (status === 204) return versioned;
  return {
    ...versioned,
    lastModified: stored.updated,
    location: `${request.base}/${stored.type}/${stored.id}/_history/${stored.version}`,
    ...representation(request, stored),
  };
}

/** The version that a single put has made. */
function writtenBy([change, ...others]: readonly Change[], [stamp]: readonly Stamp[]): StoredResource | undefined {
  if (change?.kind !== 'put' || others.length > 0 || !stamp) return undefined;
  const { key, method, body } = change;
  return { ...key, ...stamp, method, deleted: !body, body: body ?? tombstoneBody };
}

/** FHIR R4 3.1.0.1.10, `Prefer: return`. */
function representation(request: FhirRequest, stored: StoredResource): { body?: readonly Uint8Array[] } {
  const wanted = preferencesOf(request.header('prefer')).return;
  if (wanted === 'minimal') return {};
  if (wanted === 'representation') return { body: resourceText(stored) };
  const done = [{ severity: 'information', code: 'informational', diagnostics: 'All OK' }] as const;
  const outcome = operationOutcome(done, request.requestId, request.service.now());
  return { body: [Buffer.from(JSON.stringify(outcome))] };
}
