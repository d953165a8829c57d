/** A token's text → its claims, once its issuer, signature, times and kind have been checked. RFC 7519, RFC 8725. */
import { createHash } from 'node:crypto';
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { UserError } from '../../operations/errors.ts';
import type { Issuer } from '../../workspace/issuers-setting.ts';
import { checkAccessToken } from './access-token.ts';
import { invalidToken } from './token-error.ts';

export interface TrustedIssuer extends Issuer {
  readonly keys: JWTVerifyGetKey;
}

export interface VerifiedToken {
  readonly issuer: Issuer;
  readonly claims: JWTPayload;
}

/** Signatures by the issuer's private key only: no `none`, and no HS*, whose secret could be the public key. RFC 8725, 2.1. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'];
/** AHDS: clocks may differ by five minutes. */
const skewSeconds = 300;
const maxRemembered = 1000;
/** A token is verified again after this, so that a key which was withdrawn ends it. */
const rememberedMs = 10 * 60_000;

/** Rejects with 401, or with 503 when the issuer's keys cannot be had. Each token is verified once in ten minutes. */
export function tokenVerifier(
  issuers: readonly TrustedIssuer[],
  now: () => number,
): (token: string) => Promise<VerifiedToken> {
  const trusted = new Map(issuers.map((each) => [each.issuer, each]));
  // In the order of their last use: the first goes when there are too many.
  const remembered = new Map<string, { readonly verified: VerifiedToken; readonly until: number }>();

  return async (token) => {
    const key = createHash('sha256').update(token).digest('base64');
    const hit = remembered.get(key);
    remembered.delete(key);
    if (hit && hit.until > now()) {
      remembered.set(key, hit);
      return hit.verified;
    }
    const verified = await verify(token, trusted, now());
    const until = Math.min(now() + rememberedMs, (Number(verified.claims.exp) + skewSeconds) * 1000);
    remembered.set(key, { verified, until });
    for (const oldest of remembered.keys()) {
      if (remembered.size <= maxRemembered) break;
      remembered.delete(oldest);
    }
    return verified;
  };
}

async function verify(token: string, trusted: ReadonlyMap<string, TrustedIssuer>, now: number): Promise<VerifiedToken> {
  const { decodeJwt, jwtVerify } = await import('jose');
  try {
    const issuer = trusted.get(String(decodeJwt(token).iss));
    if (!issuer) throw invalidToken('The issuer is not accepted.');
    const { protectedHeader, payload } = await jwtVerify(token, issuer.keys, {
      issuer: issuer.issuer,
      algorithms,
      clockTolerance: skewSeconds,
      currentDate: new Date(now),
      requiredClaims: ['exp', 'aud', 'sub'],
    });
    checkAccessToken(issuer, protectedHeader, payload);
    return { issuer, claims: payload };
  } catch (error) {
    // What jose throws is about the token, whatever it is; its text may quote it.
    throw error instanceof UserError ? error : invalidToken(reasonOf(error));
  }
}

function reasonOf(error: unknown): string {
  const { code, claim } = error as { code?: string; claim?: string };
  switch (code) {
    case 'ERR_JWT_EXPIRED':
      return 'The token has expired.';
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      return claim === 'nbf' ? 'The token is not valid yet.' : 'The token lacks a claim or has a wrong one.';
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
      return 'The algorithm of the token is not accepted.';
    case 'ERR_JWKS_NO_MATCHING_KEY':
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return 'The signature of the token is not that of its issuer.';
    default:
      return 'The token is malformed.';
  }
}
