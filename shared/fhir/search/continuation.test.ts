import { describe, expect, it } from 'vitest';
import { FhirError } from '../outcome.ts';
import { readContinuation, writeContinuation } from './continuation.ts';

const key = Buffer.alloc(32, 7);
const scope = 'Patient?name=a';

describe('continuation tokens', () => {
  it('give the cursor back', () => {
    const cursor = ['a"é', 17, null, -1.5];
    expect(readContinuation(key, scope, writeContinuation(key, scope, cursor))).toEqual(cursor);
  });

  it('need no escaping in a URL', () => {
    expect(writeContinuation(key, scope, ['ÿþ??>>', 1])).toMatch(/^[A-Za-z0-9_.-]+$/);
  });

  const good = writeContinuation(key, scope, ['a', 1]);
  const [payload, signed] = good.split('.');
  it.each([
    ['empty', ''],
    ['text', 'hello'],
    ['without a signature', payload],
    ['with an empty signature', `${payload}.`],
    ['with another payload', `${Buffer.from('["b",1]').toString('base64url')}.${signed}`],
    ['with a third part', `${good}.x`],
    ['longer than any that we write', `${'a'.repeat(1_000_000)}.${signed}`],
    ['of another key', writeContinuation(Buffer.alloc(32, 8), scope, ['a', 1])],
    ['of another request', writeContinuation(key, 'Patient?name=b', ['a', 1])],
  ])('are refused with 400: %s', (_, token) => {
    expect(() => readContinuation(key, scope, token ?? '')).toThrow(FhirError);
  });
});
