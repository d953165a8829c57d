/**
 * Whether a signed token is one for access. An id token tells an app who has signed in and may have the same issuer, keys and
 * audience; whoever sees it must not be able to call with it. OpenID Connect Core 1.0, 2; RFC 9068, 2.
 */
import type { JWTHeaderParameters, JWTPayload } from 'jose';
import type { Issuer } from '../../workspace/issuers-setting.ts';
import { invalidToken } from './token-error.ts';

/** Claims that only id tokens have. */
const idTokenClaims = ['nonce', 'at_hash', 'c_hash', 's_hash'];
const maxSubjectLength = 255;

/** Throws 401 for an id token, and for one that this issuer may not have issued to this client. */
export function checkAccessToken(issuer: Issuer, header: JWTHeaderParameters, claims: JWTPayload): void {
  if (isIdToken(header, claims)) throw invalidToken('The token is not an access token.');
  const { tid, sub } = claims;
  if (issuer.tenants && !issuer.tenants.includes(String(tid))) throw invalidToken('The tenant is not accepted.');
  const client = clientOf(claims);
  if (issuer.clients && (client === undefined || !issuer.clients.includes(client))) {
    throw invalidToken('The client is not accepted.');
  }
  if (typeof sub !== 'string' || sub === '' || sub.length > maxSubjectLength) {
    throw invalidToken('The token has no subject.');
  }
}

function isIdToken({ typ }: JWTHeaderParameters, claims: JWTPayload): boolean {
  const type = typ?.toLowerCase().replace(/^application\//, '');
  if (type === 'at+jwt') return false;
  if (type !== undefined && type !== 'jwt') return true;
  // Cognito and Keycloak say so in a claim of their own.
  if (claims.token_use === 'id' || claims.typ === 'ID') return true;
  if (idTokenClaims.some((name) => claims[name] !== undefined)) return true;
  // Entra puts the client into access tokens alone; the others put scopes or roles there.
  if (claims.tid !== undefined) return clientOf(claims) === undefined;
  return claims.scp === undefined && claims.scope === undefined && claims.roles === undefined;
}

/** To which app the token was issued: Entra v2 and OpenID Connect, Entra v1, RFC 9068, Okta. */
export function clientOf({ azp, appid, client_id, cid }: JWTPayload): string | undefined {
  return [azp, appid, client_id, cid].find((claim) => typeof claim === 'string') as string | undefined;
}
