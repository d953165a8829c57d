/** `x-bundle-processing-logic`. AHDS: a value that it does not know is not refused; one more entry of the answer warns of it. */
import type { FhirRequest } from '../interactions/interaction.ts';
import { operationOutcome } from '../outcome.ts';
import type { BundleEntry } from '../resource/bundle-text.ts';

export function isParallel(request: FhirRequest): boolean {
  return asked(request) === 'parallel';
}

/** What the answer says besides its entries. */
export function processingWarnings(request: FhirRequest): readonly BundleEntry[] {
  const logic = asked(request);
  if (logic === undefined || logic === 'parallel' || logic === 'sequential') return [];
  const diagnostics =
    'x-bundle-processing-logic must be parallel or sequential; the entries were processed one by one.';
  const issue = { severity: 'warning', code: 'not-supported', diagnostics } as const;
  return [
    { response: { status: '405', outcome: operationOutcome([issue], request.requestId, request.service.now()) } },
  ];
}

function asked(request: FhirRequest): string | undefined {
  return request.header('x-bundle-processing-logic')?.trim().toLowerCase();
}
