/** An object of workspace.json while it is checked. Every message names the file, the place in it, and the rule. */
import { StartError } from './start-error.ts';

export class CheckedObject {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #place: string;
  readonly #file: string;

  /** `place`: `$.services.fhir`. With `known`, properties of other names are refused. */
  constructor(value: unknown, place: string, file: string, known?: readonly string[]) {
    this.#place = place;
    this.#file = file;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.refuse('', 'an object');
    this.#values = value as Record<string, unknown>;
    const unknown = known && Object.keys(this.#values).find((property) => !known.includes(property));
    if (unknown !== undefined) this.refuse(`.${unknown}`, `one of the properties ${known?.join(', ')}`);
  }

  get(name: string): unknown {
    return this.#values[name];
  }

  entries(): [name: string, value: unknown][] {
    return Object.entries(this.#values);
  }

  /** The object that `name` holds. */
  object(name: string, known?: readonly string[]): CheckedObject {
    return new CheckedObject(this.#values[name], `${this.#place}.${name}`, this.#file, known);
  }

  /** The objects that the list `name` holds, of which there is one at least. */
  list(name: string, known?: readonly string[]): CheckedObject[] {
    const value = this.#values[name];
    if (!Array.isArray(value) || value.length === 0) return this.refuse(`.${name}`, 'a list of objects');
    return value.map((each, at) => new CheckedObject(each, `${this.#place}.${name}[${at}]`, this.#file, known));
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  /** A text that is not blank. */
  text(name: string, fallback?: string): string {
    const value = this.#values[name] ?? fallback;
    return typeof value === 'string' && value.trim() !== '' ? value : this.refuse(`.${name}`, 'a text');
  }

  wholeNumber(name: string, fallback: number): number {
    const value = this.#values[name] ?? fallback;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
    return this.refuse(`.${name}`, 'a whole number above 0');
  }

  trueOrFalse(name: string, fallback: boolean): boolean {
    const value = this.#values[name] ?? fallback;
    return typeof value === 'boolean' ? value : this.refuse(`.${name}`, 'true or false');
  }

  /** A list of texts that are not empty; the list itself only as a fallback may be. */
  texts(name: string, fallback?: readonly string[]): readonly string[] {
    const value = this.#values[name] ?? fallback;
    const fits = Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== '');
    if (fits && (value.length > 0 || fallback?.length === 0)) return value;
    return this.refuse(`.${name}`, 'a list of texts');
  }

  /** `below`: what follows the object's own place, `.maxBodyBytes`; empty for itself. */
  refuse(below: string, expected: string): never {
    throw new StartError(`${this.#file}: ${this.#place}${below} must be ${expected}.`);
  }
}
