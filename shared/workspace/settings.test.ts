import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

describe('settings', () => {
  it('have defaults that run open on loopback', () => {
    expect(readSettings({})).toEqual({
      host: '127.0.0.1',
      port: 7071,
      dataDir: '.data',
      workspaceFile: 'workspace.json',
      eventHubPort: 5672,
      issuers: [],
      localIssuer: false,
      open: true,
      publicUrl: undefined,
      inAzure: false,
    });
  });

  it('an empty value counts as not set', () => {
    expect(readSettings({ PORT: '', HOST: ' ' })).toMatchObject({ port: 7071, host: '127.0.0.1' });
  });

  it('PUBLIC_URL loses its slash at the end', () => {
    expect(readSettings({ PUBLIC_URL: 'https://api.example/health/' }).publicUrl).toBe('https://api.example/health');
  });

  it.each([
    ['PORT', { PORT: '70710' }],
    ['PORT', { PORT: '-1' }],
    ['PORT', { PORT: '7e3' }],
    ['EVENT_HUB_PORT', { EVENT_HUB_PORT: 'amqp' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'api.example' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'ftp://api.example' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://api.example?x=1' }],
    ['AUTH_ISSUERS', { AUTH_ISSUERS: 'https://login.example' }],
    ['AUTH_ISSUERS', { AUTH_ISSUERS: '[]' }],
    ['AUTH_ISSUERS', { AUTH_ISSUERS: '[{"issuer":"https://x"}]' }],
    ['AUTH_ISSUERS', { AUTH_ISSUERS: '[{"issuer":"https://x","audience":[]}]' }],
    ['AUTH_ISSUERS', { AUTH_ISSUERS: '[{"issuer":"http://x","audience":["a"]}]' }],
    ['AUTH_ISSUERS', { AUTH_ISSUERS: '[{"issuer":"https://x","audience":["a"],"jwksUri":"http://x/keys"}]' }],
    ['AUTH_ISSUERS', { AUTH_ISSUERS: '[{"issuer":"https://x","audience":["a"],"alg":"HS256"}]' }],
    [
      'AUTH_ISSUERS',
      { AUTH_ISSUERS: '[{"issuer":"https://x","audience":["a"]},{"issuer":"https://x","audience":["b"]}]' },
    ],
    ['AUTH_ISSUERS', { AUTH_ISSUERS: 'local', WEBSITE_INSTANCE_ID: 'x' }],
    ['COSMOS_ENDPOINT', { COSMOS_ENDPOINT: 'https://x.documents.azure.com' }],
    ['HOST', { HOST: '0.0.0.0' }],
    ['HOST', { HOST: '127.evil.example' }],
  ])('a wrong %s is refused by its name', (name, environment) => {
    expect(() => readSettings(environment)).toThrow(new RegExp(`^${name}`));
  });

  it.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('%s may be open', (host) => {
    expect(readSettings({ HOST: host }).host).toBe(host);
  });

  it('with issuers, every interface may be served', () => {
    expect(readSettings({ HOST: '0.0.0.0', AUTH_ISSUERS: 'local' })).toMatchObject({ open: false, localIssuer: true });
    const list = '["local", { "issuer": "https://x", "audience": ["a"] }]';
    expect(readSettings({ HOST: '0.0.0.0', AUTH_ISSUERS: list })).toMatchObject({
      open: false,
      localIssuer: true,
      issuers: [{ issuer: 'https://x', audience: ['a'], scopes: ['user_impersonation'], roles: [] }],
    });
  });

  it('there is no way to run open in Azure', () => {
    expect(() => readSettings({ WEBSITE_INSTANCE_ID: 'x' })).toThrow(/AUTH_ISSUERS must be set in Azure/);
  });
});
