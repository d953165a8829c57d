/**
 * AHDS: the first entry of a batch that the store turns away for being too much (429) is tried once more after the time
 * that the store asks for; when that does not help, all entries that are left are turned away with it.
 */
import { FhirError, userErrorOf } from '../outcome.ts';

/** Seconds that a batch waits at most; a store that asks for more, or says nothing, gets the default. */
const longestWait = 15;
const defaultWait = 2;

export class Throttling {
  #refusal: FhirError | undefined;

  async run<T>(entry: () => Promise<T>): Promise<T> {
    if (this.#refusal) throw this.#refusal;
    try {
      return await entry();
    } catch (error) {
      const refusal = throttledBy(error);
      if (!refusal) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitOf(refusal) * 1000));
    }
    try {
      return await entry();
    } catch (error) {
      this.#refusal ??= throttledBy(error);
      throw error;
    }
  }
}

function throttledBy(error: unknown): FhirError | undefined {
  const failure = userErrorOf(error);
  return failure instanceof FhirError && failure.status === 429 ? failure : undefined;
}

function waitOf({ headers }: FhirError): number {
  const asked = Number(headers['Retry-After'] ?? defaultWait);
  return asked >= 0 && asked <= longestWait ? asked : defaultWait;
}
