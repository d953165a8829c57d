import { describe, expect, it } from 'vitest';
import { type Address, checkedAddress, endpointUrl, isPublic } from './endpoint-address.ts';

const none = async (): Promise<readonly Address[]> => [];
const at =
  (...addresses: string[]) =>
  async (): Promise<readonly Address[]> =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('an endpoint inside the own network is refused', () => {
  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://127.255.255.254/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://0/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://169.254.169.254/metadata',
    'http://168.63.129.16/',
    'http://100.64.0.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://[ff02::1]/',
    'http://[2002:7f00:1::]/',
    'http://１２７.0.0.1/',
    'http://127。0。0。1/',
  ])('%s', async (text) => {
    expect(() => endpointUrl(text, [], 'The endpoint')).toThrow(/public/);
    await expect(checkedAddress(new URL(text), [], none)).rejects.toThrow(/public/);
  });

  it.each([
    ['a private address', at('10.0.0.1')],
    ['loopback', at('127.0.0.1')],
    ['IPv6 loopback', at('::1')],
    ['a link-local address', at('fe80::1%eth0')],
    ['a mapped IPv4 address', at('::ffff:169.254.169.254')],
    ['a public and a private address', at('93.184.216.34', '192.168.0.1')],
  ])('a name that leads to %s', async (_, resolve) => {
    await expect(checkedAddress(new URL('https://hook.example/'), [], resolve)).rejects.toThrow(/public/);
  });

  it('localhost by name, with a dot, in any case', async () => {
    for (const text of ['http://localhost/', 'http://LOCALHOST/', 'http://localhost./']) {
      await expect(checkedAddress(new URL(text), [], at('127.0.0.1'))).rejects.toThrow(/public/);
    }
  });
});

describe('an endpoint', () => {
  it.each(['8.8.8.8', '93.184.216.34', '2606:2800:220:1::1', '172.32.0.1', '100.128.0.1'])(
    'at %s is public',
    (address) => {
      expect(isPublic({ address, family: address.includes(':') ? 6 : 4 })).toBe(true);
    },
  );

  it('is connected to at the address that was checked', async () => {
    expect(await checkedAddress(new URL('https://hook.example/'), [], at('93.184.216.34'))).toEqual({
      address: '93.184.216.34',
      family: 4,
    });
  });

  it.each([
    ['http://localhost:*', 'http://localhost:8080/hook', true],
    ['http://localhost:*', 'http://localhost/hook', true],
    ['http://localhost:8080', 'http://localhost:8080/hook', true],
    ['http://localhost:8080', 'http://localhost:8081/hook', false],
    ['http://localhost', 'http://localhost:8080/hook', false],
    ['https://localhost:*', 'http://localhost:8080/hook', false],
    ['http://localhost:*', 'http://localhost.example:80/hook', false],
    ['http://127.0.0.1:*', 'http://127.0.0.2/', false],
  ])('allowed by %s: %s is %s', async (allow, text, allowed) => {
    const checked = checkedAddress(new URL(text), [allow], at('127.0.0.1'));
    if (allowed) expect(await checked).toMatchObject({ address: '127.0.0.1' });
    else await expect(checked).rejects.toThrow(/public/);
  });

  it.each([
    'ftp://example.org/',
    '/hook',
    'hook.example/',
    'file:///etc/passwd',
    'http:example.org',
    'javascript:alert(1)',
    'https://user:secret@example.org/',
    'https://example.org/#here',
    'http://',
    '',
  ])('%s is none', (text) => {
    expect(() => endpointUrl(text, [], 'The endpoint')).toThrow(/^The endpoint must/);
  });
});
