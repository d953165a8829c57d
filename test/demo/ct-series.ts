/** A CT of a head that never was: ellipses of bone, brain and fluid with the noise of a scanner, always the same. */
import { attributes } from '../../shared/dicom/attributes.ts';
import { part10File, text, uint16 } from '../../shared/dicom/testing/part10-file.ts';
import { seededRandom } from './random.ts';

export const demoStudy = '2.25.2024031100';
export const demoSeries = '2.25.2024031101';
export const demoSlices = 20;
const size = 256;
const millimetres = 220 / size;
const sliceDistance = 6;

/** The instance of slice 1, 2, 3 … */
export function demoInstance(slice: number): string {
  return `2.25.${20240311000 + slice}`;
}

/** The series as Part 10 files, from the skull's base up. */
export function ctSeries(): Buffer[] {
  const noise = seededRandom(20240311).next;
  return Array.from({ length: demoSlices }, (_, at) => sliceFile(at + 1, noise));
}

function sliceFile(slice: number, noise: () => number): Buffer {
  const height = (slice - 1) * sliceDistance;
  const elements = [
    text(attributes.specificCharacterSet, 'CS', 'ISO_IR 192'),
    text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'),
    text(attributes.sopClassUid, 'UI', '1.2.840.10008.5.1.4.1.1.2'),
    text(attributes.sopInstanceUid, 'UI', demoInstance(slice)),
    text(attributes.studyDate, 'DA', '20240311'),
    text(attributes.studyTime, 'TM', '101500'),
    text(attributes.accessionNumber, 'SH', 'DEMO-1'),
    text(attributes.modality, 'CS', 'CT'),
    text(attributes.referringPhysicianName, 'PN', 'Okafor^Ngozi'),
    text(attributes.studyDescription, 'LO', 'CT of the head'),
    text(attributes.seriesDescription, 'LO', 'Axial, 6 mm'),
    text(attributes.patientName, 'PN', 'Lindqvist^Anna'),
    text(attributes.patientId, 'LO', 'demo-1-anna'),
    text(attributes.patientBirthDate, 'DA', '19810623'),
    text(attributes.patientSex, 'CS', 'F'),
    text(0x00180050, 'DS', String(sliceDistance)),
    text(0x00180060, 'DS', '120'),
    text(attributes.studyInstanceUid, 'UI', demoStudy),
    text(attributes.seriesInstanceUid, 'UI', demoSeries),
    text(attributes.studyId, 'SH', '1'),
    text(0x00200011, 'IS', '1'),
    text(0x00200013, 'IS', String(slice)),
    text(0x00200032, 'DS', `-110\\-110\\${height}`),
    text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0'),
    text(0x00200052, 'UI', '2.25.2024031102'),
    uint16(0x00280002, 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    uint16(0x00280010, size),
    uint16(0x00280011, size),
    text(0x00280030, 'DS', `${millimetres}\\${millimetres}`),
    uint16(0x00280100, 16),
    uint16(0x00280101, 12),
    uint16(0x00280102, 11),
    uint16(0x00280103, 0),
    text(0x00281050, 'DS', '40'),
    text(0x00281051, 'DS', '120'),
    text(0x00281052, 'DS', '-1024'),
    text(0x00281053, 'DS', '1'),
    text(0x00281054, 'LO', 'HU'),
    { tag: 0x7fe00010, vr: 'OW', value: pixels(height, noise) },
  ];
  return part10File({ transferSyntax: '1.2.840.10008.1.2.1', elements });
}

/** An ellipsoid in millimetres from the middle of the head, and its density in Hounsfield units. */
interface Body {
  readonly at: readonly [number, number, number];
  readonly radii: readonly [number, number, number];
  readonly density: number;
}

const air = -1000;
/** The later ones lie in the earlier ones. */
const bodies: readonly Body[] = [
  { at: [0, 0, 0], radii: [80, 98, 92], density: 20 },
  { at: [0, 0, 0], radii: [76, 94, 88], density: 950 },
  { at: [0, 0, 0], radii: [69, 87, 81], density: 36 },
  { at: [-11, -10, 12], radii: [7, 27, 20], density: 6 },
  { at: [11, -10, 12], radii: [7, 27, 20], density: 6 },
  { at: [0, 14, 0], radii: [3, 12, 14], density: 6 },
  { at: [34, 26, 10], radii: [15, 12, 16], density: 68 },
  { at: [-30, -78, -40], radii: [13, 13, 10], density: air },
];

function pixels(height: number, noise: () => number): Buffer {
  const bytes = Buffer.alloc(size * size * 2);
  const z = height - 57;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const [x, y] = [(column - size / 2) * millimetres, (row - size / 2) * millimetres];
      const density = densityAt(x, y, z) + (noise() + noise() + noise() - 1.5) * 14;
      bytes.writeUInt16LE(Math.min(Math.max(Math.round(density + 1024), 0), 4095), (row * size + column) * 2);
    }
  }
  return bytes;
}

function densityAt(x: number, y: number, z: number): number {
  let density = air;
  for (const { at, radii, density: own } of bodies) {
    const [dx, dy, dz] = [(x - at[0]) / radii[0], (y - at[1]) / radii[1], (z - at[2]) / radii[2]];
    if (dx * dx + dy * dy + dz * dz <= 1) density = own;
  }
  return density;
}
