/** FHIR R4 3.1.0.11.1 batch: every entry on its own; one that fails says so in its place and stops no other. */
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import type { InteractionRow } from '../interactions/interaction-row.ts';
import { userErrorOf } from '../outcome.ts';
import { noteTouched } from '../patients-touched.ts';
import { type BundleEntry, bundleText } from '../resource/bundle-text.ts';
import type { JsonValue } from '../resource/types.ts';
import { AnswerBudget } from './answer-budget.ts';
import { auditEntry } from './audit-entry.ts';
import { BubbledHeaders } from './bubbled-headers.ts';
import { type EntryRequest, entryRequest } from './entry-request.ts';
import { entryResponse, failedEntry } from './entry-response.ts';
import { isWrite } from './planned-entry.ts';
import { isParallel, processingWarnings } from './processing-logic.ts';
import { breather, processingOrder } from './processing-order.ts';
import { Throttling } from './throttling.ts';
import { timeLimit } from './time-limit.ts';

/** Entries of one verb that run at the same time under `x-bundle-processing-logic: parallel`. */
const parallelEntries = 32;

export async function batch(
  request: FhirRequest,
  entries: readonly JsonValue[],
  rows: readonly InteractionRow[],
): Promise<FhirResponse> {
  const answers: BundleEntry[] = new Array(entries.length);
  const asked = entries.map((entry, index) => {
    try {
      return { index, entry: entryRequest(request, entry, rows) };
    } catch (error) {
      answers[index] = failedEntry(error, request);
      return undefined;
    }
  });
  const wave = isParallel(request) ? parallelEntries : 1;
  const rest = breather();
  const checkTime = timeLimit(request);
  const throttling = new Throttling();
  const budget = new AnswerBudget();
  const bubbled = new BubbledHeaders();
  const answerOf = async (entry: EntryRequest): Promise<BundleEntry> => {
    try {
      const response = await throttling.run(() => entry.row.interaction(entry.request));
      bubbled.note(response.headers);
      noteTouched(entry.request, response);
      return entryResponse(budget.take(response, !isWrite(entry)));
    } catch (error) {
      bubbled.note(userErrorOf(error)?.headers);
      return failedEntry(error, request);
    }
  };
  for (const verb of processingOrder) {
    const group = asked.filter((each) => each !== undefined).filter(({ entry }) => entry.method === verb);
    for (let at = 0; at < group.length; at += wave) {
      await rest();
      checkTime();
      await Promise.all(
        group.slice(at, at + wave).map(async ({ index, entry }) => {
          answers[index] = await answerOf(entry);
        }),
      );
    }
  }
  request.audit.entries = asked.map((each, index) => auditEntry(each?.entry, answers[index]));
  const warnings = processingWarnings(request);
  const lastUpdated = request.service.now().toISOString();
  return {
    status: 200,
    headers: bubbled.headers,
    body: bundleText({
      type: 'batch-response',
      id: request.requestId,
      lastUpdated,
      entries: [...answers, ...warnings],
    }),
  };
}
