import { describe, expect, it } from 'vitest';
import type { CorsRules } from '../operations/cors.ts';
import { openAccess } from './authenticate.ts';

const cors: CorsRules = { origins: ['http://localhost:3000'], methods: ['*'], headers: ['*'], allowCredentials: false };
const own = { host: 'localhost:7071' };

async function open(headers: Record<string, string>, rules?: CorsRules): Promise<boolean> {
  return openAccess(() => rules)(new Headers({ ...own, ...headers }), 'fhir').then(
    () => true,
    (error: { status?: number }) => {
      expect(error.status).toBe(403);
      return false;
    },
  );
}

describe('a service that is open on loopback', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['curl and SDKs, which send neither header', {}, true],
    ['an address that somebody typed', { 'sec-fetch-site': 'none' }, true],
    ['a page of the service itself', { 'sec-fetch-site': 'same-origin', origin: 'http://localhost:7071' }, true],
    ['a script of another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, false],
    ['an image of another site, which has no Origin', { 'sec-fetch-site': 'cross-site' }, false],
    ['a form of another site in an old browser', { origin: 'https://evil.example' }, false],
    ['a page without an origin', { origin: 'null' }, false],
    [
      'a page at another port of this machine',
      { 'sec-fetch-site': 'same-site', origin: 'http://localhost:9999' },
      false,
    ],
  ])('%s', async (_, headers, allowed) => {
    expect(await open(headers)).toBe(allowed);
    expect(await open(headers, cors)).toBe(allowed);
  });

  it('answers pages of the origins that its cors names', async () => {
    const page = { 'sec-fetch-site': 'same-site', origin: 'http://localhost:3000' };
    expect(await open(page)).toBe(false);
    expect(await open(page, cors)).toBe(true);
    expect(await open({ origin: 'https://any.example' }, { ...cors, origins: ['*'] })).toBe(true);
  });
});
