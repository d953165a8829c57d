import { fold, type StringValue } from '../../stores/resources/index-entry.ts';
import { isObject } from '../resource/json.ts';
import { textOf, textsOf } from './element-text.ts';
import type { ElementIndexer, IndexedElement } from './index-element.ts';

const partsOf: Readonly<Record<string, readonly string[]>> = {
  HumanName: ['family', 'given', 'prefix', 'suffix', 'text'],
  Address: ['line', 'city', 'district', 'state', 'postalCode', 'country', 'text'],
  CodeableConcept: ['text'],
  Annotation: ['text'],
};
const texts = new Set(['string', 'markdown', 'code', 'id', 'uri', 'url', 'canonical']);

/** FHIR R4 3.1.1.4.8: a name or an address is found by each of its parts. */
export function stringIndexer({ type }: IndexedElement): ElementIndexer | undefined {
  if (texts.has(type)) {
    return (value) => {
      const text = textOf(value);
      return text === undefined ? [] : [stringValue(text)];
    };
  }
  const parts = partsOf[type];
  return parts && ((value) => (isObject(value) ? textsOf(value, parts).map(stringValue) : []));
}

function stringValue(text: string): StringValue {
  return { kind: 'string', folded: fold(text), exact: text };
}
