import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { issuesOf, operationOutcome, userErrorOf } from '../outcome.ts';
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
  const failure = userErrorOf(error);
  if (!failure) throw error;
  const outcome = operationOutcome(issuesOf(failure), request.requestId, request.service.now());
  const etag = failure.headers.ETag;
  return { response: { status: String(failure.status), ...(etag !== undefined && { etag }), outcome } };
}
