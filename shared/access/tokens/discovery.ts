/** What an issuer says of itself. OpenID Connect Discovery 1.0, 4. */
import { type Fetch, fetchJson } from './fetch-json.ts';

/** Rejects when the document is not the issuer's own (4.3) or has no address for keys. */
export async function discover(
  fetch: Fetch,
  issuer: string,
): Promise<Record<string, unknown> & { readonly jwks_uri: string }> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const document = await fetchJson(fetch, address);
  const { issuer: named, jwks_uri } = document;
  if (named !== issuer) throw new Error(`${address} is of another issuer`);
  if (typeof jwks_uri !== 'string' || !isSafe(jwks_uri, issuer)) throw new Error(`${address} names no https jwks_uri`);
  return { ...document, jwks_uri };
}

/** Only an issuer that is itself on plain http, on this machine, may have its keys there. */
function isSafe(address: string, issuer: string): boolean {
  if (!URL.canParse(address)) return false;
  return new URL(address).protocol === 'https:' || new URL(address).origin === new URL(issuer).origin;
}
