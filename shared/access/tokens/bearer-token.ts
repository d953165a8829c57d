import { invalidToken, noToken } from './token-error.ts';

/** Tokens with many groups have about 12 KiB. */
const maxLength = 16 * 1024;
/** Three parts of base64url: RFC 7515, 3.1. */
const compactForm = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/** The token of `Authorization: Bearer …`. RFC 6750, 2.1; the other two places, form and query, get into logs. */
export function bearerToken(headers: Headers): string {
  const header = headers.get('authorization');
  if (header === null) throw noToken();
  if (header.length > maxLength) throw invalidToken('The token is too long.');
  const [scheme = '', token = '', ...rest] = header.split(' ');
  if (scheme.toLowerCase() !== 'bearer') throw noToken();
  if (rest.length > 0 || !compactForm.test(token)) throw invalidToken('The token is malformed.');
  return token;
}
