/** For tests: what a Native DICOM Model says, as DICOM JSON whose numbers are texts. Read by a parser of XML. */
import { XMLParser } from 'fast-xml-parser';
import type { DicomJson, DicomValue } from '../../shared/dicom/json/dicom-json.ts';

interface XmlValue {
  readonly number: string;
  readonly text?: string;
}
type NameGroup = Readonly<Record<string, string>>;
interface XmlAttribute {
  readonly tag: string;
  readonly vr: string;
  readonly privateCreator?: string;
  readonly Value?: readonly XmlValue[];
  readonly PersonName?: readonly (XmlValue & Readonly<Record<string, NameGroup>>)[];
  readonly Item?: readonly XmlItem[];
}
interface XmlItem {
  readonly DicomAttribute?: readonly XmlAttribute[];
}

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  textNodeName: 'text',
  alwaysCreateTextNode: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
  isArray: (name) => ['DicomAttribute', 'Value', 'PersonName', 'Item'].includes(name),
});

export function fromNativeDicomModel(xml: string): DicomJson {
  const { NativeDicomModel } = parser.parse(xml, true) as { NativeDicomModel: XmlItem };
  return dataSet(NativeDicomModel);
}

/** As it would be had from XML: no empty values or carets at the end, numbers as texts. */
export function withTexts(json: DicomJson): DicomJson {
  return Object.fromEntries(
    Object.entries(json).map(([tag, { vr, Value = [] }]) => {
      const values = Value.map((value): DicomValue => {
        if (vr === 'SQ') return withTexts((value ?? {}) as DicomJson);
        if (value === null) return null;
        if (vr !== 'PN') return String(value);
        return Object.fromEntries(Object.entries(value).map(([group, name]) => [group, name.replace(/\^+$/, '')]));
      });
      while (values.at(-1) === null) values.pop();
      return [tag, values.length === 0 ? { vr } : { vr, Value: values }];
    }),
  );
}

function dataSet({ DicomAttribute = [] }: XmlItem): DicomJson {
  return Object.fromEntries(
    DicomAttribute.map((attribute) => {
      const { tag, vr, privateCreator, Value = [], PersonName = [], Item = [] } = attribute;
      const values: DicomValue[] = Item.map(dataSet);
      for (const { number, text = '' } of Value) values[Number(number) - 1] = text;
      for (const { number, text, ...groups } of PersonName) values[Number(number) - 1] = name(groups);
      const all = Array.from(values, (value) => value ?? null);
      const block = privateCreator === undefined ? undefined : blockOf(privateCreator, tag, DicomAttribute);
      const fullTag = block === undefined ? tag : tag.slice(0, 4) + block + tag.slice(6);
      return [fullTag, all.length === 0 ? { vr } : { vr, Value: all }];
    }),
  );
}

function blockOf(creator: string, tag: string, attributes: readonly XmlAttribute[]): string | undefined {
  const reserved = attributes.find(
    (each) =>
      each.privateCreator === undefined &&
      each.tag.startsWith(tag.slice(0, 4)) &&
      each.Value?.[0]?.text?.trim() === creator,
  );
  return reserved?.tag.slice(6);
}

function name(groups: Readonly<Record<string, NameGroup>>): Record<string, string> {
  const parts = ['FamilyName', 'GivenName', 'MiddleName', 'NamePrefix', 'NameSuffix'];
  return Object.fromEntries(
    Object.entries(groups).map(([group, given]) => {
      return [
        group,
        parts
          .map((part) => given[part] ?? '')
          .join('^')
          .replace(/\^+$/, ''),
      ];
    }),
  );
}
