/** What every service can be searched by, and what answers show by default. Source: AHDS's conformance statements v1 and v2. */
import type { Level } from '../../stores/imaging/imaging-index.ts';
import { attributes } from '../attributes.ts';
import type { Tag } from '../part10/data-set.ts';

export interface SearchAttribute {
  readonly tag: Tag;
  readonly keyword: string;
  readonly vr: string;
  readonly level: Level;
}

const of = (level: Level, vr: string, keyword: string, tag: Tag): SearchAttribute => ({ level, vr, keyword, tag });

/** UIDs are not here: they are the keys of their levels. */
export const coreAttributes: readonly SearchAttribute[] = [
  of('study', 'PN', 'PatientName', attributes.patientName),
  of('study', 'LO', 'PatientID', attributes.patientId),
  of('study', 'DA', 'PatientBirthDate', attributes.patientBirthDate),
  of('study', 'SH', 'AccessionNumber', attributes.accessionNumber),
  of('study', 'PN', 'ReferringPhysicianName', attributes.referringPhysicianName),
  of('study', 'DA', 'StudyDate', attributes.studyDate),
  of('study', 'LO', 'StudyDescription', attributes.studyDescription),
  of('series', 'CS', 'Modality', attributes.modality),
  of('series', 'DA', 'PerformedProcedureStepStartDate', attributes.performedProcedureStepStartDate),
  of('series', 'LO', 'ManufacturerModelName', attributes.manufacturerModelName),
];

/** The attribute whose value is the key of a level. */
export const uidOf: Readonly<Record<Level, Tag>> = {
  study: attributes.studyInstanceUid,
  series: attributes.seriesInstanceUid,
  instance: attributes.sopInstanceUid,
};

type Tags = Readonly<Record<Level, readonly Tag[]>>;

export const shownInV2: Tags = {
  study: [
    attributes.studyInstanceUid,
    attributes.studyDate,
    attributes.studyDescription,
    attributes.accessionNumber,
    attributes.referringPhysicianName,
    attributes.patientName,
    attributes.patientId,
    attributes.patientBirthDate,
  ],
  series: [
    attributes.seriesInstanceUid,
    attributes.modality,
    attributes.performedProcedureStepStartDate,
    attributes.manufacturerModelName,
  ],
  instance: [attributes.sopInstanceUid],
};

export const shownInV1: Tags = {
  study: [
    attributes.specificCharacterSet,
    attributes.studyDate,
    attributes.studyTime,
    attributes.accessionNumber,
    attributes.instanceAvailability,
    attributes.referringPhysicianName,
    attributes.timezoneOffsetFromUtc,
    attributes.patientName,
    attributes.patientId,
    attributes.patientBirthDate,
    attributes.patientSex,
    attributes.studyInstanceUid,
    attributes.studyId,
  ],
  series: [
    attributes.specificCharacterSet,
    attributes.modality,
    attributes.timezoneOffsetFromUtc,
    attributes.seriesDescription,
    attributes.seriesInstanceUid,
    attributes.performedProcedureStepStartDate,
    0x00400245,
    0x00400275,
  ],
  instance: [
    attributes.specificCharacterSet,
    attributes.sopClassUid,
    attributes.sopInstanceUid,
    attributes.instanceAvailability,
    attributes.timezoneOffsetFromUtc,
    0x00200013,
    0x00280010,
    0x00280011,
    0x00280100,
    0x00280008,
  ],
};

/** What `includefield=all` adds to both. */
const shownInAll: Tags = {
  study: [
    0x00080063, 0x00081032, 0x00081060, 0x00081080, 0x00081110, 0x00101010, 0x00101020, 0x00101030, 0x00102180,
    0x001021b0,
  ],
  series: [0x00200011, 0x00200060, 0x00080021, 0x00080031],
  instance: [],
};

/** Everything that an answer can show without looking into the metadata. */
export const shownOf = (level: Level): ReadonlySet<Tag> =>
  new Set([...shownInV2[level], ...shownInV1[level], ...shownInAll[level]]);
