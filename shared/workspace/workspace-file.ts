/** workspace.json: the workspace's name and its services. Every message names the file, the place in it, and the rule. */
import { readFileSync } from 'node:fs';
import { defaultSubscriptionSettings, type SubscriptionSettings } from '../fhir/subscriptions/settings.ts';
import { StartError } from './start-error.ts';

export interface FhirServiceEntry {
  readonly kind: 'fhir';
  /** Entries that a batch or transaction may have; AHDS: 500. */
  readonly maxBundleEntries: number;
  readonly maxBodyBytes: number;
  /** Whether every create and update is validated against its profiles; AHDS: no. */
  readonly validateProfiles: boolean;
  readonly subscriptions?: SubscriptionSettings;
}

export interface DicomServiceEntry {
  readonly kind: 'dicom';
  /** Keeps the 128 bytes before a file's prefix; AHDS writes zeros over them. */
  readonly keepPreamble: boolean;
  /** Addresses name a data partition; AHDS: chosen when the service is made. */
  readonly partitions: boolean;
  readonly maxBodyBytes: number;
}

/** What one service of the workspace is; more kinds join here. */
export type ServiceEntry = FhirServiceEntry | DicomServiceEntry;

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
/** AHDS: 4 GB in a request. */
const defaultMaxStoreBytes = 4 * 1024 * 1024 * 1024;

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
  if (kind === 'medtech')
    refuse(file, `${place}.kind`, '"fhir" or "dicom": this version does not have medtech services yet');
  if (kind === 'dicom') return dicomEntry(value, place, file);
  const known = ['kind', 'maxBundleEntries', 'maxBodyBytes', 'validateProfiles', 'subscriptions'];
  const entry = objectAt(value, place, file, known);
  return {
    kind: 'fhir',
    maxBundleEntries: wholeNumber(entry.maxBundleEntries, defaultMaxBundleEntries, `${place}.maxBundleEntries`, file),
    maxBodyBytes: wholeNumber(entry.maxBodyBytes, defaultMaxBodyBytes, `${place}.maxBodyBytes`, file),
    validateProfiles: trueOrFalse(entry.validateProfiles, false, `${place}.validateProfiles`, file),
    ...(entry.subscriptions !== undefined && {
      subscriptions: subscriptionSettings(entry.subscriptions, `${place}.subscriptions`, file),
    }),
  };
}

function dicomEntry(value: unknown, place: string, file: string): DicomServiceEntry {
  const entry = objectAt(value, place, file, ['kind', 'keepPreamble', 'partitions', 'maxBodyBytes']);
  return {
    kind: 'dicom',
    keepPreamble: trueOrFalse(entry.keepPreamble, false, `${place}.keepPreamble`, file),
    partitions: trueOrFalse(entry.partitions, false, `${place}.partitions`, file),
    maxBodyBytes: wholeNumber(entry.maxBodyBytes, defaultMaxStoreBytes, `${place}.maxBodyBytes`, file),
  };
}

function trueOrFalse(value: unknown, fallback: boolean, place: string, file: string): boolean {
  if (value === undefined) return fallback;
  return typeof value === 'boolean' ? value : refuse(file, place, 'true or false');
}

function subscriptionSettings(value: unknown, place: string, file: string): SubscriptionSettings {
  const { allow: allowed, ...numbers } = defaultSubscriptionSettings;
  const given = objectAt(value, place, file, Object.keys(defaultSubscriptionSettings));
  const allow = given.allow ?? allowed;
  if (!Array.isArray(allow) || !allow.every(isOrigin)) {
    refuse(file, `${place}.allow`, 'a list of origins like "http://localhost:*" and "https://10.0.0.5"');
  }
  const number = (name: keyof typeof numbers) => wholeNumber(given[name], numbers[name], `${place}.${name}`, file);
  return {
    allow,
    timeoutSeconds: number('timeoutSeconds'),
    retrySeconds: number('retrySeconds'),
    errorAfter: number('errorAfter'),
    offAfter: number('offAfter'),
  };
}

/** `http://host`, `http://host:8080`, or `http://host:*` for every port. */
function isOrigin(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const origin = value.replace(/:\*$/, '');
  return !origin.includes('*') && URL.canParse(origin) && new URL(origin).origin === origin;
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

function refuse(file: string, place: string, expected: string): never {
  throw new StartError(`${file}: ${place} must be ${expected}.`);
}
