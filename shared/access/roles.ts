/**
 * The roles of Azure Health Data Services and what each allows. On Azure a role is assigned to the caller and looked up; here
 * the token's `roles` claim carries it, as an app role of Entra or a claim of another provider.
 * Source: the built-in roles' definitions; the last two are ours, because on Azure MedTech has none.
 */
import { type DataAction, dicomDataActions, fhirDataActions } from './data-actions.ts';

/** What a role allows in a service; in that one only, where the token or workspace.json names services. */
export interface Role {
  readonly dataActions: readonly DataAction[];
  /** Names of services; absent: every one. */
  readonly services?: readonly string[];
}

/** `smart` confines its holder to the token's scopes, so a role that allows everything does not have it. */
export const everyFhirAction = fhirDataActions.filter((action) => action !== 'smart');

export const builtInRoles: Readonly<Record<string, Role>> = {
  'FHIR Data Reader': { dataActions: ['read'] },
  'FHIR Data Writer': {
    dataActions: [
      'read',
      'write',
      'delete',
      'export',
      'import',
      'resourceValidate',
      'reindex',
      'convertData',
      'editProfileDefinitions',
    ],
  },
  'FHIR Data Contributor': { dataActions: everyFhirAction },
  'FHIR Data Importer': { dataActions: ['read', 'import'] },
  'FHIR Data Exporter': { dataActions: ['read', 'export'] },
  'FHIR Data Converter': { dataActions: ['convertData'] },
  'FHIR Data Bulk Operator': { dataActions: ['bulkOperator'] },
  'Search Parameter Manager': { dataActions: ['searchParameter'] },
  // Managed AHDS: reads and searches, and exports with system scopes; never writes.
  'FHIR SMART User': { dataActions: ['read', 'export', 'smart'] },
  'DICOM Data Owner': { dataActions: dicomDataActions },
  'DICOM Data Reader': { dataActions: ['dicom.read'] },
  'MedTech Data Owner': { dataActions: ['medtech.read', 'medtech.manage'] },
  'MedTech Data Reader': { dataActions: ['medtech.read'] },
};

/** Entra takes no spaces in the value of an app role: `FHIR.Data.Reader`, `FHIR-Data-Reader` and `FHIRDataReader` are the same role. */
export function roleKey(name: string): string {
  return name.replace(/[ ._-]/g, '');
}

const builtInByKey = new Map(Object.entries(builtInRoles).map(([name, role]) => [roleKey(name), role]));

/** True for a name that stands for a role of AHDS. */
export function isBuiltInRole(name: string): boolean {
  return builtInByKey.has(roleKey(name));
}

/** Role values of one token that are looked at: Entra puts in at most 200. */
const maxRoles = 200;

/**
 * What role values allow in a service. `FHIR Data Reader@research` is the role in the service `research` alone. A value
 * that names no role allows nothing.
 */
export function allowedActions(
  values: readonly string[],
  service: string,
  custom: ReadonlyMap<string, Role>,
): ReadonlySet<DataAction> {
  const allowed = new Set<DataAction>();
  for (const value of values.slice(0, maxRoles)) {
    const at = value.lastIndexOf('@');
    const name = at < 0 ? value : value.slice(0, at);
    if (at >= 0 && value.slice(at + 1) !== service) continue;
    const role = custom.get(roleKey(name)) ?? builtInByKey.get(roleKey(name));
    if (!role || (role.services && !role.services.includes(service))) continue;
    for (const action of role.dataActions) allowed.add(action);
  }
  return allowed;
}
