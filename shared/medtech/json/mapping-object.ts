/** An object of a mapping file while it is read: members by name, every mistake noted with its line and column. */

import type { MappingProblem } from '../mapping-problem.ts';
import type { Position } from './positions.ts';
import type { MappingFile } from './read-mapping.ts';
import { Float, isArray, isObject, type JsonObject, type JsonValue, PlainText } from './value.ts';

/** What is known of a file while it is read. */
export interface MappingReading {
  readonly file: MappingFile;
  readonly problems: MappingProblem[];
}

export class MappingObject {
  readonly #reading: MappingReading;
  readonly #object: JsonObject;

  constructor(reading: MappingReading, object: JsonObject) {
    this.#reading = reading;
    this.#object = object;
  }

  /** Members of other names are errors. Case does not count. */
  only(names: readonly string[]): void {
    for (const name of Object.keys(this.#object)) {
      if (names.some((each) => each.toLowerCase() === name.toLowerCase())) continue;
      this.#note(`Could not find member '${name}' on the object.`, this.#reading.file.nameAt(this.#object, name));
    }
  }

  /** The member's value, `null` counting as none. An exact name goes before one in other case. */
  get(name: string): JsonValue | undefined {
    return this.#object[this.#nameOf(name)] ?? undefined;
  }

  /** A text, also of a number or a boolean. */
  text(name: string): string | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (typeof value === 'string') return value;
    if (value instanceof PlainText) return value.text;
    if (value instanceof Float) return String(value.value);
    if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
    this.error(`'${name}' must be a text.`, name);
    return undefined;
  }

  number(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const number = value instanceof Float ? value.value : Number(typeof value === 'object' ? Number.NaN : value);
    if (Number.isFinite(number) && value !== '' && typeof value !== 'boolean') return number;
    this.error(`'${name}' must be a number.`, name);
    return undefined;
  }

  object(name: string): MappingObject | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (isObject(value)) return new MappingObject(this.#reading, value);
    this.error(`'${name}' must be an object.`, name);
    return undefined;
  }

  /** The objects of a list. */
  list(name: string): MappingObject[] | undefined {
    const list = this.get(name);
    if (list === undefined) return undefined;
    if (!isArray(list)) {
      this.error(`'${name}' must be an array.`, name);
      return undefined;
    }
    return list.flatMap((item, index) => {
      if (isObject(item)) return [new MappingObject(this.#reading, item)];
      this.#note(`'${name}' may hold objects only.`, this.#reading.file.valueAt(list, index));
      return [];
    });
  }

  /** For a member that is missing: the words are Newtonsoft's, the name is written as in C#. */
  missing(name: string): void {
    const property = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    this.error(`Required property '${property}' not found in JSON.`);
  }

  error(message: string, name?: string): void {
    this.#note(message, this.#place(name));
  }

  warning(message: string, name?: string): void {
    this.#note(message, this.#place(name), 'warning');
  }

  #nameOf(name: string): string {
    if (Object.hasOwn(this.#object, name)) return name;
    return Object.keys(this.#object).find((each) => each.toLowerCase() === name.toLowerCase()) ?? name;
  }

  #place(name: string | undefined): Position | undefined {
    const { file } = this.#reading;
    const place = name === undefined ? undefined : file.valueAt(this.#object, this.#nameOf(name));
    return place ?? file.startOf(this.#object);
  }

  #note(message: string, place: Position | undefined, level: MappingProblem['level'] = 'error'): void {
    this.#reading.problems.push({ message, level, ...place });
  }
}
