import type { FhirRequest } from '../interactions/interaction.ts';
import { FhirError } from '../outcome.ts';

/** AHDS: a bundle that has not been processed after this many seconds is 408. */
const maxSeconds = 100;

/** To be called between the parts of a bundle's work: throws once its time is over. */
export function timeLimit({ service: { now } }: FhirRequest): () => void {
  const end = now().getTime() + maxSeconds * 1000;
  return () => {
    if (now().getTime() > end) throw new FhirError('timeout', `The bundle takes longer than ${maxSeconds} seconds.`);
  };
}
