/**
 * JSON as device mappings see it. Newtonsoft.Json, whose behaviour the mappings were written for, keeps apart what
 * JavaScript does not: whole numbers and others (`72` and `72.0`), texts and dates. A value here is the plain JavaScript
 * one wherever its kind can be told from it, so that `JSON.parse` may read most bodies:
 *
 * | kind    | value |
 * |---|---|
 * | integer | a whole `number`, or a `bigint` beyond 2^53 |
 * | float   | a `number` that is not whole (NaN and infinities too), or `Float` for one that is, such as `72.0` and `1e3` |
 * | date    | a `string` that `isDateText` accepts, or `Instant` |
 * | string  | any other `string`, or `PlainText` for one that looks like a date and is none |
 * | boolean, null, array, object | the plain value |
 */
import type { Ticks } from '../ticks.ts';

export type JsonValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Float
  | PlainText
  | Instant
  | readonly JsonValue[]
  | JsonObject;

export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** What the three classes of scalars have in common, so that one test tells them from objects. */
export abstract class Boxed {}

/** A number of float kind whose value is whole. */
export class Float extends Boxed {
  readonly value: number;

  constructor(value: number) {
    super();
    this.value = value;
  }
}

/** A text that stays one although it looks like a date: an application property, a result of a function. */
export class PlainText extends Boxed {
  readonly text: string;

  constructor(text: string) {
    super();
    this.text = text;
  }
}

/** A date that was never a text: an AMQP timestamp, the result of `fromUnixTimestamp`. */
export class Instant extends Boxed {
  readonly ticks: Ticks;

  constructor(ticks: Ticks) {
    super();
    this.ticks = ticks;
  }
}

export function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Boxed);
}

/** `Array.isArray` for a value: TypeScript does not narrow to arrays that are read-only. */
export function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
