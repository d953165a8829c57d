/**
 * Continuation tokens (`ct`): where the next page of a search or a history starts. Opaque and signed, so that a store is
 * never handed a cursor that it did not make, and bound to the request, so that a token of one search does not continue
 * another. A token grants nothing: the request that brings it is checked like any other.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Cursor } from '../../stores/resources/resource-store.ts';
import { FhirError } from '../outcome.ts';

const maxLength = 8192;

/** `scope` is the request that the token belongs to: its path and the parameters that decide what is found. */
export function writeContinuation(signingKey: Uint8Array, scope: string, cursor: Cursor): string {
  const payload = Buffer.from(JSON.stringify(cursor)).toString('base64url');
  return `${payload}.${signature(signingKey, scope, payload).toString('base64url')}`;
}

/** Throws `invalid` (400) for a token that this service did not write, or wrote for another request. */
export function readContinuation(signingKey: Uint8Array, scope: string, token: string): Cursor {
  const [payload = '', signed = '', ...rest] = token.length > maxLength ? [] : token.split('.');
  const given = Buffer.from(signed, 'base64url');
  const expected = signature(signingKey, scope, payload);
  if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new FhirError('invalid', 'The continuation token (ct) is not valid for this request.');
  }
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}

/** The scope's length stands before it, so that no part of a scope can pass for a part of a payload. */
function signature(signingKey: Uint8Array, scope: string, payload: string): Buffer {
  return createHmac('sha256', signingKey).update(`${scope.length}:${scope}${payload}`).digest();
}
