/** Dead letters once more: those whose events can be used now are removed. To do it again changes nothing. */
import type { EventError, Ingest } from '../ingest/ingest.ts';
import type { DeadLetter, DeadLetterRange, DeadLetters } from './dead-letters.ts';

export interface ReplayRequest extends DeadLetterRange {
  /** Those with one of these errors only. */
  readonly errors?: readonly string[];
  /** Behind the letter of this name. */
  readonly after?: string;
  /** Letters that are looked at in this call. */
  readonly limit: number;
}

export interface Replayed {
  readonly succeeded: number;
  readonly failed: readonly { readonly name: string; readonly errors: readonly EventError[] }[];
  /** Where the next call begins; absent when all have been looked at. */
  readonly next?: string;
}

/** Events that are fed again together. */
const batchLength = 100;

export async function replay(letters: DeadLetters, ingest: Ingest, request: ReplayRequest): Promise<Replayed> {
  const failed: { name: string; errors: readonly EventError[] }[] = [];
  let succeeded = 0;
  let batch: DeadLetter[] = [];
  const feed = async () => {
    if (batch.length === 0) return;
    const events = batch.map(({ event }) => event);
    const errorsOf = new Map((await ingest(events)).failed.map(({ event, errors }) => [event, errors]));
    for (const { name, event } of batch) {
      const errors = errorsOf.get(event);
      if (errors) failed.push({ name, errors });
      else {
        await letters.remove(name);
        succeeded += 1;
      }
    }
    batch = [];
  };
  let seen = 0;
  let last: string | undefined;
  for await (const letter of letters.list(request, request.after)) {
    if (seen === request.limit) {
      await feed();
      return { succeeded, failed, ...(last !== undefined && { next: last }) };
    }
    seen += 1;
    last = letter.name;
    if (request.errors && !letter.errors.some(({ name }) => request.errors?.includes(name))) continue;
    batch.push(letter);
    if (batch.length === batchLength) await feed();
  }
  await feed();
  return { succeeded, failed };
}
