/** workspace.json: the workspace's name and its services. Every message names the file, the place in it, and the rule. */
import { readFileSync } from 'node:fs';
import type { Role } from '../access/roles.ts';
import { CheckedObject } from './checked-object.ts';
import { type DicomServiceEntry, dicomEntry, dicomProperties } from './dicom-entry.ts';
import { type EventHubSettings, eventHubsOf } from './event-hubs-setting.ts';
import { type FhirServiceEntry, fhirEntry, fhirProperties } from './fhir-entry.ts';
import { type MedtechServiceEntry, medtechEntry, medtechProperties } from './medtech-entry.ts';
import { rolesSetting } from './roles-setting.ts';
import { StartError } from './start-error.ts';

export type { DicomServiceEntry, FhirServiceEntry, MedtechServiceEntry };

/** What one service of the workspace is. */
export type ServiceEntry = FhirServiceEntry | DicomServiceEntry | MedtechServiceEntry;

export interface WorkspaceFile {
  readonly name: string;
  /** By the service's name, its first path segment. In the file's order. */
  readonly services: ReadonlyMap<string, ServiceEntry>;
  /** By name in lower case. */
  readonly eventHubs: ReadonlyMap<string, EventHubSettings>;
  /** The workspace's own roles, by `roleKey`. */
  readonly roles: ReadonlyMap<string, Role>;
}

const namePattern = /^[a-z][a-z0-9-]{0,62}$/;
/** `health` is the workspace's own; the Functions host keeps the other two. */
const reservedNames = ['health', 'admin', 'runtime'];
const kinds = ['fhir', 'dicom', 'medtech'];
export function readWorkspaceFile(file: string): WorkspaceFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartError(
      `${file}: cannot be read (${(error as NodeJS.ErrnoException).code}). WORKSPACE_FILE names it.`,
    );
  }
  return parseWorkspaceFile(text, file);
}

export function parseWorkspaceFile(text: string, file: string): WorkspaceFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new StartError(`${file}: not JSON: ${(error as Error).message}`);
  }
  const root = new CheckedObject(value, '$', file, ['name', 'services', 'eventHubs', 'roles']);
  const services = root.object('services').entries();
  const name = root.get('name');
  if (typeof name !== 'string' || !namePattern.test(name)) return root.refuse('.name', nameRule);
  if (services.length === 0) root.refuse('.services', 'at least one service');
  const entries = new Map(services.map(([key, entry]) => [key, serviceEntry(key, entry, file)]));
  for (const [key, entry] of entries) {
    if (entry.kind === 'medtech') checkDestination(entry, entries, root.object('services').object(key));
  }
  const readers = [...entries.values()].filter((entry) => entry.kind === 'medtech');
  return {
    name,
    services: entries,
    eventHubs: eventHubsOf(root, readers),
    roles: rolesSetting(root, [...entries.keys()]),
  };
}

/** Observations go to a FHIR service: of this workspace, by its name, or another, by its URL. */
function checkDestination(
  { fhirService }: MedtechServiceEntry,
  services: ReadonlyMap<string, ServiceEntry>,
  entry: CheckedObject,
): void {
  if (services.get(fhirService)?.kind === 'fhir' || /^https?:\/\/[^?#]+$/.test(fhirService)) return;
  entry.refuse('.fhirService', 'the name of a FHIR service of this workspace, or the URL of another');
}

const nameRule = 'a lower-case letter, then at most 62 lower-case letters, digits and hyphens';

function serviceEntry(name: string, value: unknown, file: string): ServiceEntry {
  const place = `$.services.${name}`;
  const entry = new CheckedObject(value, place, file);
  if (!namePattern.test(name)) entry.refuse('', `a name of ${nameRule}`);
  if (reservedNames.includes(name)) entry.refuse('', `another name: ${reservedNames.join(', ')} are reserved`);
  switch (entry.get('kind')) {
    case 'fhir':
      return fhirEntry(new CheckedObject(value, place, file, fhirProperties));
    case 'dicom':
      return dicomEntry(new CheckedObject(value, place, file, dicomProperties), name);
    case 'medtech':
      return medtechEntry(new CheckedObject(value, place, file, medtechProperties), file);
    default:
      return entry.refuse('.kind', `one of ${kinds.join(', ')}`);
  }
}
