/** What the operations on dead letters do; loaded when one is first asked for. */
import { requestError } from '../../operations/errors.ts';
import type { Answer, Call } from '../../operations/operation.ts';
import { ticksOfDateTime } from '../fhir-mapping/effective-period.ts';
import { NoMappings } from '../ingest/mapping-files.ts';
import { FhirUnavailable } from '../persist/fhir-port.ts';
import type { MedtechService } from '../service.ts';
import { roundTripText, type Ticks } from '../ticks.ts';
import type { DeadLetter } from './dead-letters.ts';
import { eventToJson } from './event-json.ts';
import { type ReplayRequest, replay } from './replay.ts';

/** Letters that one call lists or replays. */
const mostLetters = 1000;

export async function list({ url, service }: Call<MedtechService>): Promise<Answer> {
  const asked = new URLSearchParams(url.searchParams);
  const { errors, after, limit, ...range } = requestOf({
    errors: asked.getAll('error'),
    since: asked.get('since') ?? undefined,
    until: asked.get('until') ?? undefined,
    after: asked.get('after') ?? undefined,
    limit: asked.has('limit') ? Number(asked.get('limit')) : undefined,
  });
  const letters: ReturnType<typeof summary>[] = [];
  for await (const letter of service.letters.list(range, after)) {
    if (errors && !letter.errors.some(({ name }) => errors.includes(name))) continue;
    if (letters.length === limit) return json({ deadLetters: letters, next: letters.at(-1)?.name });
    letters.push(summary(letter));
  }
  return json({ deadLetters: letters });
}

export async function read({ params, service }: Call<MedtechService>): Promise<Answer> {
  const letter = await service.letters.read(params.name ?? '');
  if (!letter) throw requestError('not-found', 'There is no dead letter of this name.');
  const body = Buffer.from(letter.event.body).toString();
  return json({ ...summary(letter), event: eventToJson(letter.event), bodyText: body });
}

export async function replayAgain({ body, service }: Call<MedtechService>): Promise<Answer> {
  try {
    return json(await replay(service.letters, service.ingest, requestOf(parsed(body))));
  } catch (error) {
    if (!(error instanceof FhirUnavailable || error instanceof NoMappings)) throw error;
    throw requestError('unavailable', error.message);
  }
}

function summary({ name, time, errors, mappingVersion, event }: DeadLetter) {
  return { name, time, errors, mappingVersion, enqueued: roundTripText(event.enqueued) };
}

function parsed(body: Uint8Array): Readonly<Record<string, unknown>> {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw requestError('bad-request', 'The body must be a JSON object.');
}

/** What is asked for, whether by query or by body. */
function requestOf({
  errors,
  since,
  until,
  after,
  limit = mostLetters,
}: Readonly<Record<string, unknown>>): ReplayRequest {
  if (errors !== undefined && !(Array.isArray(errors) && errors.every((each) => typeof each === 'string'))) {
    throw requestError('bad-request', 'errors must be a list of the names of errors.');
  }
  if (after !== undefined && typeof after !== 'string') throw requestError('bad-request', 'after must be a name.');
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > mostLetters) {
    throw requestError('bad-request', `limit must be a whole number from 1 to ${mostLetters}.`);
  }
  return {
    ...(errors !== undefined && errors.length > 0 && { errors }),
    ...bound('since', since),
    ...bound('until', until),
    ...(after !== undefined && { after }),
    limit,
  };
}

function bound(name: 'since' | 'until', value: unknown): { since?: Ticks; until?: Ticks } {
  if (value === undefined) return {};
  const ticks = typeof value === 'string' ? ticksOfDateTime(value) : undefined;
  if (ticks === undefined) throw requestError('bad-request', `${name} must be a time such as 2026-01-31T12:00:00Z.`);
  return { [name]: ticks };
}

function json(value: unknown): Answer {
  return { status: 200, headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) };
}
