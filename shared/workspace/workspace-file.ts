/** workspace.json: the workspace's name and its services. Every message names the file, the place in it, and the rule. */
import { readFileSync } from 'node:fs';
import type { CorsRules } from '../operations/cors.ts';
import { corsSetting } from './cors-setting.ts';
import { StartError } from './start-error.ts';

export interface FhirServiceEntry {
  readonly kind: 'fhir';
  /** Entries that a batch or transaction may have; AHDS: 500. */
  readonly maxBundleEntries: number;
  readonly maxBodyBytes: number;
  /** By resource type, and `default` for the others. */
  readonly versioning?: Readonly<Record<string, VersioningPolicy>>;
  /** Absent: pages of other origins are allowed nothing. */
  readonly cors?: CorsRules;
  /** Whether every create and update is validated against its profiles; AHDS: no. */
  readonly validateProfiles: boolean;
}

export type VersioningPolicy = 'versioned' | 'versioned-update' | 'no-version';

/** What one service of the workspace is; more kinds join here. */
export type ServiceEntry = FhirServiceEntry;

export interface WorkspaceFile {
  readonly name: string;
  /** By the service's name, its first path segment. In the file's order. */
  readonly services: ReadonlyMap<string, ServiceEntry>;
}

const namePattern = /^[a-z][a-z0-9-]{0,62}$/;
/** `health` is the workspace's own; the Functions host keeps the other two. */
const reservedNames = ['health', 'admin', 'runtime'];
const kinds = ['fhir', 'dicom', 'medtech'];
const defaultMaxBundleEntries = 500;
const defaultMaxBodyBytes = 50 * 1024 * 1024;

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
  const root = objectAt(value, '$', file, ['name', 'services']);
  const services = objectAt(root.services, '$.services', file);
  if (typeof root.name !== 'string' || !namePattern.test(root.name)) refuse(file, '$.name', nameRule);
  if (Object.keys(services).length === 0) refuse(file, '$.services', 'at least one service');
  const entries = Object.entries(services).map(([name, entry]) => [name, serviceEntry(name, entry, file)] as const);
  return { name: root.name, services: new Map(entries) };
}

const nameRule = 'a lower-case letter, then at most 62 lower-case letters, digits and hyphens';

function serviceEntry(name: string, value: unknown, file: string): ServiceEntry {
  const place = `$.services.${name}`;
  if (!namePattern.test(name)) refuse(file, place, `a name of ${nameRule}`);
  if (reservedNames.includes(name)) refuse(file, place, `another name: ${reservedNames.join(', ')} are reserved`);
  const { kind } = objectAt(value, place, file);
  if (typeof kind !== 'string' || !kinds.includes(kind)) refuse(file, `${place}.kind`, `one of ${kinds.join(', ')}`);
  if (kind !== 'fhir') refuse(file, `${place}.kind`, `"fhir": this version does not have ${kind} services yet`);
  const properties = ['kind', 'maxBundleEntries', 'maxBodyBytes', 'validateProfiles', 'versioning', 'cors'];
  const entry = objectAt(value, place, file, properties);
  return {
    kind,
    maxBundleEntries: wholeNumber(entry.maxBundleEntries, defaultMaxBundleEntries, `${place}.maxBundleEntries`, file),
    maxBodyBytes: wholeNumber(entry.maxBodyBytes, defaultMaxBodyBytes, `${place}.maxBodyBytes`, file),
    ...(entry.versioning !== undefined && {
      versioning: versioningPolicies(entry.versioning, `${place}.versioning`, file),
    }),
    ...(entry.cors !== undefined && {
      cors: corsSetting(entry.cors, (below, expected) => refuse(file, `${place}.cors${below}`, expected)),
    }),
    validateProfiles: trueOrFalse(entry.validateProfiles, false, `${place}.validateProfiles`, file),
  };
}

const policies: readonly VersioningPolicy[] = ['versioned', 'versioned-update', 'no-version'];

function versioningPolicies(value: unknown, place: string, file: string): Record<string, VersioningPolicy> {
  const named = Object.entries(objectAt(value, place, file)).map(([type, policy]) => {
    const known = policies.find((each) => each === policy);
    if (!/^(default|[A-Z][A-Za-z]+)$/.test(type)) refuse(file, `${place}.${type}`, 'a resource type or default');
    return [type, known ?? refuse(file, `${place}.${type}`, `one of ${policies.join(', ')}`)] as const;
  });
  return Object.fromEntries(named);
}

function objectAt(value: unknown, place: string, file: string, known?: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(file, place, 'an object');
  const unknown = known && Object.keys(value).find((property) => !known.includes(property));
  if (unknown !== undefined) refuse(file, `${place}.${unknown}`, `one of the properties ${known?.join(', ')}`);
  return value as Record<string, unknown>;
}

function wholeNumber(value: unknown, fallback: number, place: string, file: string): number {
  if (value === undefined) return fallback;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  return refuse(file, place, 'a whole number above 0');
}

function trueOrFalse(value: unknown, fallback: boolean, place: string, file: string): boolean {
  if (value === undefined) return fallback;
  if (typeof value === 'boolean') return value;
  return refuse(file, place, 'true or false');
}

function refuse(file: string, place: string, expected: string): never {
  throw new StartError(`${file}: ${place} must be ${expected}.`);
}
