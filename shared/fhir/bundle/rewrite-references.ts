/**
 * References between the entries of a transaction. FHIR R4 3.1.0.11.2: a reference that names an entry by its fullUrl is
 * replaced by one to the resource that the entry becomes; a relative one is resolved against the fullUrl around it.
 */
import { referencesIn } from '../interactions/conditional-references.ts';
import { FhirError } from '../outcome.ts';
import type { JsonObject } from '../resource/types.ts';
import type { EntryRequest } from './entry-request.ts';
import type { Target } from './planned-entry.ts';

interface Place {
  readonly holder: JsonObject;
  readonly original: string;
  /** What the reference would be as a fullUrl, where that is not the reference itself. */
  readonly absolute: string | undefined;
}

/** Finds the references once; every attempt of the transaction starts from what the client sent. */
export class ReferenceRewriter {
  private readonly places: Place[] = [];
  private readonly fullUrls: readonly (string | undefined)[];

  constructor(asked: readonly EntryRequest[]) {
    this.fullUrls = asked.map(({ fullUrl }) => fullUrl);
    const seen = new Set<string>();
    for (const { fullUrl, request } of asked) {
      if (fullUrl !== undefined && seen.has(fullUrl) && request.resource) {
        throw new FhirError('invalid', `The fullUrl '${fullUrl}' stands at more than one entry.`);
      }
      if (fullUrl !== undefined) seen.add(fullUrl);
      const around = /^(https?:\/\/.*\/)[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.exec(fullUrl ?? '')?.[1];
      for (const holder of referencesIn(request.resource ?? request.jsonPatch)) {
        const original = holder.reference as string;
        const relative = around !== undefined && /^[A-Z][A-Za-z]+\/[^?]+$/.test(original);
        this.places.push({ holder, original, absolute: relative ? around + original : undefined });
      }
    }
  }

  /** `targets` stand at the indexes of the entries. */
  rewrite(targets: readonly (Target | undefined)[]): void {
    const byFullUrl = new Map<string, string>();
    for (const [index, target] of targets.entries()) {
      const fullUrl = this.fullUrls[index];
      if (target && fullUrl !== undefined) byFullUrl.set(fullUrl, `${target.type}/${target.id}`);
    }
    for (const { holder, original, absolute } of this.places) {
      holder.reference = byFullUrl.get(original) ?? (absolute && byFullUrl.get(absolute)) ?? original;
    }
  }
}
