/**
 * FHIR R4 3.1.0.11.2 transaction: every entry is planned against what is stored now, all plans are committed at once,
 * reads are answered afterwards. One entry that cannot be done undoes all: nothing was written yet.
 */
import { resolveConditionalReferences } from '../interactions/conditional-references.ts';
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import type { InteractionRow } from '../interactions/interaction-row.ts';
import { pause, respond, type WritePlan } from '../interactions/write-plan.ts';
import { FhirError, userErrorOf } from '../outcome.ts';
import { askedSubset } from '../resource/asked-subset.ts';
import { type BundleEntry, bundleText } from '../resource/bundle-text.ts';
import { isObject } from '../resource/json.ts';
import type { JsonValue } from '../resource/types.ts';
import { type EntryRequest, entryRequest } from './entry-request.ts';
import { entryResponse, failedEntry } from './entry-response.ts';
import { identify, planOf, type Target } from './planned-entry.ts';
import { processingWarnings } from './processing-logic.ts';
import { breather, processingOrder } from './processing-order.ts';
import { ReferenceRewriter } from './rewrite-references.ts';
import { timeLimit } from './time-limit.ts';
import { checkTransactionEntry } from './transaction-rules.ts';
import { checkUniqueSearchParameters } from './unique-search-parameters.ts';
import { checkUniqueTargets } from './unique-targets.ts';

const attempts = 10;

export async function transaction(
  request: FhirRequest,
  entries: readonly JsonValue[],
  rows: readonly InteractionRow[],
): Promise<FhirResponse> {
  const asked = checkedEntries(request, entries, rows);
  const checkTime = timeLimit(request);
  const references = new ReferenceRewriter(asked);
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const done = await attemptTransaction(request, asked, references, checkTime);
    if (done) return done;
    await pause(attempt);
  }
  throw new FhirError('conflict', 'The resources of the transaction are being changed by others at once. Try again.');
}

/** Undefined when what the plans rest on has changed meanwhile: then nothing was written. */
async function attemptTransaction(
  request: FhirRequest,
  asked: readonly EntryRequest[],
  references: ReferenceRewriter,
  checkTime: () => void,
): Promise<FhirResponse | undefined> {
  const targets: (Target | undefined)[] = [];
  for (const entry of asked) {
    checkTime();
    targets.push(await inEntry(nameOf(entry), () => identify(entry)));
  }
  checkUniqueTargets(asked, targets);
  references.rewrite(targets);
  const resources = asked.flatMap((entry) => entry.request.resource ?? []);
  await resolveConditionalReferences(request, resources);

  const plans: (WritePlan | undefined)[] = new Array(asked.length);
  const rest = breather();
  for (const verb of processingOrder) {
    for (const [index, entry] of asked.entries()) {
      if (entry.method !== verb) continue;
      await rest();
      checkTime();
      plans[index] = await inEntry(nameOf(entry), () => planOf(entry, targets[index]));
    }
  }
  await tryReads(asked, plans);
  checkTime();
  const changes = plans.flatMap((plan) => plan?.changes ?? []);
  const guards = plans.flatMap((plan) => plan?.guards ?? []);
  const result = await request.service.commit(changes, guards);
  if (!result.done) return undefined;

  let stampAt = 0;
  const answers: BundleEntry[] = [];
  for (const [index, entry] of asked.entries()) {
    const plan = plans[index];
    if (!plan) answers.push(await answerOfRead(entry, request));
    else {
      const stamps = result.stamps.slice(stampAt, stampAt + plan.changes.length);
      answers.push(entryResponse(respond(entry.request, plan, stamps)));
      stampAt += plan.changes.length;
    }
  }
  request.audit.entries = asked.map(({ row, request: { audit } }, index) => {
    return `${row.name} ${audit.resourceType ?? '-'}/${audit.resourceId ?? '-'} ${answers[index]?.response?.status}`;
  });
  const lastUpdated = request.service.now().toISOString();
  return {
    status: 200,
    body: bundleText({
      type: 'transaction-response',
      id: request.requestId,
      lastUpdated,
      entries: [...answers, ...processingWarnings(request)],
    }),
  };
}

/** AHDS: that entries are in each other's way is told before what is wrong with one of them. */
function checkedEntries(
  request: FhirRequest,
  entries: readonly JsonValue[],
  rows: readonly InteractionRow[],
): readonly EntryRequest[] {
  const asked: EntryRequest[] = [];
  let failure: unknown;
  for (const [index, entry] of entries.entries()) {
    try {
      asked.push(inEntry(sentName(entry, index), () => checkedEntry(request, entry, rows)));
    } catch (error) {
      failure ??= error;
    }
  }
  checkUniqueTargets(asked);
  checkUniqueSearchParameters(asked);
  if (failure !== undefined) throw failure;
  return asked;
}

function checkedEntry(request: FhirRequest, entry: JsonValue, rows: readonly InteractionRow[]): EntryRequest {
  const asked = entryRequest(request, entry, rows);
  checkTransactionEntry(asked);
  return asked;
}

function sentName(entry: JsonValue, index: number): string {
  const sent = isObject(entry) && isObject(entry.request) ? entry.request : {};
  const { method, url } = sent;
  return typeof method === 'string' && typeof url === 'string' ? `${method} ${url}` : `entry ${index}`;
}

/** Nothing can be undone any more: what others have made of a resource since the read was tried is said in its place. */
async function answerOfRead(entry: EntryRequest, request: FhirRequest): Promise<BundleEntry> {
  try {
    return entryResponse(await entry.row.interaction(entry.request));
  } catch (error) {
    return failedEntry(error, request);
  }
}

/**
 * Reads are answered after the commit; tried before it, so that one that fails still undoes the transaction. A read of
 * what the transaction itself writes can be answered only then; one of what it deletes fails.
 */
async function tryReads(asked: readonly EntryRequest[], plans: readonly (WritePlan | undefined)[]): Promise<void> {
  const written = new Set<string>();
  const deleted = new Set<string>();
  for (const plan of plans) {
    for (const change of plan?.changes ?? []) {
      const set = change.kind === 'put' && change.body ? written : deleted;
      set.add(`${change.key.type}/${change.key.id}`);
    }
  }
  for (const [index, entry] of asked.entries()) {
    const { type, id } = entry.request;
    if (plans[index]) continue;
    await inEntry(nameOf(entry), async () => {
      askedSubset(new Map(entry.request.query));
      if (entry.row.name === 'read' && deleted.has(`${type}/${id}`)) {
        throw new FhirError('deleted', 'The transaction deletes the resource that it reads.');
      }
      if (!written.has(`${type}/${id}`)) await entry.row.interaction(entry.request);
    });
  }
}

/** How a failure names an entry. */
function nameOf({ method, url }: EntryRequest): string {
  return `${method} ${url}`;
}

/** Runs one entry's part; its failure becomes the transaction's, with the entry named in the first issue. */
function inEntry<T>(name: string, part: () => T): T {
  try {
    const result = part();
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      throw failureOf(name, error);
    }) as T;
  } catch (error) {
    throw failureOf(name, error);
  }
}

function failureOf(name: string, error: unknown): unknown {
  const failure = userErrorOf(error);
  if (!(failure instanceof FhirError)) return error;
  const first = { severity: 'error', code: 'processing', diagnostics: `The transaction failed on ${name}.` } as const;
  return new FhirError(failure.code, [first, ...failure.issues]);
}
