/** Every operation of every kind of service, asked for with every kind of token and every role, against docs/access.md. */
import { readFileSync } from 'node:fs';
import type { JWTPayload } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { dicomKind } from '../../functions/dicom/dicom-kind.ts';
import { fhirKind } from '../../functions/fhir/fhir-kind.ts';
import { medtechKind } from '../../functions/medtech/medtech-kind.ts';
import { workspaceKind } from '../../functions/workspace/workspace-kind.ts';
import { builtInRoles } from '../../shared/access/roles.ts';
import { testIssuer, unsigned } from '../../shared/access/testing/test-issuer.ts';
import { tokenAccess } from '../../shared/access/tokens/token-access.ts';
import { allEndpoints, mount } from '../../shared/operations/all-endpoints.ts';
import type { Endpoint } from '../../shared/operations/endpoint.ts';
import { UserError } from '../../shared/operations/errors.ts';
import { accepts } from '../../shared/operations/route-template.ts';
import { serve } from '../../shared/operations/serve.ts';
import { unmatchedName } from '../../shared/operations/unmatched.ts';
import { issuersSetting } from '../../shared/workspace/issuers-setting.ts';
import { everyScope, lineOf, matrixOf, page, withTables } from './access-page.ts';

/** What answers instead of a service: whoever gets here was let in. */
const letIn = async () => {
  throw new UserError('let-in', 418, 'let in');
};
const endpoints = allEndpoints(mount({ ...workspaceKind, service: letIn }), [
  mount({ ...fhirKind, names: ['fhir', 'research'], service: letIn }),
  mount({ ...dicomKind, names: ['dicom'], service: letIn }),
  mount({ ...medtechKind, names: ['medtech'], service: letIn }),
]);
const operations = endpoints.filter(({ name }) => name !== unmatchedName);
const text = readFileSync(page, 'utf8');
const matrix = matrixOf(text);

const login = 'https://login.example';
const { issuers } = issuersSetting(JSON.stringify([{ issuer: login, audience: ['api://test'] }]));
const issuer = await testIssuer(login);
const stranger = await testIssuer('https://stranger.example');
const { authenticate } = tokenAccess({
  issuers,
  localIssuerOf: undefined,
  roles: new Map(),
  audienceOf: () => undefined,
  publicUrl: undefined,
  fetch: issuer.fetch,
  now: Date.now,
  logError: (line) => {
    throw new Error(line);
  },
});

