import type { FhirResponse } from '../interactions/interaction.ts';
import { FhirError } from '../outcome.ts';
import { pageBytes } from '../search/page.ts';

/**
 * The answers of a bundle's entries are in memory together: as many bytes as one page of a search may have. An entry that
 * reads more is told so; one that has written is answered without its resource.
 */
export class AnswerBudget {
  #left = pageBytes;

  take(response: FhirResponse, reads: boolean): FhirResponse {
    const bytes = (response.body ?? []).reduce((sum, chunk) => sum + chunk.length, 0);
    this.#left -= bytes;
    if (this.#left >= 0 || bytes === 0) return response;
    if (reads) throw new FhirError('too-costly', 'The answers of the bundle are too large together.');
    const { body: _, ...rest } = response;
    return rest;
  }
}
