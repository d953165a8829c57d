/** Turns one element into the values that a search finds it by. FHIR R4 3.1.1.4.4 to 3.1.1.4.12; differences are AHDS's. */
import type { SimpleValue } from '../../stores/resources/index-entry.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { JsonValue } from '../resource/types.ts';
import { dateIndexer } from './index-date.ts';
import { numberIndexer } from './index-number.ts';
import { quantityIndexer } from './index-quantity.ts';
import { referenceIndexer } from './index-reference.ts';
import { stringIndexer } from './index-string.ts';
import { tokenIndexer } from './index-token.ts';
import { uriIndexer } from './index-uri.ts';

/** An element as its definition describes it. */
export interface IndexedElement {
  readonly type: string;
  /** `Patient.gender`; empty when it is not known. */
  readonly element: string;
}

export interface IndexedParameter {
  readonly type: string;
  readonly targets: readonly string[];
}

/** The values of an element; none for data that the type does not allow. `base` is the service's absolute URL. */
export type ElementIndexer = (value: JsonValue, base: string) => readonly SimpleValue[];

const indexers: Readonly<
  Record<
    string,
    (element: IndexedElement, parameter: IndexedParameter, definitions: Definitions) => ElementIndexer | undefined
  >
> = {
  string: stringIndexer,
  token: tokenIndexer,
  date: dateIndexer,
  number: numberIndexer,
  quantity: quantityIndexer,
  uri: uriIndexer,
  reference: referenceIndexer,
};

/** Undefined when elements of this type have nothing that a parameter of this type could find. */
export function elementIndexer(
  element: IndexedElement,
  parameter: IndexedParameter,
  definitions: Definitions,
): ElementIndexer | undefined {
  return indexers[parameter.type]?.(element, parameter, definitions);
}
