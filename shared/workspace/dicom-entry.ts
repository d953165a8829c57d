import type { EventSettings } from '../dicom/events/settings.ts';
import type { CorsRules } from '../operations/cors.ts';
import type { WorkLimits } from '../operations/work-gate.ts';
import { audienceOf } from './audience-setting.ts';
import type { CheckedObject } from './checked-object.ts';
import { corsOf } from './cors-setting.ts';
import { eventsOf } from './event-settings.ts';
import { workLimitsOf } from './work-limits.ts';

export interface DicomServiceEntry {
  readonly kind: 'dicom';
  /** Keeps the 128 bytes before a file's prefix; AHDS writes zeros over them. */
  readonly keepPreamble: boolean;
  /** Addresses name a data partition; AHDS: chosen when the service is made. */
  readonly partitions: boolean;
  /** Metadata has a URI for each binary value; AHDS leaves them out. */
  readonly bulkData: boolean;
  /** Files that are dropped into the import container are stored; AHDS: off unless asked for. */
  readonly bulkImport: boolean;
  readonly maxBodyBytes: number;
  readonly requests: WorkLimits;
  /** Absent: nobody is told of what happens to instances. */
  readonly events?: EventSettings;
  /** Absent: the issuers' own. */
  readonly audience?: readonly string[];
  /** Absent: pages of other origins, viewers among them, are allowed nothing. */
  readonly cors?: CorsRules;
}

export const dicomProperties = [
  'kind',
  'keepPreamble',
  'partitions',
  'bulkData',
  'bulkImport',
  'maxBodyBytes',
  'requests',
  'events',
  'cors',
];

/** AHDS: 4 GB in a request. */
const defaultMaxBodyBytes = 4 * 1024 * 1024 * 1024;

export function dicomEntry(entry: CheckedObject, name: string): DicomServiceEntry {
  return {
    kind: 'dicom',
    keepPreamble: entry.trueOrFalse('keepPreamble', false),
    partitions: entry.trueOrFalse('partitions', false),
    bulkData: entry.trueOrFalse('bulkData', false),
    bulkImport: entry.trueOrFalse('bulkImport', false),
    maxBodyBytes: entry.wholeNumber('maxBodyBytes', defaultMaxBodyBytes),
    requests: workLimitsOf(entry),
    ...eventsOf(entry, name),
    ...audienceOf(entry),
    ...corsOf(entry),
  };
}
