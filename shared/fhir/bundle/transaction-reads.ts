/** The entries of a transaction that only read: they see what it writes, so they are answered after the commit. */
import type { FhirRequest } from '../interactions/interaction.ts';
import type { WritePlan } from '../interactions/write-plan.ts';
import { FhirError } from '../outcome.ts';
import { noteTouched } from '../patients-touched.ts';
import { askedSubset } from '../resource/asked-subset.ts';
import type { BundleEntry } from '../resource/bundle-text.ts';
import type { AnswerBudget } from './answer-budget.ts';
import type { EntryRequest } from './entry-request.ts';
import { entryResponse, failedEntry } from './entry-response.ts';
import { inEntry, nameOf } from './in-entry.ts';

/** Nothing can be undone any more: what others have made of a resource since the read was tried is said in its place. */
export async function answerOfRead(
  entry: EntryRequest,
  request: FhirRequest,
  budget: AnswerBudget,
): Promise<BundleEntry> {
  try {
    const response = await entry.row.interaction(entry.request);
    noteTouched(entry.request, response);
    return entryResponse(budget.take(response, true));
  } catch (error) {
    return failedEntry(error, request);
  }
}

/**
 * Reads are tried before the commit as well, so that one that fails still undoes the transaction. A read of
 * what the transaction itself writes can be answered only then; one of what it deletes fails.
 */
export async function tryReads(
  asked: readonly EntryRequest[],
  plans: readonly (WritePlan | undefined)[],
): Promise<void> {
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
