import { describe, expect, it } from 'vitest';
import { localPrincipal } from '../principal.ts';
import { parseScope } from './scope-grammar.ts';
import { scopesAllow, smartLimits, withinLimits } from './smart-limits.ts';

const user = { fhirUser: 'https://ehr.example/fhir/Patient/a' };

function letters(scope: string): string {
  return [...(parseScope(scope)?.letters ?? [])].join('');
}

function refusal(claims: Record<string, unknown>): { status?: number; message?: string } {
  try {
    smartLimits(claims);
  } catch (error) {
    return error as { status: number; message: string };
  }
  return {};
}

describe('the grammar of scopes (SMART App Launch 1.0 and 2.0)', () => {
  it('reads v1 words as letters', () => {
    expect(letters('patient/Observation.read')).toBe('rs');
    expect(letters('user/Observation.write')).toBe('cud');
    expect(letters('system/*.*')).toBe('cruds');
    expect(letters('patient/Patient.all')).toBe('cruds');
  });

  it('reads v2 letters in their order', () => {
    expect(letters('patient/Observation.rs')).toBe('rs');
    expect(letters('patient/Observation.cruds')).toBe('cruds');
    expect(letters('patient/Observation.d')).toBe('d');
  });

  it.each(['patient.Observation.rs', 'patient$Observation$rs', 'patient%2fObservation.rs', 'patient%2FObservation.rs'])(
    'takes the separators of Entra: %s',
    (scope) => expect(parseScope(scope)).toMatchObject({ context: 'patient', type: 'Observation', version: 2 }),
  );

  it('takes * and all for every type', () => {
    expect(parseScope('patient/*.rs')).toMatchObject({ type: undefined });
    expect(parseScope('patient.all.read')).toMatchObject({ type: undefined });
  });

  it('keeps the query of a granular scope', () => {
    const scope = 'patient/Observation.rs?category=http://c|laboratory&status=final';
    expect(parseScope(scope)?.query).toBe('category=http://c|laboratory&status=final');
  });

  it.each(['openid', 'fhirUser', 'launch', 'launch/patient', 'offline_access', 'user_impersonation'])(
    'leaves %s alone',
    (scope) => expect(parseScope(scope)).toBeUndefined(),
  );

  it.each([
    'patient/Observation',
    'patient/Observation.',
    'patient/.read',
    'patient/Observation.reads',
    'patient/Observation.sr',
    'patient/Observation.rr',
    'patient/Observation.x',
    'patient/Observation.rs.',
    'patient/Observation.rs;x',
    'patient/Obs3rvation.rs',
    'patient/Observation.read?code=1',
    'patient/Observation.rs?',
    'Patient/Observation.read',
  ])('refuses %s with 400', (scope) => {
    expect(refusal({ ...user, scp: scope })).toMatchObject({ status: 400 });
  });
});

describe('the limits of a token', () => {
  it('takes scopes from scp, scope as text or list, and raw_scope before them', () => {
    expect(smartLimits({ ...user, scp: 'openid patient/Patient.r' }).scopes).toHaveLength(1);
    expect(smartLimits({ ...user, scope: ['patient/Patient.r', 'patient/Observation.rs'] }).scopes).toHaveLength(2);
    const raw = 'patient/Observation.rs?code=1';
    expect(smartLimits({ ...user, scp: 'patient/Observation.rs', raw_scope: raw }).scopes[0]?.query).toBe('code=1');
  });

  it('refuses v1 and v2 together', () => {
    expect(refusal({ ...user, scp: 'patient/Patient.read patient/Observation.rs' })).toMatchObject({ status: 400 });
  });

  it('refuses system together with patient or user; patient and user have the same compartment', () => {
    expect(refusal({ ...user, scp: 'system/*.rs patient/*.rs' })).toMatchObject({ status: 400 });
    expect(refusal({ ...user, scp: 'user/*.rs patient/*.rs' })).toEqual({});
  });

  it.each([
    undefined,
    'https://ehr.example/fhir/RelatedPerson/a',
    'https://ehr.example/fhir/Patient/',
    'https://ehr.example/fhir/Patient/a/_history/1',
    'Patient/a b',
    7,
  ])('refuses patient scopes of the user %s with 400', (fhirUser) => {
    expect(refusal({ fhirUser, scp: 'patient/*.rs' })).toMatchObject({ status: 400 });
  });

  it('needs no user with system scopes', () => {
    expect(smartLimits({ scp: 'system/*.rs' }).user).toBeUndefined();
  });

  it('knows the user by either claim', () => {
    expect(smartLimits({ ...user, scp: 'patient/*.rs' }).user).toEqual({ type: 'Patient', id: 'a' });
    const claims = { extension_fhirUser: 'Practitioner/b.1', scp: 'user/*.rs' };
    expect(smartLimits(claims).user).toEqual({ type: 'Practitioner', id: 'b.1' });
  });
});

describe('what scopes allow', () => {
  const limits = smartLimits({ ...user, scp: 'patient/Patient.r patient/Observation.rs patient/Condition.cu' });

  it('is by type and letter', () => {
    expect(scopesAllow(limits, 'readById', 'Patient')).toBe(true);
    expect(scopesAllow(limits, 'search', 'Patient')).toBe(false);
    expect(scopesAllow(limits, 'read', 'Patient')).toBe(false);
    expect(scopesAllow(limits, 'read', 'Observation')).toBe(true);
    expect(scopesAllow(limits, 'write', 'Condition')).toBe(true);
    expect(scopesAllow(limits, 'delete')).toBe(false);
    expect(scopesAllow(limits, 'search')).toBe(true);
  });

  it('does not put the letters of two types together', () => {
    expect(scopesAllow(smartLimits({ ...user, scp: 'patient/Patient.r patient/Observation.s' }), 'read')).toBe(false);
  });

  it.each([
    'hardDelete',
    'resourceValidate',
    'reindex',
    'convertData',
    'import',
    'searchParameter',
    'bulkOperator',
  ] as const)('is never %s', (action) =>
    expect(scopesAllow(smartLimits({ scp: 'system/*.cruds' }), action)).toBe(false),
  );

  it('is an export only with system scopes without a query', () => {
    expect(scopesAllow(smartLimits({ scp: 'system/*.rs' }), 'export')).toBe(true);
    expect(scopesAllow(smartLimits({ scp: 'system/*.rs?_id=1' }), 'export')).toBe(false);
    expect(scopesAllow(smartLimits({ ...user, scp: 'patient/*.rs' }), 'export')).toBe(false);
  });

  it('is nothing without scopes about resources', () => {
    expect(scopesAllow(smartLimits({ scp: 'openid' }), 'readById')).toBe(false);
  });

  it('meets the rights of the roles: one that reads may read by id where the scope says no more', () => {
    const reader = { id: 'x', allows: (action: string) => action === 'read' };
    const within = withinLimits(reader, limits);
    expect([within.allows('readById'), within.allows('search'), within.allows('create')]).toEqual([true, true, false]);
    expect(withinLimits(localPrincipal, limits, 'Patient').allows('search')).toBe(false);
  });
});
