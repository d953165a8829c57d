/** A verified token → who calls a service, and what the roles and scopes in it allow there. */
import type { JWTPayload } from 'jose';
import type { Principal } from '../principal.ts';
import { allowedActions, type Role } from '../roles.ts';
import { smartLimits, withinLimits } from '../smart/smart-limits.ts';
import { clientOf } from './access-token.ts';
import type { VerifiedToken } from './verify-token.ts';

/** Throws 400 when the caller is an app under SMART and its scopes are malformed. */
export function tokenPrincipal(
  { claims, issuer }: VerifiedToken,
  service: string,
  roles: ReadonlyMap<string, Role>,
): Principal {
  const allowed = allowedActions([...textsOf(claims.roles), ...issuer.roles], service, roles);
  const client = clientOf(claims);
  const principal: Principal = {
    id: identityOf(claims),
    ...(client !== undefined && { client }),
    allows: (action) => allowed.has(action),
  };
  // AHDS: the scopes limit whoever holds the data action `smart`, and are then what a delegated token needs.
  if (allowed.has('smart')) return withinLimits(principal, smartLimits(claims));
  return hasScope(claims, issuer.scopes) ? principal : { ...principal, allows: () => false };
}

/** Stable and unique: the object id in Entra; elsewhere the subject, which is unique below its issuer. OpenID Connect Core, 5.7. */
function identityOf({ iss, sub, oid, tid }: JWTPayload): string {
  return typeof oid === 'string' && typeof tid === 'string' ? `${tid}/${oid}` : `${iss}#${sub}`;
}

/** A token of an app that acts for itself has no scope in it and needs none. */
function hasScope({ scp, scope }: JWTPayload, wanted: readonly string[]): boolean {
  const given = textsOf(scp ?? scope).flatMap((text) => text.split(' '));
  return wanted.length === 0 || given.length === 0 || given.some((each) => wanted.includes(each));
}

function textsOf(claim: unknown): string[] {
  return (Array.isArray(claim) ? claim : [claim]).filter((each) => typeof each === 'string');
}
