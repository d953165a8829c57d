import type { RetryOptions } from '../core/contract.ts';

/** Milliseconds until a batch that has failed so many times comes again; undefined: it does not, as without a policy. */
export function retryDelay(policy: RetryOptions | undefined, failures: number): number | undefined {
  if (!policy) return undefined;
  if (policy.maxRetryCount !== -1 && failures > policy.maxRetryCount) return undefined;
  if (policy.retryStrategy === 'fixedDelay') return (policy.delayInterval?.seconds ?? 0) * 1000;
  const least = (policy.minimumInterval?.seconds ?? 0) * 1000;
  const most = (policy.maximumInterval?.seconds ?? 0) * 1000;
  return Math.min(most, least * 2 ** (failures - 1));
}
