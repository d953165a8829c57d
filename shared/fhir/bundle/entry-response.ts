import { UserError } from '../../operations/errors.ts';
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { issuesOf, operationOutcome } from '../outcome.ts';
import type { BundleEntry } from '../resource/bundle-text.ts';

/** The entry that answers an entry: the status as text, and what else a single request would get as headers and body. */
export function entryResponse(response: FhirResponse): BundleEntry {
  const { status, etag, lastModified, location, body } = response;
  return {
    ...(body && status < 300 && { resource: body }),
    response: {
      status: String(status),
      ...(location !== undefined && { location }),
      ...(etag !== undefined && { etag }),
      ...(lastModified !== undefined && { lastModified: new Date(lastModified).toISOString() }),
    },
  };
}

/** The entry that says why an entry of a batch failed. Anything but a user error is for the whole batch to fail with. */
export function failedEntry(error: unknown, request: FhirRequest): BundleEntry {
  if (!(error instanceof UserError)) throw error;
  const outcome = operationOutcome(issuesOf(error), request.requestId, request.service.now());
  const etag = error.headers.ETag;
  return { response: { status: String(error.status), ...(etag !== undefined && { etag }), outcome } };
}
