import { describe, expect, it } from 'vitest';
import { publicRoot } from './request-address.ts';

const url = new URL('http://inside:8080/fhir/Patient');
const forwarded = new Headers({ 'X-Forwarded-Host': 'outside.example, proxy', 'X-Forwarded-Proto': 'https' });

describe('the public root', () => {
  it.each([
    [
      'PUBLIC_URL before everything',
      { publicUrl: 'https://set.example/x', trustForwarded: true },
      'https://set.example/x',
    ],
    ['the forwarded host in Azure', { publicUrl: undefined, trustForwarded: true }, 'https://outside.example'],
    ['the request elsewhere', { publicUrl: undefined, trustForwarded: false }, 'http://inside:8080'],
  ])('is %s', (_, rules, root) => {
    expect(publicRoot(url, forwarded, rules)).toBe(root);
  });

  it('is the request when what was forwarded is no host', () => {
    const headers = new Headers({ 'X-Forwarded-Host': 'a b' });
    expect(publicRoot(url, headers, { publicUrl: undefined, trustForwarded: true })).toBe('http://inside:8080');
  });
});
