import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UserError } from '../../operations/errors.ts';
import { issuersSetting } from '../../workspace/issuers-setting.ts';
import { type TestIssuer, testIssuer, unsigned } from '../testing/test-issuer.ts';
import { signLocalToken } from './local-issuer.ts';
import { type TokenAccessParts, tokenAccess } from './token-access.ts';

const tenant = '11111111-2222-3333-4444-555555555555';
const login = 'https://login.example';
const folder = mkdtempSync(path.join(tmpdir(), 'ohds-token-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let issuer: TestIssuer;
let other: TestIssuer;
beforeAll(async () => {
  issuer = await testIssuer(login);
  other = await testIssuer('https://other.example', { alg: 'ES256' });
});

function access(setting: unknown, changes: Partial<TokenAccessParts> = {}) {
  const logged: string[] = [];
  const { issuers } = issuersSetting(JSON.stringify(setting));
  const { authenticate, authorityOf } = tokenAccess({
    issuers,
    localIssuerOf: undefined,
    roles: new Map(),
    audienceOf: () => undefined,
    publicUrl: undefined,
    fetch: (url, init) => (url.startsWith(login) ? issuer : other).fetch(url, init),
    now: Date.now,
    logError: (text) => logged.push(text),
    ...changes,
  });
  const call = (token: string, service = 'fhir') =>
    authenticate(new Headers({ authorization: `Bearer ${token}` }), service);
  const refused = async (token: string, service?: string): Promise<UserError> =>
    call(token, service).then(
      () => Promise.reject(new Error('was accepted')),
      (error: UserError) => error,
    );
  return { call, refused, authenticate, authorityOf, logged };
}

const good = [{ issuer: login, audience: ['api://test'] }];
const reader = { roles: ['FHIR Data Reader'] };
const hour = 3600;
const seconds = () => Math.floor(Date.now() / 1000);

describe('a token', () => {
  it('identifies its caller, and its roles say what is allowed', async () => {
    const principal = await access(good).call(await issuer.sign(reader));
    expect(principal.id).toBe(`${login}#someone`);
    expect([principal.allows('read'), principal.allows('write'), principal.allows('dicom.read')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it.each([
    ['none', undefined],
    ['of another scheme', 'Basic dXNlcjpwYXNz'],
  ])('%s: 401 that asks for one and names no error', async (_, authorization) => {
    const headers = new Headers(authorization === undefined ? {} : { authorization });
    await expect(access(good).authenticate(headers, 'fhir')).rejects.toMatchObject({
      status: 401,
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  });

  it.each<[string, () => Promise<string> | string]>([
    ['garbage', () => 'garbage'],
    ['three parts of garbage', () => 'a.b.c'],
    ['too long', async () => `${await issuer.sign()}${'a'.repeat(17_000)}`],
    ['of an issuer that is not listed', () => other.sign()],
    ['that names a listed issuer and is signed by another', () => other.sign({ iss: login }, { kid: 'one' })],
    ['for another audience', () => issuer.sign({ aud: 'api://else' })],
    ['without an audience', () => issuer.sign({ aud: undefined })],
    ['expired', () => issuer.sign({ exp: seconds() - hour })],
    ['without an expiry', () => issuer.sign({ exp: undefined })],
    ['not yet valid', () => issuer.sign({ nbf: seconds() + hour })],
    ['with alg none', async () => unsigned(await issuer.sign())],
    ['HS256 by the public key', () => issuer.signWithPublicKey()],
    ['with an unknown key id', () => issuer.sign({}, { kid: 'three' })],
    ['id token with a nonce', () => issuer.sign({ nonce: 'n' })],
    ['id token with at_hash', () => issuer.sign({ at_hash: 'h' })],
    [
      'id token of Entra: no client',
      () => issuer.sign({ tid: tenant, oid: 'o', azp: undefined, scp: undefined, ...reader }),
    ],
    ['id token of Keycloak', () => issuer.sign({ typ: 'ID' })],
    ['id token of Cognito', () => issuer.sign({ token_use: 'id' })],
    ['without scope and roles', () => issuer.sign({ scp: undefined })],
    ['of another type', () => issuer.sign({}, { typ: 'logout+jwt' })],
    ['without a subject', () => issuer.sign({ sub: undefined })],
    [
      'with a changed payload',
      async () => {
        const [header, , signature] = (await issuer.sign()).split('.');
        const [, payload] = (await issuer.sign({ roles: ['FHIR Data Contributor'] })).split('.');
        return [header, payload, signature].join('.');
      },
    ],
  ])('%s: 401 invalid_token that does not quote it', async (_, make) => {
    const token = await make();
    const { status, message, headers } = await access(good).refused(token);
    expect(status).toBe(401);
    expect(headers['WWW-Authenticate']).toBe(`Bearer error="invalid_token", error_description="${message}"`);
    expect(message).toMatch(/^The [a-z ]+\.$/);
  });

  it('may be five minutes early or late, as on AHDS', async () => {
    const { call } = access(good);
    await call(await issuer.sign({ exp: seconds() - 290 }));
    await call(await issuer.sign({ nbf: seconds() + 290 }));
  });

  it('is verified once, and not beyond its expiry', async () => {
    let time = Date.now();
    const { call, refused } = access(good, { now: () => time });
    const token = await issuer.sign({ exp: seconds() + 60 });
    const before = issuer.asked.length;
    await Promise.all([call(token), call(token)]);
    await call(token);
    expect(issuer.asked.length - before).toBe(2);
    time += (60 + 301) * 1000;
    expect((await refused(token)).message).toBe('The token has expired.');
  });

  it.each(['RS384', 'PS256', 'ES384'])('may be signed by %s', async (alg) => {
    const one = await testIssuer(login, { alg });
    await access(good, { fetch: one.fetch }).call(await one.sign());
  });

  it('of two issuers that use the same key ids, each only by its own key', async () => {
    const { call, refused } = access([...good, { issuer: other.url, audience: ['api://other'] }]);
    await call(await issuer.sign());
    await call(await other.sign({ aud: 'api://other' }));
    expect((await refused(await other.sign({ iss: login }))).status).toBe(401);
    expect((await refused(await other.sign({ aud: 'api://test' }))).message).toBe(
      'The token is not made out to this service.',
    );
    const subjects = [await issuer.sign(), await other.sign({ aud: 'api://other' })].map(
      async (token) => (await call(token)).id,
    );
    expect(new Set(await Promise.all(subjects)).size).toBe(2);
  });
});

describe('the rules of an issuer', () => {
  const entra = `https://login.microsoftonline.com/${tenant}/v2.0`;
  const both = (iss: string, claims = {}) => issuer.sign({ iss, tid: tenant, oid: 'o', ...claims });
  const keys = { jwksUri: `${login}/keys` };

  it.each([entra, `https://sts.windows.net/${tenant}/`])(
    'Entra as %s takes tokens of both versions, of the tenant alone',
    async (form) => {
      const { call, refused } = access([{ issuer: form, audience: ['api://test'], ...keys }]);
      expect((await call(await both(entra))).id).toBe(`${tenant}/o`);
      await call(await both(`https://sts.windows.net/${tenant}/`, { azp: undefined, appid: 'app' }));
      expect((await refused(await both(entra, { tid: 'another' }))).message).toBe('The tenant is not accepted.');
      expect((await refused(await both('https://sts.windows.net/another/'))).message).toBe(
        'The issuer is not accepted.',
      );
    },
  );

  it('{tenantid} stands for the listed tenants', async () => {
    const multi = { issuer: 'https://login.microsoftonline.com/{tenantid}/v2.0', audience: ['api://test'], ...keys };
    await access([{ ...multi, tenants: ['x', tenant] }]).call(await both(entra));
    expect(() => access([multi])).toThrow(/tenants/);
  });

  it('clients, where they are listed', async () => {
    const { call, refused } = access([{ ...good[0], clients: ['app', 'cli'] }]);
    await call(await issuer.sign());
    await call(await issuer.sign({ azp: undefined, appid: 'cli' }));
    expect((await refused(await issuer.sign({ azp: 'evil' }))).message).toBe('The client is not accepted.');
    expect((await refused(await issuer.sign({ azp: undefined }))).status).toBe(401);
  });

  it('a token for a user needs one of the scopes besides its roles, one of an app itself has none', async () => {
    const may = async (setting: object, claims: object) =>
      (await access([{ ...good[0], ...setting }]).call(await issuer.sign({ ...reader, ...claims }))).allows('read');
    expect(await may({}, { scp: 'openid user_impersonation' })).toBe(true);
    expect(await may({}, { scp: 'openid' })).toBe(false);
    expect(await may({}, { scp: undefined, scope: ['openid'] })).toBe(false);
    expect(await may({}, { scp: undefined })).toBe(true);
    expect(await may({ scopes: [] }, { scp: 'openid' })).toBe(true);
    expect(await may({ scopes: ['api.read'] }, { scp: 'api.read' })).toBe(true);
  });

  it('roles for tokens that name none: a SMART identity provider, whose scopes limit', async () => {
    const { call, refused } = access([{ ...good[0], roles: ['FHIR SMART User'] }]);
    const principal = await call(await issuer.sign({ scp: 'patient/Patient.rs', fhirUser: 'Patient/1' }));
    expect(principal.smart?.user).toEqual({ type: 'Patient', id: '1' });
    expect([principal.allows('read'), principal.allows('write')]).toEqual([true, false]);
    expect((await refused(await issuer.sign({ scp: 'patient/Patient.x', fhirUser: 'Patient/1' }))).status).toBe(400);
  });
});

describe('an audience', () => {
  it("of a service replaces the issuer's, with or without a slash at the end", async () => {
    const audienceOf = (service: string) => (service === 'research' ? ['https://research.example'] : undefined);
    const { call, refused } = access(good, { audienceOf });
    const forResearch = await issuer.sign({ aud: ['x', 'https://research.example/'] });
    await call(forResearch, 'research');
    expect((await refused(forResearch, 'fhir')).status).toBe(401);
    expect((await refused(await issuer.sign(), 'research')).status).toBe(401);
  });

  it("is the service's own address too, where PUBLIC_URL says what it is", async () => {
    const { call, refused } = access(good, { publicUrl: 'https://health.example' });
    const token = await issuer.sign({ aud: 'https://health.example/fhir' });
    await call(token, 'fhir');
    expect((await refused(token, 'dicom')).status).toBe(401);
  });
});

describe('keys', () => {
  const world = async () => {
    let time = Date.now();
    const now = () => time;
    const one = await testIssuer(login, { now });
    return { one, ...access(good, { fetch: one.fetch, now }), later: (ms: number) => (time += ms) };
  };

  it('that the issuer changes are fetched when a new key id comes, at most every 30 s', async () => {
    const { one, call, refused, later } = await world();
    await call(await one.sign());
    await one.rotate();
    later(31_000);
    await call(await one.sign());
    const before = one.asked.length;
    for (let count = 0; count < 50; count++)
      expect((await refused(await one.sign({}, { kid: `x${count}` }))).status).toBe(401);
    expect(one.asked.length).toBe(before);
  });

  it('keep working while the issuer is away, for a day', async () => {
    const { one, call, refused, later, logged } = await world();
    await call(await one.sign());
    one.away = true;
    later(3_600_000);
    await call(await one.sign());
    await new Promise((resolve) => setTimeout(resolve));
    expect(logged.join()).toMatch(/The keys of the token issuer https:\/\/login.example cannot be had/);
    expect((await refused(await one.sign({}, { kid: 'new' }))).status).toBe(503);
    later(24 * 3_600_000);
    expect(await refused(await one.sign())).toMatchObject({ status: 503, headers: { 'Retry-After': '5' } });
  });

  it('that cannot be had are 503, and the issuer is not asked at every request', async () => {
    const { one, call, refused, later } = await world();
    one.away = true;
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, count) => one.sign({ jti: String(count) })));
    const statuses = await Promise.all(tokens.map(async (token) => (await refused(token)).status));
    expect(new Set(statuses)).toEqual(new Set([503]));
    expect(one.asked.length).toBe(1);
    one.away = false;
    later(6000);
    await call(await one.sign());
  });

  it.each<[string, (address: string) => Response]>([
    ['too many bytes', () => new Response('x'.repeat(2_000_000))],
    ['no JSON', () => new Response('<html>')],
    ['an error', () => new Response('', { status: 500 })],
    ['another issuer', () => Response.json({ issuer: 'https://evil.example', jwks_uri: `${login}/keys` })],
    ['keys on plain http', () => Response.json({ issuer: login, jwks_uri: 'http://login.example/keys' })],
    ['no keys', () => Response.json({ issuer: login, jwks_uri: `${login}/keys`, keys: 'none' })],
  ])('an issuer that answers with %s has none: 503', async (_, answer) => {
    const { refused } = access(good, { fetch: async (url) => answer(url) });
    expect((await refused(await issuer.sign())).status).toBe(503);
  });
});

describe('the local issuer', () => {
  it('signs with a key that its owner alone can read, for every service', async () => {
    const tokens = await Promise.all(
      [1, 2].map(() => signLocalToken(folder, { roles: ['FHIR Data Reader@research'] }, 5)),
    );
    const { call } = access(good, { localIssuerOf: folder, audienceOf: () => ['api://own'] });
    for (const token of tokens) {
      expect((await call(token, 'research')).allows('read')).toBe(true);
      expect((await call(token, 'fhir')).allows('read')).toBe(false);
    }
    expect(statSync(path.join(folder, 'access/local-issuer.json')).mode & 0o777).toBe(0o600);
  });

  it("is not accepted where it is not asked for, nor with another folder's key", async () => {
    const token = await signLocalToken(folder, { roles: ['FHIR Data Reader'] }, 5);
    expect((await access(good).refused(token)).message).toBe('The issuer is not accepted.');
    const { refused } = access(good, { localIssuerOf: path.join(folder, 'other') });
    expect((await refused(token)).status).toBe(401);
  });
});

describe('what services tell of their issuer', () => {
  it('the claims of a token that is valid there; nothing of another', async () => {
    const { claimsOf } = access(good).authorityOf('fhir');
    expect(await claimsOf(await issuer.sign())).toMatchObject({ sub: 'someone' });
    expect(await claimsOf(await other.sign())).toBeUndefined();
    expect(await claimsOf('garbage')).toBeUndefined();
  });

  it('its addresses, found once; 503 while it does not answer, without asking at every request', async () => {
    const one = await testIssuer(login);
    const { metadata } = access(good, { fetch: one.fetch }).authorityOf('fhir');
    expect(await metadata()).toMatchObject({ token_endpoint: `${login}/token` });
    await metadata();
    expect(one.asked.length).toBe(1);
    one.away = true;
    const away = access(good, { fetch: one.fetch }).authorityOf('fhir').metadata;
    await expect(away()).rejects.toMatchObject({ status: 503 });
    await expect(away()).rejects.toMatchObject({ status: 503 });
    expect(one.asked.length).toBe(2);
  });
});
