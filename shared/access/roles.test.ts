import { describe, expect, it } from 'vitest';
import { parseWorkspaceFile } from '../workspace/workspace-file.ts';
import { allowedActions } from './roles.ts';

const file = (roles: unknown) =>
  parseWorkspaceFile(
    JSON.stringify({ name: 'x', services: { fhir: { kind: 'fhir' }, research: { kind: 'fhir' } }, roles }),
    'w.json',
  );
const actions = (values: string[], service = 'fhir', roles: unknown = {}) =>
  [...allowedActions(values, service, file(roles).roles)].toSorted();

describe('roles', () => {
  it('together allow what one of them does; an unknown one allows nothing', () => {
    expect(actions(['FHIR Data Reader', 'FHIR Data Converter'])).toEqual(['convertData', 'read']);
    expect(actions(['Owner', 'fhir data reader', '__proto__', 'constructor', ''])).toEqual([]);
  });

  it.each(['FHIR.Data.Reader', 'FHIR-Data-Reader', 'FHIR_Data_Reader', 'FHIRDataReader'])(
    '%s is the role without its spaces',
    (value) => {
      expect(actions([value])).toEqual(['read']);
    },
  );

  it('behind an @ stands the one service in which they hold', () => {
    expect(actions(['FHIR Data Reader@research'])).toEqual([]);
    expect(actions(['FHIR Data Reader@research'], 'research')).toEqual(['read']);
    expect(actions(['FHIR Data Reader@'], 'fhir')).toEqual([]);
  });

  it('a Contributor has every action of FHIR but the one that confines, a Writer does not delete for good', () => {
    expect(actions(['FHIR Data Contributor'])).toContain('hardDelete');
    expect(actions(['FHIR Data Contributor'])).not.toContain('smart');
    expect(actions(['FHIR Data Writer'])).not.toContain('hardDelete');
  });

  it('of the workspace: data actions by their short or their Azure name, without some, in some services', () => {
    const azure = 'Microsoft.HealthcareApis/workspaces';
    const roles = {
      Auditor: {
        dataActions: ['read', `${azure}/fhirservices/resources/export/action`, `${azure}/dicomservices/resources/read`],
      },
      'Nearly All': { dataActions: ['*'], notDataActions: ['hardDelete'] },
      Imaging: { dataActions: [`${azure}/dicomservices/resources/*`], services: ['research'] },
    };
    expect(actions(['Auditor'], 'fhir', roles)).toEqual(['dicom.read', 'export', 'read']);
    expect(actions(['Nearly.All'], 'fhir', roles)).toEqual(
      expect.arrayContaining(['read', 'dicom.write', 'medtech.manage']),
    );
    for (const action of ['hardDelete', 'smart']) expect(actions(['Nearly All'], 'fhir', roles)).not.toContain(action);
    expect(actions(['Imaging'], 'fhir', roles)).toEqual([]);
    expect(actions(['Imaging'], 'research', roles)).toHaveLength(5);
  });

  it.each([
    ['$.roles', []],
    ['$.roles.FHIRDataReader', { FHIRDataReader: { dataActions: ['*'] } }],
    ['$.roles.a@b', { 'a@b': { dataActions: ['read'] } }],
    ['$.roles.a-b', { 'a b': { dataActions: ['read'] }, 'a-b': { dataActions: ['read'] } }],
    ['$.roles.x.dataActions', { x: {} }],
    ['$.roles.x.dataActions', { x: { dataActions: ['fly'] } }],
    ['$.roles.x.notDataActions', { x: { dataActions: ['read'], notDataActions: ['fly'] } }],
    ['$.roles.x.services', { x: { dataActions: ['read'], services: ['elsewhere'] } }],
    ['$.roles.x.scope', { x: { dataActions: ['read'], scope: '/' } }],
  ])('a fault at %s is told', (place, roles) => {
    expect(() => file(roles)).toThrow(`w.json: ${place} must be `);
  });
});
