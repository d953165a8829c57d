/** Access by token: who calls, and what the services tell of those that issue tokens. */

import { systemText, UserError } from '../../operations/errors.ts';
import type { Issuer } from '../../workspace/issuers-setting.ts';
import type { Authenticate } from '../authenticate.ts';
import type { Role } from '../roles.ts';
import type { IssuerMetadata, TokenAuthority } from '../smart/token-authority.ts';
import { checkAudience } from './audience.ts';
import { bearerToken } from './bearer-token.ts';
import { discover } from './discovery.ts';
import { type Fetch, fetchJson } from './fetch-json.ts';
import { issuerKeys } from './issuer-keys.ts';
import { localIssuer } from './local-issuer.ts';
import { keysUnavailable } from './token-error.ts';
import { tokenPrincipal } from './token-principal.ts';
import { type TrustedIssuer, tokenVerifier, type VerifiedToken } from './verify-token.ts';

export interface TokenAccessParts {
  readonly issuers: readonly Issuer[];
  /** The data folder whose local issuer is accepted too. */
  readonly localIssuerOf: string | undefined;
  /** The workspace's own roles. */
  readonly roles: ReadonlyMap<string, Role>;
  /** The audience that workspace.json gives a service. */
  readonly audienceOf: (service: string) => readonly string[] | undefined;
  /** `PUBLIC_URL`: below it, AHDS's usual audience of a service, its own address. */
  readonly publicUrl: string | undefined;
  readonly fetch: Fetch;
  readonly now: () => number;
  readonly logError: (text: string) => void;
}

export interface TokenAccess {
  readonly authenticate: Authenticate;
  readonly authorityOf: (service: string) => TokenAuthority;
}

export function tokenAccess(parts: TokenAccessParts): TokenAccess {
  const { issuers, localIssuerOf, roles, audienceOf, publicUrl, fetch, now, logError } = parts;
  const remote = issuers.map((issuer): TrustedIssuer => {
    const fetchKeys = async () => fetchJson(fetch, issuer.jwksUri ?? (await discover(fetch, issuer.issuer)).jwks_uri);
    return { ...issuer, keys: issuerKeys({ issuer: issuer.issuer, fetchKeys, now, logError }) };
  });
  const local = localIssuerOf === undefined ? [] : [localIssuer(localIssuerOf, logError)];
  const metadata = issuerMetadata(issuers[0], parts);
  const verify = tokenVerifier([...remote, ...local], now);

  const verifyFor = async (token: string, service: string): Promise<VerifiedToken> => {
    const verified = await verify(token);
    // The local issuer's tokens are for every service of this machine.
    const own = local.includes(verified.issuer as TrustedIssuer) ? undefined : audienceOf(service);
    const address = publicUrl === undefined ? [] : [`${publicUrl}/${service}`];
    checkAudience(verified.claims, own ?? [...verified.issuer.audience, ...address]);
    return verified;
  };

  return {
    authenticate: async (headers, service) =>
      tokenPrincipal(await verifyFor(bearerToken(headers), service), service, roles),
    authorityOf: (service) => ({
      metadata,
      claimsOf: async (token) => {
        try {
          return (await verifyFor(token, service)).claims;
        } catch (error) {
          if (error instanceof UserError && error.code === 'unauthenticated') return undefined;
          throw error;
        }
      },
    }),
  };
}

const metadataMs = 10 * 60_000;
const retrySeconds = 5;

/** Anybody may ask for it, so what was found out is kept, and so is that the issuer did not answer. */
function issuerMetadata(issuer: Issuer | undefined, { fetch, now, logError }: TokenAccessParts) {
  let known: Promise<IssuerMetadata> | undefined;
  let until = 0;
  const ask = async (): Promise<IssuerMetadata> => {
    try {
      if (!issuer) throw new Error('The local issuer has no addresses.');
      return (await discover(fetch, issuer.issuer)) as unknown as IssuerMetadata;
    } catch (error) {
      until = now() + retrySeconds * 1000;
      logError(`The token issuer does not tell of itself: ${systemText(error)}`);
      throw keysUnavailable(retrySeconds);
    }
  };
  return (): Promise<IssuerMetadata> => {
    if (!known || now() > until) {
      until = now() + metadataMs;
      known = ask();
    }
    return known;
  };
}
