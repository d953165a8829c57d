/** What chains and `_has` become, as plain data. */
import { describe, expect, it } from 'vitest';
import type { Condition } from '../../stores/resources/query.ts';
import { where } from './testing/parsed-address.ts';
import { date, every, ms, not, or, starts, token, value } from './testing/tree.ts';

const bornAfter2020 = date('Patient.birthdate', every(['high', '>', ms('2020-12-31T23:59:59.999Z')]));

const conditions: [address: string, where: Condition][] = [
  [
    'Observation?subject:Patient.name:exact=A',
    {
      kind: 'chain',
      param: 'Observation.subject',
      types: ['Patient'],
      where: value('Patient.name', { kind: 'string', match: 'exact', exact: 'A' }),
    },
  ],
  [
    'Observation?patient.birthdate=gt2020',
    {
      kind: 'chain',
      param: 'Observation.patient',
      types: ['Patient'],
      where: bornAfter2020,
    },
  ],
  [
    'Observation?subject.birthdate=gt2020',
    {
      kind: 'chain',
      param: 'Observation.subject',
      types: ['Patient'],
      where: bornAfter2020,
    },
  ],
  [
    'Observation?subject:Patient.organization.name=a,b',
    {
      kind: 'chain',
      param: 'Observation.subject',
      types: ['Patient'],
      where: {
        kind: 'chain',
        param: 'Patient.organization',
        types: ['Organization'],
        where: or(starts('Organization.name', 'a'), starts('Organization.name', 'b')),
      },
    },
  ],
  [
    'Patient?organization._id=x',
    { kind: 'chain', param: 'Patient.organization', types: ['Organization'], where: { kind: 'id', ids: ['x'] } },
  ],
  [
    'Patient?general-practitioner._tag=x',
    {
      kind: 'chain',
      param: 'Patient.general-practitioner',
      types: ['Organization', 'Practitioner', 'PractitionerRole'],
      where: token('Resource._tag', { code: 'x' }),
    },
  ],
  [
    'Patient?organization.name:missing=true',
    {
      kind: 'chain',
      param: 'Patient.organization',
      types: ['Organization'],
      where: not({ kind: 'present', param: 'Organization.name', of: 'string' }),
    },
  ],
  [
    'Patient?_has:Observation:patient:code=c',
    {
      kind: 'referenced-by',
      source: 'Observation',
      param: 'Observation.patient',
      where: token('Observation.code', { code: 'c' }),
    },
  ],
  [
    'Patient?_has:Observation:patient:_has:AuditEvent:entity:agent-name=x',
    {
      kind: 'referenced-by',
      source: 'Observation',
      param: 'Observation.patient',
      where: {
        kind: 'referenced-by',
        source: 'AuditEvent',
        param: 'AuditEvent.entity',
        where: starts('AuditEvent.agent-name', 'x'),
      },
    },
  ],
  [
    'Patient?_has:Observation:patient:performer:Organization.name=x',
    {
      kind: 'referenced-by',
      source: 'Observation',
      param: 'Observation.patient',
      where: {
        kind: 'chain',
        param: 'Observation.performer',
        types: ['Organization'],
        where: starts('Organization.name', 'x'),
      },
    },
  ],
  [
    'Encounter?patient._has:Group:member:_id=g',
    {
      kind: 'chain',
      param: 'Encounter.patient',
      types: ['Patient'],
      where: { kind: 'referenced-by', source: 'Group', param: 'Group.member', where: { kind: 'id', ids: ['g'] } },
    },
  ],
];

describe('a chain becomes nested conditions', () => {
  it.each(conditions)('%s', (address, expected) => {
    expect(where(address)).toEqual(expected);
  });

  it('of 10 links', () => {
    expect(where(`Patient?${'link:Patient.'.repeat(10)}name=a`)).toMatchObject({ kind: 'chain' });
  });
});
