/**
 * What a search can find a resource by: one entry per value of a search parameter.
 * Source: FHIR R4 3.1.1.4 (search parameter types) and 3.1.1.5 (which element types each covers).
 *
 * Every store keeps the same entries, so that a search means the same on each of them.
 */

/** A search parameter of one resource type, `Patient.family`; of every type, `Resource._tag`. */
export type ParameterKey = `${string}.${string}`;

/** Milliseconds since 1970 (UTC); an open end of a period is `OPEN_LOW` or `OPEN_HIGH`. */
export type Instant = number;
export const OPEN_LOW: Instant = -8.64e15;
export const OPEN_HIGH: Instant = 8.64e15;

/** `folded` has case and accents removed (see `fold`); `exact` is the text as the resource has it. */
export interface StringValue {
  kind: 'string';
  folded: string;
  exact: string;
}

/** `null` says that the resource has no system or no code; `text` is the folded display or text. */
export interface TokenValue {
  kind: 'token';
  system: string | null;
  code: string | null;
  text: string | null;
}

/** Both ends inclusive: `2024` is 2024-01-01T00:00:00.000Z to 2024-12-31T23:59:59.999Z. */
export interface DateValue {
  kind: 'date';
  low: Instant;
  high: Instant;
}

/** A plain number has `low === high`. */
export interface NumberValue {
  kind: 'number';
  low: number;
  high: number;
}

export interface QuantityValue {
  kind: 'quantity';
  system: string | null;
  code: string | null;
  low: number;
  high: number;
  /** The same in the base units of UCUM, where the unit can be converted: `g`, `g.m-1.s-2`. */
  canonical?: { unit: string; low: number; high: number };
}

export interface UriValue {
  kind: 'uri';
  uri: string;
}

/** `base` is null for a resource of this service; `type` is null where neither text nor definition tells it. */
export interface ReferenceValue {
  kind: 'reference';
  base: string | null;
  type: string | null;
  id: string;
}

/** A place on the earth as a point of the unit sphere: neither poles nor the date line are special there. */
export interface PointValue {
  kind: 'point';
  x: number;
  y: number;
  z: number;
}

export type SimpleValue =
  | StringValue
  | TokenValue
  | DateValue
  | NumberValue
  | QuantityValue
  | UriValue
  | ReferenceValue
  | PointValue;

/** The values of a composite parameter that stand together in one element, in the order of its components. */
export interface CompositeValue {
  kind: 'composite';
  parts: SimpleValue[];
}

export type IndexValue = SimpleValue | CompositeValue;
export type IndexKind = IndexValue['kind'];
/** The words of a resource for full-text search, folded: no parameter's value, so nothing sorts by it. */
export interface TextEntry {
  /** The narrative; everything else. */
  param: 'Resource._text' | 'Resource._content';
  kind: 'text';
  text: string;
}

export type ParameterEntry = { param: ParameterKey } & IndexValue;
export type IndexEntry = ParameterEntry | TextEntry;

/**
 * The form in which string searches compare: decomposed, without combining marks, lower case, runs of white space as one.
 * FHIR R4 3.1.1.4.8: string search ignores case and accents.
 */
export function fold(text: string): string {
  const ascii = /^[\x20-\x7e]*$/.test(text);
  const plain = ascii ? text : text.normalize('NFKD').replace(/\p{M}+/gu, '');
  return plain.toLowerCase().replace(/\s+/g, ' ').trim();
}
