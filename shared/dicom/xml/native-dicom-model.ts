/** A data set as XML: the Native DICOM Model. Source: DICOM PS3.19, A.1; what it says is what DICOM JSON says (PS3.18, F.3). */
import { keywordOf } from '../dictionary/keyword-of-tag.ts';
import type { DicomJson, DicomJsonElement, DicomValue } from '../json/dicom-json.ts';
import { firstText } from '../json/element-values.ts';
import type { PersonName } from '../json/person-name.ts';

const namespace = 'http://dicom.nema.org/PS3.19/models/NativeDICOM';

/** The document, without blanks between its elements. */
export function nativeDicomModel(dataSet: DicomJson): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<NativeDicomModel xmlns="${namespace}">${attributesOf(dataSet)}</NativeDicomModel>`;
}

function attributesOf(dataSet: DicomJson): string {
  let xml = '';
  // Objects give names that are whole numbers first.
  const elements = Object.entries(dataSet).sort(([one], [other]) => (one < other ? -1 : 1));
  for (const [tag, element] of elements) {
    const { vr } = element;
    xml += `<DicomAttribute ${nameOf(tag, dataSet)} vr="${escaped(vr)}">${contentOf(element)}</DicomAttribute>`;
  }
  return xml;
}

/** A private tag is written without its block, whose creator stands beside it; without creator the block is all there is. */
function nameOf(tag: string, dataSet: DicomJson): string {
  const group = tag.slice(0, 4);
  const isPrivate = Number.parseInt(group, 16) % 2 === 1;
  if (!isPrivate) {
    const keyword = keywordOf(Number.parseInt(tag, 16));
    return keyword === undefined ? `tag="${tag}"` : `tag="${tag}" keyword="${keyword}"`;
  }
  const block = tag.slice(4, 6);
  const creator = block === '00' ? '' : firstText(dataSet, `${group}00${block}`);
  if (creator === '') return `tag="${tag}"`;
  return `tag="${group}00${tag.slice(6)}" privateCreator="${escaped(creator)}"`;
}

function contentOf({ vr, Value = [], InlineBinary, BulkDataURI }: DicomJsonElement): string {
  if (InlineBinary !== undefined) return `<InlineBinary>${escaped(InlineBinary)}</InlineBinary>`;
  if (BulkDataURI !== undefined) return `<BulkData uri="${escaped(BulkDataURI)}"/>`;
  return Value.map((value, at) => valueXml(vr, value, at + 1)).join('');
}

/** An empty value is left out: the numbers of the others tell. */
function valueXml(vr: string, value: DicomValue, number: number): string {
  if (vr === 'SQ') return `<Item number="${number}">${attributesOf((value ?? {}) as DicomJson)}</Item>`;
  if (value === null) return '';
  if (vr === 'PN') return `<PersonName number="${number}">${nameGroups(value as PersonName)}</PersonName>`;
  return `<Value number="${number}">${escaped(String(value))}</Value>`;
}

const nameParts = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'] as const;

function nameGroups({ Alphabetic, Ideographic, Phonetic }: PersonName): string {
  return Object.entries({ Alphabetic, Ideographic, Phonetic })
    .map(([group, name]) => (name === undefined ? '' : `<${group}>${partsOf(name)}</${group}>`))
    .join('');
}

/** What a wrong name has behind the fifth part stays in the fifth. */
function partsOf(name: string): string {
  const given = name.split('^');
  const parts = [...given.slice(0, 4), given.slice(4).join('^')];
  return nameParts.map((part, at) => (parts[at] ? `<${part}>${escaped(parts[at])}</${part}>` : '')).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** What is not written as itself: marks of XML, CR (which would be read as a line feed), and what XML 1.0 does not have. */
const other = /[^\t\n !#-%'-;=?-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Control characters, which XML 1.0 cannot write, become U+FFFD. */
function escaped(text: string): string {
  return text.replace(other, (character) => entities[character] ?? '\ufffd');
}
