import type { JWTPayload } from 'jose';
import { invalidToken } from './token-error.ts';

/** Throws 401 when the token is made out to nobody of `accepted`. AHDS: a slash at the end makes no difference. */
export function checkAudience({ aud }: JWTPayload, accepted: readonly string[]): void {
  const given = Array.isArray(aud) ? aud : [aud];
  const known = accepted.map(plain);
  if (!given.some((each) => typeof each === 'string' && known.includes(plain(each)))) {
    throw invalidToken('The token is not made out to this service.');
  }
}

function plain(audience: string): string {
  return audience.replace(/\/$/, '');
}
