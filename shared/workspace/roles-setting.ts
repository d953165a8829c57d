/** The `roles` of workspace.json: roles of the workspace's own, by name, besides those of AHDS. */
import { type DataAction, dicomDataActions, fhirDataActions, medtechDataActions } from '../access/data-actions.ts';
import { everyFhirAction, isBuiltInRole, type Role, roleKey } from '../access/roles.ts';
import type { CheckedObject } from './checked-object.ts';

/** Letters that Entra takes in the value of an app role, and spaces; `@` parts the name from a service. */
const namePattern = /^[A-Za-z][A-Za-z0-9 ._-]{0,99}$/;
const everyAction: readonly DataAction[] = [...fhirDataActions, ...dicomDataActions, ...medtechDataActions];
/** How Azure's role definitions name an action: `…/fhirservices/resources/export/action`. */
const azureAction =
  /^Microsoft\.HealthcareApis\/workspaces\/(fhir|dicom)services\/resources\/(\*|[A-Za-z]+)(?:\/action)?$/;

/** By `roleKey`. `services`: the names that the file has. */
export function rolesSetting(root: CheckedObject, services: readonly string[]): ReadonlyMap<string, Role> {
  if (!root.has('roles')) return new Map();
  const given = root.object('roles');
  const roles = new Map<string, Role>();
  for (const [name] of given.entries()) {
    if (!namePattern.test(name)) given.refuse(`.${name}`, 'a name of letters, digits, spaces, dots and hyphens');
    if (isBuiltInRole(name)) given.refuse(`.${name}`, 'another name: this role is a built-in one');
    if (roles.has(roleKey(name))) given.refuse(`.${name}`, 'another name: spaces, dots and hyphens make no difference');
    roles.set(roleKey(name), roleOf(given.object(name, ['dataActions', 'notDataActions', 'services']), services));
  }
  return roles;
}

function roleOf(role: CheckedObject, services: readonly string[]): Role {
  const actions = (name: string, fallback?: readonly string[]) =>
    role.texts(name, fallback).flatMap((text) => {
      const named = actionsNamed(text);
      return named.length > 0 ? named : role.refuse(`.${name}`, `a list of data actions; ${text} is none`);
    });
  const without = actions('notDataActions', []);
  const dataActions = [...new Set(actions('dataActions'))].filter((action) => !without.includes(action));
  if (!role.has('services')) return { dataActions };
  const named = role.texts('services');
  if (!named.every((name) => services.includes(name))) role.refuse('.services', 'a list of names of services');
  return { dataActions, services: named };
}

/** `*` stands for every action but `smart`, which takes rights away. */
function actionsNamed(text: string): readonly DataAction[] {
  if (text === '*') return [...everyFhirAction, ...dicomDataActions, ...medtechDataActions];
  const [, kind, name] = azureAction.exec(text) ?? [];
  if (name === '*') return kind === 'dicom' ? dicomDataActions : everyFhirAction;
  const short = kind === 'dicom' ? `dicom.${name}` : (name ?? text);
  return everyAction.filter((action) => action === short);
}
