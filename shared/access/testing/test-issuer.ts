/** A token issuer for tests: it signs whatever it is told to, and answers for its keys and its discovery document. */
import {
  type CryptoKey,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';
import type { Fetch } from '../tokens/fetch-json.ts';

export interface TestIssuer {
  readonly url: string;
  /** `claims` over those of a good token; a claim that is undefined is left out. */
  sign(claims?: JWTPayload, header?: Partial<JWTHeaderParameters>): Promise<string>;
  /** Signed by HMAC with the text of the public key, which everybody knows. */
  signWithPublicKey(claims?: JWTPayload): Promise<string>;
  /** From now on it signs with a new key. */
  rotate(kid?: string): Promise<void>;
  /** What it answers at its addresses. */
  readonly fetch: Fetch;
  /** Addresses that were asked for. */
  readonly asked: string[];
  /** The next answers fail. */
  away: boolean;
}

interface Key {
  readonly kid: string;
  readonly alg: string;
  readonly pair: { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey };
}

export async function testIssuer(
  url: string,
  { alg = 'RS256', kid = 'one', now = Date.now }: { alg?: string; kid?: string; now?: () => number } = {},
): Promise<TestIssuer> {
  const newKey = async (id: string): Promise<Key> => ({
    kid: id,
    alg,
    pair: await generateKeyPair(alg, { extractable: true }),
  });
  let key = await newKey(kid);
  const asked: string[] = [];
  const goodClaims = (): JWTPayload => {
    const seconds = Math.floor(now() / 1000);
    return {
      iss: url,
      aud: 'api://test',
      sub: 'someone',
      azp: 'app',
      scp: 'user_impersonation',
      iat: seconds,
      exp: seconds + 3600,
    };
  };
  const payload = (claims: JWTPayload): JWTPayload =>
    Object.fromEntries(Object.entries({ ...goodClaims(), ...claims }).filter(([, value]) => value !== undefined));
  const issuer: TestIssuer = {
    url,
    asked,
    away: false,
    sign: (claims = {}, header = {}) =>
      new SignJWT(payload(claims)).setProtectedHeader({ alg, kid: key.kid, ...header }).sign(key.pair.privateKey),
    signWithPublicKey: async (claims = {}) =>
      new SignJWT(payload(claims))
        .setProtectedHeader({ alg: 'HS256', kid: key.kid })
        .sign(Buffer.from(await exportSPKI(key.pair.publicKey))),
    rotate: async (id = 'two') => {
      key = await newKey(id);
    },
    fetch: async (address) => {
      asked.push(address);
      if (issuer.away) throw new Error('nobody answers');
      if (address.endsWith('/.well-known/openid-configuration')) {
        return Response.json({
          issuer: url,
          jwks_uri: `${url}/keys`,
          authorization_endpoint: `${url}/authorize`,
          token_endpoint: `${url}/token`,
        });
      }
      const jwk = await exportJWK(key.pair.publicKey);
      return Response.json({ keys: [{ ...jwk, kid: key.kid, use: 'sig' }] });
    },
  };
  return issuer;
}

/** `header.payload.` with the algorithm `none`. */
export function unsigned(token: string): string {
  const [, claims] = token.split('.');
  const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
  return `${header}.${claims}.`;
}
