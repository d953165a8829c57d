/**
 * The keys of one issuer, through rotation and outage: those that are known keep working while the issuer is away, an unknown
 * key id makes them be fetched again, and nobody can make that happen often.
 */
import type { JWTVerifyGetKey, LocalJWKSet } from 'jose';
import { systemText } from '../../operations/errors.ts';
import { keysUnavailable } from './token-error.ts';

/** Older keys are fetched anew while they serve. */
const freshMs = 10 * 60_000;
/** So long keys serve without the issuer; whom it no longer trusts is locked out in the end. */
const usableMs = 24 * 3_600_000;
/** Between two fetches for key ids that are not known. */
const rotationMs = 30_000;
/** Between two fetches that failed. */
const retryMs = 5_000;

export interface IssuerKeysParts {
  readonly issuer: string;
  /** The issuer's JSON Web Key Set, RFC 7517, 5. */
  readonly fetchKeys: () => Promise<Record<string, unknown>>;
  readonly now: () => number;
  /** Why keys could not be had. */
  readonly logError: (text: string) => void;
}

export function issuerKeys({ issuer, fetchKeys, now, logError }: IssuerKeysParts): JWTVerifyGetKey {
  let known: { readonly keys: LocalJWKSet; readonly at: number } | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  let fetching: Promise<void> | undefined;

  const fetchOnce = async (): Promise<void> => {
    try {
      const { createLocalJWKSet } = await import('jose');
      known = { keys: createLocalJWKSet((await fetchKeys()) as never), at: now() };
    } catch (error) {
      failedAt = now();
      logError(`The keys of the token issuer ${issuer} cannot be had: ${systemText(error)}`);
    }
  };
  const refresh = async (): Promise<void> => {
    if (now() - failedAt < retryMs) return;
    fetching ??= fetchOnce().finally(() => {
      fetching = undefined;
    });
    await fetching;
  };
  const usable = () => (known && now() - known.at < usableMs ? known : undefined);

  return async (header, token) => {
    if (!usable()) await refresh();
    else if (now() - (known?.at ?? 0) > freshMs) void refresh();
    const before = usable();
    if (!before) throw keysUnavailable(retryMs / 1000);
    try {
      return await before.keys(header, token);
    } catch (error) {
      if ((error as { code?: string }).code !== 'ERR_JWKS_NO_MATCHING_KEY') throw error;
      if (now() - before.at < rotationMs) throw error;
      await refresh();
      const after = usable();
      // The issuer may have signed with a new key, and cannot be asked.
      if (!after || after === before) throw keysUnavailable(retryMs / 1000);
      return after.keys(header, token);
    }
  };
}
