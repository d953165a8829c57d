import { describe, expect, it } from 'vitest';
import { allEndpoints, mount } from '../shared/operations/all-endpoints.ts';
import { routeConflicts } from '../shared/operations/route-conflicts.ts';
import { matchRoute, pathSegments } from '../shared/operations/route-template.ts';
import { unmatchedName } from '../shared/operations/unmatched.ts';
import { fhirKind } from './fhir/fhir-kind.ts';
import { medtechKind } from './medtech/medtech-kind.ts';
import { workspaceKind } from './workspace/workspace-kind.ts';

const absent = () => Promise.reject(new Error('No service is needed to look at routes.'));
const endpoints = allEndpoints(mount({ ...workspaceKind, service: absent }), [
  mount({ ...fhirKind, names: ['fhir', 'research'], service: absent }),
  mount({ ...medtechKind, names: ['medtech'], service: absent }),
]);
const operations = endpoints.filter(({ name }) => name !== unmatchedName);

const hits = (method: string, path: string): string[] =>
  operations
    .filter(({ methods, template }) => methods.some((m) => m === method) && matchRoute(template, pathSegments(path)))
    .map(({ name }) => name);

describe('the routes of all operations', () => {
  it('no two operations could answer the same request', () => {
    expect(routeConflicts(operations)).toEqual([]);
  });

  it('only the fallback overlaps, and its name sorts last', () => {
    expect(routeConflicts(endpoints).every((pair) => pair.includes(unmatchedName))).toBe(true);
    expect(endpoints.map(({ name }) => name).toSorted()).toHaveProperty(String(endpoints.length - 1), unmatchedName);
  });

  it.each([
    ['GET', '/', 'workspace-home'],
    ['GET', '/health/check', 'workspace-health'],
    ['POST', '/fhir', 'fhir-bundle'],
    ['GET', '/fhir/metadata', 'fhir-capabilities'],
    ['POST', '/fhir/Patient', 'fhir-create'],
    ['GET', '/fhir/Patient', 'fhir-search-type'],
    ['HEAD', '/research/Patient', 'fhir-search-type'],
    ['GET', '/fhir/Patient/', 'fhir-search-type'],
    ['POST', '/fhir/Patient/_search', 'fhir-search-type-post'],
    ['POST', '/fhir/Patient/$validate', 'fhir-validate-type'],
    ['GET', '/fhir/Patient/123/$validate', 'fhir-validate-instance'],
    ['POST', '/fhir/Patient/123/$validate', 'fhir-validate-instance-post'],
    ['GET', '/fhir/Patient/123', 'fhir-read'],
    ['PUT', '/fhir/Patient/a.b-c', 'fhir-update'],
    ['DELETE', '/fhir/Patient/123', 'fhir-delete'],
    ['GET', '/fhir/Patient/123/_history', 'fhir-history-instance'],
    ['GET', '/fhir/Patient/123/Observation', 'fhir-search-compartment'],
    ['GET', '/fhir/Device/123/*', 'fhir-search-compartment'],
    ['GET', '/fhir/Patient/123/_history/2', 'fhir-vread'],
    ['GET', '/fhir/Patient/_history', 'fhir-history-type'],
    ['GET', '/fhir/_history', 'fhir-history-system'],
    ['GET', '/fhir/OperationDefinition/docref', 'fhir-operation-definition'],
    ['GET', '/fhir/OperationDefinition/123', 'fhir-read-operation-definition'],
    ['PUT', '/fhir/OperationDefinition/docref', 'fhir-update'],
    ['GET', '/fhir/Patient/123/$everything', 'fhir-patient-everything'],
    ['POST', '/fhir/Patient/$member-match', 'fhir-member-match'],
    ['PUT', '/fhir/Patient?identifier=x', 'fhir-conditional-update'],
    ['DELETE', '/fhir/Patient/123/$purge-history', 'fhir-purge-history'],
    ['POST', '/fhir/$reindex', 'fhir-reindex'],
    ['GET', '/fhir/$reindex', 'fhir-reindex-active'],
    ['GET', '/fhir/_operations/reindex/123', 'fhir-reindex-job'],
    ['DELETE', '/fhir/_operations/reindex/123', 'fhir-reindex-cancel'],
    ['GET', '/fhir/Patient/123/$reindex', 'fhir-reindex-resource-preview'],
    ['POST', '/fhir/Patient/123/$reindex', 'fhir-reindex-resource'],
    ['GET', '/fhir/SearchParameter/$status', 'fhir-search-parameter-status'],
    ['PUT', '/fhir/SearchParameter/$status', 'fhir-search-parameter-status-update'],
    ['POST', '/fhir/SearchParameter/$status/_search', 'fhir-search-parameter-status-post'],
    ['POST', '/medtech/$validate-mapping', 'medtech-validate-mapping'],
    ['POST', '/medtech/$trace', 'medtech-trace'],
    ['POST', '/medtech/dead-letters/$replay', 'medtech-replay-dead-letters'],
  ])('%s %s is answered by %s alone', (method, path, name) => {
    expect(hits(method, new URL(path, 'http://here').pathname)).toEqual([name]);
  });

  it.each([
    ['POST', '/fhir/metadata'],
    ['GET', '/dicom/studies'],
    ['GET', '/fhirs/Patient'],
    ['PATCH', '/'],
    ['GET', '/fhir/$unknown/x/y/z'],
    ['GET', '/fhir/Patient/123/_history/2/3'],
    ['GET', '/fhir/Organization/123/Patient'],
    ['GET', '/fhir/Patient/123/$unknown'],
    ['GET', '/fhir/Observation/123/$everything'],
    ['POST', '/fhir/Patient/123/$everything'],
  ])('%s %s is left to the fallback', (method, path) => {
    expect(hits(method, path)).toEqual([]);
  });

  it('every operation states its data actions or that it is public', () => {
    for (const { access } of operations) {
      if (access !== 'public') expect(access.every((all) => all.length > 0) && access.length > 0).toBe(true);
    }
    const open = operations.filter(({ access }) => access === 'public').map(({ name }) => name);
    expect(open.toSorted()).toEqual([
      'fhir-capabilities',
      'fhir-operation-definition',
      'fhir-smart-configuration',
      'fhir-versions',
      'workspace-health',
      'workspace-home',
    ]);
  });
});
