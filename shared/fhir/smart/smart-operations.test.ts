import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localPrincipal, type Principal } from '../../access/principal.ts';
import type { IssuerMetadata, TokenAuthority } from '../../access/smart/token-authority.ts';
import { requestError } from '../../operations/errors.ts';
import { openTestService, type TestService } from '../search/testing/test-service.ts';
import { type Answered, asks } from './testing/smart-rig.ts';

const issuer: IssuerMetadata = {
  issuer: 'https://login.example/v2.0',
  jwks_uri: 'https://login.example/keys',
  authorization_endpoint: 'https://login.example/authorize',
  token_endpoint: 'https://login.example/token',
};
const valid = { sub: 's', iss: issuer.issuer, aud: 'x', exp: 2, iat: 1, azp: 'app', name: 'Ann', scp: ['a', 'b'] };
const authority: TokenAuthority = {
  metadata: async () => issuer,
  claimsOf: async (token) => (token === 'good' ? { ...valid, fhirUser: 'Patient/a' } : undefined),
};
const away: TokenAuthority = {
  ...authority,
  metadata: async () => {
    throw requestError('unavailable', 'The issuer does not answer.');
  },
};

let test: TestService;
beforeAll(async () => {
  test = await openTestService();
});
afterAll(() => test.close());

function ask(tokens: TokenAuthority | undefined, principal: Principal = localPrincipal) {
  return asks({ ...test.service, tokens }, principal);
}
const json = ({ text }: Answered) => JSON.parse(text);

describe('.well-known/smart-configuration', () => {
  const path = '/.well-known/smart-configuration';

  it("has the issuer's addresses and this service's introspection", async () => {
    const answer = await ask(authority)({ method: 'GET', path });
    expect(answer.headers['Content-Type']).toBe('application/json');
    expect(json(answer)).toMatchObject({
      ...issuer,
      introspection_endpoint: 'http://localhost/fhir/connect/introspect',
      code_challenge_methods_supported: ['S256'],
      grant_types_supported: ['authorization_code', 'client_credentials'],
      capabilities: expect.arrayContaining(['permission-v2', 'launch-standalone', 'sso-openid-connect']),
    });
    expect(json(answer)).not.toHaveProperty('revocation_endpoint');
  });

  it('is 404 where the service runs open, 503 while the issuer does not answer', async () => {
    expect((await ask(undefined)({ method: 'GET', path })).status).toBe(404);
    expect((await ask(away)({ method: 'GET', path })).status).toBe(503);
  });
});

describe('the CapabilityStatement', () => {
  const securityOf = async (tokens: TokenAuthority | undefined) =>
    json(await ask(tokens)({ method: 'GET', path: '/metadata' })).rest[0].security;

  it('says where tokens are to be had, as far as that is known', async () => {
    expect(await securityOf(undefined)).toBeUndefined();
    const security = await securityOf(authority);
    expect(security.service.map((one: { coding: { code: string }[] }) => one.coding[0]?.code)).toEqual([
      'OAuth',
      'SMART-on-FHIR',
    ]);
    expect(security.extension[0].extension).toEqual([
      { url: 'token', valueUri: issuer.token_endpoint },
      { url: 'authorize', valueUri: issuer.authorization_endpoint },
    ]);
    expect(await securityOf(away)).not.toHaveProperty('extension');
  });
});

describe('connect/introspect', () => {
  const form = { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const introspect = (body: string, headers: Record<string, string> = form, principal?: Principal) =>
    ask(authority, principal)({ method: 'POST', path: '/connect/introspect', body, headers });

  it('tells what a valid token says', async () => {
    const answer = await introspect('token=good');
    expect(answer).toMatchObject({ status: 200, headers: { 'Cache-Control': 'no-store' } });
    const { sub, iss, aud, exp, iat } = valid;
    const claims = { active: true, sub, iss, aud, exp, iat, client_id: 'app', username: 'Ann', scope: 'a b' };
    expect(json(answer)).toEqual({ ...claims, fhirUser: 'Patient/a' });
  });

  it('tells nothing of any other token', async () => {
    expect(json(await introspect('token=bad'))).toEqual({ active: false });
    const open = ask(undefined);
    const asked = { method: 'POST', path: '/connect/introspect', body: 'token=good', headers: form };
    expect(json(await open(asked))).toEqual({ active: false });
  });

  it.each([
    ['no token', 'other=1', form],
    ['an empty token', 'token=', form],
    ['two tokens', 'token=a&token=b', form],
    ['another content type', '{"token":"good"}', { 'Content-Type': 'application/json' }],
  ])('is 400 invalid_request for %s', async (_, body, headers) => {
    const answer = await introspect(body, headers);
    expect([answer.status, json(answer).error]).toEqual([400, 'invalid_request']);
  });

  it('is 403 for a caller without any right', async () => {
    expect((await introspect('token=good', form, { id: 'nobody', allows: () => false })).status).toBe(403);
  });
});
