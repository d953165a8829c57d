/** `"allow"`: origins in private networks that the service may send something to. */
import { defaultAllowedOrigins } from '../endpoints/allowed-origins.ts';
import type { CheckedObject } from './checked-object.ts';

export function allowedOrigins(given: CheckedObject): readonly string[] {
  const allow = given.get('allow') ?? defaultAllowedOrigins;
  if (Array.isArray(allow) && allow.every(isOrigin)) return allow;
  return given.refuse('.allow', 'a list of origins like "http://localhost:*" and "https://10.0.0.5"');
}

/** `http://host`, `http://host:8080`, or `http://host:*` for every port. */
function isOrigin(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const origin = value.replace(/:\*$/, '');
  return !origin.includes('*') && URL.canParse(origin) && new URL(origin).origin === origin;
}
