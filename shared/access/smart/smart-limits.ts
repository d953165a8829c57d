/**
 * What the scopes of a token leave of the rights of its principal. AHDS: they count where the principal holds the data
 * action `smart` (role FHIR SMART User); its rights are those of its roles and of its scopes at once.
 */
import { requestError } from '../../operations/errors.ts';
import type { DataAction } from '../data-actions.ts';
import type { Principal } from '../principal.ts';
import { type FhirUser, fhirUser } from './fhir-user.ts';
import { type Letter, parseScope, type SmartScope } from './scope-grammar.ts';

export interface SmartLimits {
  readonly scopes: readonly SmartScope[];
  /** In whose compartment everything must be; undefined with `system` scopes. */
  readonly user: FhirUser | undefined;
}

const maxScopes = 200;

/**
 * The limits that a token's claims state. Throws 400 for scopes that are malformed or do not go together, and for patient
 * and user scopes without a user. No scope about resources: nothing is allowed.
 */
export function smartLimits(claims: Readonly<Record<string, unknown>>): SmartLimits {
  const texts = scopeTexts(claims);
  if (texts.length > maxScopes) throw requestError('bad-request', `A token has at most ${maxScopes} scopes.`);
  const scopes = texts.flatMap((text) => parseScope(text) ?? []);
  if (new Set(scopes.map(({ version }) => version)).size > 1) {
    throw requestError('bad-request', 'The scopes of the token mix SMART v1 and v2.');
  }
  const ofSystem = scopes.filter(({ context }) => context === 'system');
  if (ofSystem.length > 0 && ofSystem.length < scopes.length) {
    throw requestError('bad-request', 'The scopes of the token mix system with patient or user.');
  }
  return { scopes, user: scopes.length === ofSystem.length ? undefined : fhirUser(claims) };
}

/** `raw_scope` first: the others may have lost their queries. */
function scopeTexts({ raw_scope, scp, scope }: Readonly<Record<string, unknown>>): string[] {
  const claim = raw_scope ?? scp ?? scope ?? '';
  const texts = Array.isArray(claim) ? claim : [claim];
  return [...new Set(texts.flatMap((text) => String(text).split(/\s+/)).filter((text) => text !== ''))];
}

/** What one of the data actions asks of the scopes. An action without a line here is not for apps. */
const needed: { readonly [action in DataAction]?: readonly Letter[] } = {
  read: ['r', 's'],
  readById: ['r'],
  search: ['s'],
  write: ['c', 'u'],
  create: ['c'],
  update: ['u'],
  delete: ['d'],
};

/** Whether scopes allow the action, on `type` or, without it, on any type at all. */
export function scopesAllow({ scopes, user }: SmartLimits, action: DataAction, type?: string): boolean {
  if (action === 'smart') return true;
  // AHDS: an export needs system scopes that read and search, without a query.
  const letters = action === 'export' && user === undefined ? needed.read : needed[action];
  if (!letters) return false;
  const types = type === undefined ? new Set(scopes.map((scope) => scope.type)) : [type];
  const usable = action === 'export' ? scopes.filter(({ query }) => query === undefined) : scopes;
  return [...types].some((each) => letters.every((letter) => usable.some((scope) => grants(scope, each, letter))));
}

/** `type` undefined: only a scope on every type does. */
export function grants(scope: SmartScope, type: string | undefined, letter: Letter): boolean {
  return scope.letters.has(letter) && (scope.type === undefined || scope.type === type);
}

/** Rights that others include: a role says `read`, a scope may say `r`. */
const includedIn: { readonly [action in DataAction]?: DataAction } = {
  readById: 'read',
  search: 'read',
  create: 'write',
  update: 'write',
};

/** The principal within its limits. `type`: what is asked for is about resources of that type. */
export function withinLimits(principal: Principal, smart: SmartLimits, type?: string): Principal {
  const byRole = (action: DataAction) => {
    const whole = includedIn[action];
    return principal.allows(action) || (whole !== undefined && principal.allows(whole));
  };
  return { ...principal, smart, allows: (action) => byRole(action) && scopesAllow(smart, action, type) };
}
