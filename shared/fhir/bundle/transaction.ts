/**
 * FHIR R4 3.1.0.11.2 transaction: every entry is planned against what is stored now, all plans are committed at once,
 * reads are answered afterwards. One entry that cannot be done undoes all: nothing was written yet.
 */
import { resolveConditionalReferences } from '../interactions/conditional-references.ts';
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import type { InteractionRow } from '../interactions/interaction-row.ts';
import { pause, respond, type WritePlan } from '../interactions/write-plan.ts';
import { FhirError } from '../outcome.ts';
import { noteTouched } from '../patients-touched.ts';
import { type BundleEntry, bundleText } from '../resource/bundle-text.ts';
import type { JsonValue } from '../resource/types.ts';
import { allParameters, planParameters, refuseRaced } from '../search-parameters/plan-parameters.ts';
import { AnswerBudget } from './answer-budget.ts';
import { auditEntry } from './audit-entry.ts';
import { type EntryRequest, entryRequest } from './entry-request.ts';
import { entryResponse } from './entry-response.ts';
import { inEntry, nameOf, sentName } from './in-entry.ts';
import { identify, planOf, type Target } from './planned-entry.ts';
import { processingWarnings } from './processing-logic.ts';
import { breather, processingOrder } from './processing-order.ts';
import { ReferenceRewriter } from './rewrite-references.ts';
import { timeLimit } from './time-limit.ts';
import { answerOfRead, tryReads } from './transaction-reads.ts';
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
      const plan = () => planOf(entry, targets[index]);
      plans[index] = await inEntry(nameOf(entry), () => planParameters(entry.request, plan));
    }
  }
  await tryReads(asked, plans);
  checkTime();
  const changes = plans.flatMap((plan) => plan?.changes ?? []);
  const guards = plans.flatMap((plan) => plan?.guards ?? []);
  const parameters = allParameters(plans.flatMap((plan) => plan?.parameters ?? []));
  const result = await request.service.commit(changes, guards, parameters?.change);
  if (!result.done) {
    refuseRaced(request, parameters);
    return undefined;
  }

  let stampAt = 0;
  const budget = new AnswerBudget();
  const answers: BundleEntry[] = [];
  for (const [index, entry] of asked.entries()) {
    const plan = plans[index];
    if (!plan) answers.push(await answerOfRead(entry, request, budget));
    else {
      const stamps = result.stamps.slice(stampAt, stampAt + plan.changes.length);
      const response = respond(entry.request, plan, stamps);
      noteTouched(entry.request, response);
      answers.push(entryResponse(budget.take(response, false)));
      stampAt += plan.changes.length;
    }
  }
  request.audit.entries = asked.map((entry, index) => auditEntry(entry, answers[index]));
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
