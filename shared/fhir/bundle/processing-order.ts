import type { Method } from '../../operations/operation.ts';

/** FHIR R4 3.1.0.11.2 and AHDS: deletes first, reads last; responses keep the order of the request. */
export const processingOrder: readonly Method[] = ['DELETE', 'POST', 'PUT', 'PATCH', 'GET', 'HEAD'];

/** Lets other requests in between when a bundle has kept the thread for `maxBusy` ms; returns when it may go on. */
export function breather(maxBusy = 20): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < maxBusy) return;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  };
}
