import path from 'node:path';
import { type MedtechSettings, type Resolution, resolutions } from '../medtech/service.ts';
import type { CorsRules } from '../operations/cors.ts';
import { audienceOf } from './audience-setting.ts';
import type { CheckedObject } from './checked-object.ts';
import { corsOf } from './cors-setting.ts';
import { readerOf } from './event-hubs-setting.ts';

export interface MedtechServiceEntry extends MedtechSettings {
  readonly kind: 'medtech';
  readonly maxBodyBytes: number;
  /** Absent: the issuers' own. */
  readonly audience?: readonly string[];
  /** Absent: pages of other origins, mapping tools among them, are allowed nothing. */
  readonly cors?: CorsRules;
}

export const medtechProperties = [
  'kind',
  'eventHub',
  'consumerGroup',
  'fhirService',
  'resolution',
  'strictIdentity',
  'subSecondIdentity',
  'defaultDeviceIdentifierSystem',
  'cacheSize',
  'deviceMapping',
  'fhirMapping',
  'maxBodyBytes',
  'audience',
  'cors',
];

/** AHDS: entries of its caches of devices and of observations. */
const defaultCacheSize = 5000;
const defaultMaxBodyBytes = 10 * 1024 * 1024;

/** `file`: workspace.json, to which the paths of the mappings are relative. */
export function medtechEntry(entry: CheckedObject, file: string): MedtechServiceEntry {
  const pathOf = (name: string) => entry.has(name) && { [name]: path.resolve(path.dirname(file), entry.text(name)) };
  return {
    kind: 'medtech',
    ...readerOf(entry),
    fhirService: entry.text('fhirService'),
    resolution: resolutionOf(entry),
    strictIdentity: entry.trueOrFalse('strictIdentity', true),
    subSecondIdentity: entry.trueOrFalse('subSecondIdentity', false),
    ...(entry.has('defaultDeviceIdentifierSystem') && {
      defaultDeviceIdentifierSystem: entry.text('defaultDeviceIdentifierSystem'),
    }),
    cacheSize: entry.wholeNumber('cacheSize', defaultCacheSize),
    ...pathOf('deviceMapping'),
    ...pathOf('fhirMapping'),
    maxBodyBytes: entry.wholeNumber('maxBodyBytes', defaultMaxBodyBytes),
    ...audienceOf(entry),
    ...corsOf(entry),
  };
}

/** AHDS: names in any case. */
function resolutionOf(entry: CheckedObject): Resolution {
  const given = entry.text('resolution', 'Lookup').toLowerCase();
  const known = resolutions.find((each) => each.toLowerCase() === given);
  return known ?? entry.refuse('.resolution', `one of ${resolutions.join(', ')}`);
}
