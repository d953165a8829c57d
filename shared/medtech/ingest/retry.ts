/** What is tried again when the FHIR service cannot answer. iomt-fhir: ten times more, after 1, 2, 4 … at most 15 seconds. */
import { setTimeout as delay } from 'node:timers/promises';
import { MedtechError } from '../errors.ts';
import { type FhirPort, FhirUnavailable } from '../persist/fhir-port.ts';

export interface Retry {
  readonly retries: number;
  readonly pause: (ms: number) => Promise<void>;
}

const mostPause = 15_000;

/**
 * Rejects with `FhirUnavailable` when the service as a whole cannot be reached. When it can, and does not take this one thing
 * for all the attempts, that is an error of the thing.
 */
export async function retrying(
  fhir: FhirPort,
  { retries = 10, pause = (ms) => delay(ms) }: Partial<Retry> = {},
  run: () => Promise<void>,
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof FhirUnavailable)) throw error;
      if (attempt >= retries) break;
      await pause(Math.min(1000 * 2 ** attempt, mostPause));
    }
  }
  await fhir.check();
  throw new MedtechError('FhirServiceException', 'The FHIR service did not answer, time and again.');
}
