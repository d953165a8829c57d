/** Tokens of this machine: signed by `npm run token` with a key in the data folder, accepted with `AUTH_ISSUERS=local`. */
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JWK, JWTPayload } from 'jose';
import { systemText } from '../../operations/errors.ts';
import { keysUnavailable } from './token-error.ts';
import type { TrustedIssuer } from './verify-token.ts';

const issuer = 'urn:open-health-data-services:local';
const audience = 'open-health-data-services';
const algorithm = 'ES256';

/** The local issuer of `dataDir`. Its key is made when there is none. */
export function localIssuer(dataDir: string, logError: (text: string) => void): TrustedIssuer {
  let publicKey: Promise<Awaited<ReturnType<TrustedIssuer['keys']>>> | undefined;
  const read = async () => {
    const { importJWK } = await import('jose');
    const { d: _private, ...key } = await signingKey(dataDir);
    return (await importJWK(key, algorithm)) as Awaited<ReturnType<TrustedIssuer['keys']>>;
  };
  return {
    issuer,
    audience: [audience],
    scopes: [],
    roles: [],
    keys: () => {
      publicKey ??= read().catch((error: unknown) => {
        publicKey = undefined;
        logError(`The local issuer's key cannot be read: ${systemText(error)}`);
        throw keysUnavailable(60);
      });
      return publicKey;
    },
  };
}

/** A token that `localIssuer` of the same folder accepts. */
export async function signLocalToken(dataDir: string, claims: JWTPayload, minutes: number): Promise<string> {
  const { importJWK, SignJWT } = await import('jose');
  return new SignJWT({ ...claims, azp: 'npm run token' })
    .setProtectedHeader({ alg: algorithm, typ: 'at+jwt' })
    .setIssuer(issuer)
    .setSubject(claims.sub ?? 'developer')
    .setAudience(claims.aud ?? audience)
    .setIssuedAt()
    .setNotBefore('0s')
    .setExpirationTime(`${minutes} minutes`)
    .setJti(randomUUID())
    .sign(await importJWK(await signingKey(dataDir), algorithm));
}

/** Whoever comes first makes the key, whole and readable to its owner alone; of two at once the second takes the first's. */
async function signingKey(dataDir: string): Promise<JWK> {
  const file = path.join(dataDir, 'access', 'local-issuer.json');
  const stored = readKey(file);
  if (stored) return stored;
  const { exportJWK, generateKeyPair } = await import('jose');
  const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return readKey(file) ?? Promise.reject(new Error(`${file} cannot be read.`));
}

function readKey(file: string): JWK | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JWK;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
