/** Files like those of a CT, as many as wanted, each with UIDs of its own, made by writing numbers into one pattern. */
import { attributes } from '../../shared/dicom/attributes.ts';
import { part10File, text, uint16 } from '../../shared/dicom/testing/part10-file.ts';

const digits = 9;
const zeros = '0'.repeat(digits);

export class CtImages {
  readonly #patterns = new Map<number, { file: Buffer; places: ReadonlyMap<string, readonly number[]> }>();
  #last = 0;

  /** The next image of `bytes`; without a study it has one of its own. */
  next(bytes: number, study?: number): Buffer {
    this.#last += 1;
    const pattern = this.#patterns.get(bytes) ?? patternOf(bytes);
    this.#patterns.set(bytes, pattern);
    const file = Buffer.from(pattern.file);
    const own = study ?? 1000 + this.#last;
    const texts = { S: number(own), I: number(this.#last), N: number(own % 50), D: dayOf(own) };
    for (const [key, value] of Object.entries(texts)) {
      for (const place of pattern.places.get(key) ?? []) file.write(value, place, 'latin1');
    }
    return file;
  }

  /** Of the `at`th image that was made, and the study that it was made for. */
  uids(study: number, at: number): { study: string; series: string; instance: string } {
    return { study: `1.9.1${number(study)}`, series: `1.9.2${number(study)}`, instance: `1.9.3${number(at)}` };
  }
}

function number(value: number): string {
  return String(value).padStart(digits, '0');
}

/** One of 28 days, so that a day has a share of the studies. */
function dayOf(study: number): string {
  return `202601${String(1 + (study % 28)).padStart(2, '0')}`;
}

function patternOf(bytes: number) {
  const mark = (key: string) => `${key}${zeros}`.slice(0, digits);
  const head = [
    text(attributes.sopClassUid, 'UI', '1.2.840.10008.5.1.4.1.1.2'),
    text(attributes.sopInstanceUid, 'UI', `1.9.3${mark('I')}`),
    text(attributes.studyDate, 'DA', 'D0000000'),
    text(0x00080030, 'TM', '101112'),
    text(attributes.accessionNumber, 'SH', mark('S')),
    text(attributes.modality, 'CS', 'CT'),
    text(0x00080070, 'LO', 'Maker'),
    text(attributes.referringPhysicianName, 'PN', 'Referring^Doctor'),
    text(attributes.studyDescription, 'LO', 'CT of the head'),
    text(attributes.patientName, 'PN', `Family${mark('N')}^Given`),
    text(attributes.patientId, 'LO', mark('S')),
    text(attributes.patientBirthDate, 'DA', '19700101'),
    text(0x00180050, 'DS', '1.25'),
    text(attributes.studyInstanceUid, 'UI', `1.9.1${mark('S')}`),
    text(attributes.seriesInstanceUid, 'UI', `1.9.2${mark('S')}`),
    text(0x00200013, 'IS', '1'),
    text(0x00200032, 'DS', '-125\\-125\\12.5'),
    text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0'),
    uint16(0x00280002, 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    uint16(0x00280010, 512),
    uint16(0x00280011, bytes / 1024),
    text(0x00280030, 'DS', '0.5\\0.5'),
    uint16(0x00280100, 16),
    uint16(0x00280101, 12),
    uint16(0x00280102, 11),
    uint16(0x00280103, 0),
    text(0x00281052, 'DS', '-1024'),
    text(0x00281053, 'DS', '1'),
    { tag: 0x7fe00010, vr: 'OW', value: Buffer.alloc(bytes, 7) },
  ];
  const file = part10File({ transferSyntax: '1.2.840.10008.1.2.1', elements: head });
  const places = new Map(['S', 'I', 'N'].map((key) => [key, placesOf(file, mark(key))]));
  return { file, places: places.set('D', placesOf(file, 'D0000000')) };
}

function placesOf(file: Buffer, text: string): number[] {
  const places: number[] = [];
  for (let at = file.indexOf(text); at >= 0; at = file.indexOf(text, at + 1)) places.push(at);
  return places;
}