/** An address that the operation's template takes: `^(docref|lastn)$` takes its first word. */
function addressOf({ template }: Endpoint): string {
  const segments = template.segments.map((segment) => {
    if (segment.kind === 'literal') return segment.text;
    const [, word = ''] =
      (segment.kind === 'parameter' && /^\^\(([\w-]+)/.exec(segment.constraint?.source ?? '')) || [];
    const value = [word, 'Patient', '1', 'v2'].find((each) => accepts(segment, each));
    return value ?? expect.unreachable(`no value for ${template.text}`);
  });
  return `http://here/${segments.join('/')}`;
}

async function ask(
  endpoint: Endpoint,
  token: string | undefined,
  method = endpoint.methods[0] ?? 'GET',
): Promise<number> {
  const headers = new Headers(token === undefined ? {} : { authorization: `Bearer ${token}` });
  const { status } = await serve(endpoint, new Request(addressOf(endpoint), { method, headers }), {
    address: { publicUrl: undefined, trustForwarded: false },
    authenticate,
    connection: undefined,
    audit: () => {},
    logError: (line) => {
      throw new Error(line);
    },
  });
  return status;
}

/** Operation → status, for those whose status is not the expected one. */
async function deviations(expected: (endpoint: Endpoint) => number, token: string | undefined) {
  const found: [string, number][] = [];
  for (const endpoint of operations) {
    for (const method of endpoint.methods) {
      const status = await ask(endpoint, token, method);
      if (status !== expected(endpoint)) found.push([`${method} ${endpoint.name}`, status]);
    }
  }
  return found;
}

const isPublic = ({ name }: Endpoint) => matrix.get(lineOf(name)) === 'public';
const seconds = () => Math.floor(Date.now() / 1000);
const all = Object.keys(builtInRoles);

describe('docs/access.md', () => {
  it('has the rows that are in the code: npm run access', () => {
    expect(withTables(text)).toBe(text);
  });

  it('has a line for each operation', () => {
    expect(operations.map(({ name }) => lineOf(name)).filter((name) => !matrix.has(name))).toEqual([]);
  });

  it('opens to everybody what says nothing of anybody', () => {
    expect(operations.filter(isPublic).map(({ name }) => name)).toEqual([
      'workspace-home',
      'workspace-health',
      'fhir-operation-definition',
      'fhir-capabilities',
      'fhir-versions',
      'fhir-smart-configuration',
      'dicom-read-openapi',
    ]);
  });
});

describe('every operation', () => {
  const tokens = new Map<string, string | undefined>();
  beforeAll(async () => {
    const good = { roles: all };
    const [header, , signature] = (await issuer.sign(good)).split('.');
    const [, other] = (await issuer.sign({ ...good, sub: 'somebody else' })).split('.');
    for (const [name, token] of Object.entries({
      'no token': undefined,
      garbage: 'garbage',
      'of another issuer': await stranger.sign(good),
      'of another issuer in the name of this one': await stranger.sign({ ...good, iss: login }),
      'for another audience': await issuer.sign({ ...good, aud: 'api://else' }),
      expired: await issuer.sign({ ...good, exp: seconds() - 301 }),
      'not yet valid': await issuer.sign({ ...good, nbf: seconds() + 600 }),
      'alg none': unsigned(await issuer.sign(good)),
      'HS256 by the public key': await issuer.signWithPublicKey(good),
      'an id token': await issuer.sign({ ...good, nonce: 'n' }),
      'another payload under a good signature': [header, other, signature].join('.'),
    })) {
      tokens.set(name, token);
    }
  });

  it.each([
    'no token',
    'garbage',
    'of another issuer',
    'of another issuer in the name of this one',
    'for another audience',
    'expired',
    'not yet valid',
    'alg none',
    'HS256 by the public key',
    'an id token',
    'another payload under a good signature',
  ])('%s: 401, or public', async (name) => {
    expect(tokens.has(name)).toBe(true);
    expect(await deviations((endpoint) => (isPublic(endpoint) ? 418 : 401), tokens.get(name))).toEqual([]);
  });

  it.each(all)('%s: as the page says', async (role) => {
    const smart = role === 'FHIR SMART User' ? { scp: everyScope } : {};
    const token = await issuer.sign({ roles: [role], ...smart });
    const expected = ({ name }: Endpoint) => {
      const line = matrix.get(lineOf(name));
      return line === 'public' || line?.get(role) ? 418 : 403;
    };
    const letThrough = operations.filter((endpoint) => !isPublic(endpoint) && expected(endpoint) === 418);
    // A column of nothing would prove nothing.
    expect(letThrough.length).toBeGreaterThan(0);
    expect(await deviations(expected, token)).toEqual([]);
  });

  it.each<[string, JWTPayload]>([
    ['no role', {}],
    ['roles that do not exist', { roles: ['Owner', '*', 'read', '__proto__', 'toString'] }],
    ['every role in another service', { roles: all.map((role) => `${role}@elsewhere`) }],
    ['every role, and a scope of another API', { roles: all.filter((role) => !/SMART/.test(role)), scp: 'Mail.Read' }],
  ])('%s: 403, or public', async (_, claims) => {
    const token = await issuer.sign(claims);
    expect(await deviations((endpoint) => (isPublic(endpoint) ? 418 : 403), token)).toEqual([]);
  });

  it('a SMART user without a scope about resources may have tokens explained, no more', async () => {
    const token = await issuer.sign({ roles: ['FHIR SMART User'], scp: 'openid fhirUser' });
    const expected = (endpoint: Endpoint) => (isPublic(endpoint) || endpoint.name === 'fhir-introspect' ? 418 : 403);
    expect(await deviations(expected, token)).toEqual([]);
  });

  it('a role at one service opens that one, and not its neighbour', async () => {
    const token = await issuer.sign({ roles: ['FHIR Data Contributor@research'] });
    const read = operations.find(({ name }) => name === 'fhir-read');
    const at = async (service: string) =>
      read &&
      (
        await serve(
          read,
          new Request(`http://here/${service}/Patient/1`, { headers: { authorization: `Bearer ${token}` } }),
          {
            address: { publicUrl: undefined, trustForwarded: false },
            authenticate,
            connection: undefined,
            audit: () => {},
            logError: () => {},
          },
        )
      ).status;
    expect([await at('fhir'), await at('research'), await at('RESEARCH')]).toEqual([403, 418, 418]);
  });
});
