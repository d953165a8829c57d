import type { VersioningPolicy } from '../fhir/interactions/versioning.ts';
import { defaultSubscriptionSettings, type SubscriptionSettings } from '../fhir/subscriptions/settings.ts';
import type { CorsRules } from '../operations/cors.ts';
import type { WorkLimits } from '../operations/work-gate.ts';
import { allowedOrigins } from './allowed-origins.ts';
import { audienceOf } from './audience-setting.ts';
import type { CheckedObject } from './checked-object.ts';
import { corsOf } from './cors-setting.ts';
import { workLimitsOf } from './work-limits.ts';

export interface FhirServiceEntry {
  readonly kind: 'fhir';
  /** Entries that a batch or transaction may have; AHDS: 500. */
  readonly maxBundleEntries: number;
  readonly maxBodyBytes: number;
  readonly requests: WorkLimits;
  /** Whether every create and update is validated against its profiles; AHDS: no. */
  readonly validateProfiles: boolean;
  /** `_text` and `_content` find resources by their words. */
  readonly fullText?: boolean | undefined;
  /** Searches for a date find what lies within it, as FHIR says, not what overlaps it, as AHDS does. */
  readonly dateContainment: boolean;
  /** By resource type, and `default` for the others. */
  readonly versioning?: Readonly<Record<string, VersioningPolicy>>;
  readonly subscriptions?: SubscriptionSettings;
  /** Absent: the issuers' own. */
  readonly audience?: readonly string[];
  /** Absent: pages of other origins are allowed nothing. */
  readonly cors?: CorsRules;
}

export const fhirProperties = [
  'kind',
  'maxBundleEntries',
  'maxBodyBytes',
  'requests',
  'validateProfiles',
  'fullText',
  'dateContainment',
  'versioning',
  'subscriptions',
  'audience',
  'cors',
];

const defaultMaxBundleEntries = 500;
const defaultMaxBodyBytes = 50 * 1024 * 1024;
const policies: readonly VersioningPolicy[] = ['versioned', 'versioned-update', 'no-version'];

export function fhirEntry(entry: CheckedObject): FhirServiceEntry {
  return {
    kind: 'fhir',
    maxBundleEntries: entry.wholeNumber('maxBundleEntries', defaultMaxBundleEntries),
    maxBodyBytes: entry.wholeNumber('maxBodyBytes', defaultMaxBodyBytes),
    requests: workLimitsOf(entry),
    validateProfiles: entry.trueOrFalse('validateProfiles', false),
    fullText: entry.trueOrFalse('fullText', false),
    dateContainment: entry.trueOrFalse('dateContainment', false),
    ...(entry.has('versioning') && { versioning: versioningPolicies(entry.object('versioning')) }),
    ...(entry.has('subscriptions') && { subscriptions: subscriptionSettings(entry) }),
    ...audienceOf(entry),
    ...corsOf(entry),
  };
}

function versioningPolicies(given: CheckedObject): Record<string, VersioningPolicy> {
  const named = given.entries().map(([type, policy]) => {
    const known = policies.find((each) => each === policy);
    if (!/^(default|[A-Z][A-Za-z]+)$/.test(type)) given.refuse(`.${type}`, 'a resource type or default');
    return [type, known ?? given.refuse(`.${type}`, `one of ${policies.join(', ')}`)] as const;
  });
  return Object.fromEntries(named);
}

function subscriptionSettings(entry: CheckedObject): SubscriptionSettings {
  const { allow: _, ...numbers } = defaultSubscriptionSettings;
  const given = entry.object('subscriptions', Object.keys(defaultSubscriptionSettings));
  const number = (name: keyof typeof numbers) => given.wholeNumber(name, numbers[name]);
  return {
    allow: allowedOrigins(given),
    timeoutSeconds: number('timeoutSeconds'),
    retrySeconds: number('retrySeconds'),
    errorAfter: number('errorAfter'),
    offAfter: number('offAfter'),
  };
}
