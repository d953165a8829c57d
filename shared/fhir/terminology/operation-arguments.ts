/**
 * The parameters of a terminology operation. As AHDS does for `$expand`: names without regard to case, one that the operation
 * does not have is 400, so is one that is given twice and may not be; a value may be sent as text whatever its type.
 */
import type { FhirRequest } from '../interactions/interaction.ts';
import { type InParameter, inParameters } from '../operations/parameters.ts';
import { FhirError } from '../outcome.ts';
import { isObject, parseJsonObject } from '../resource/json.ts';
import type { JsonObject, Resource } from '../resource/types.ts';

export interface OperationArguments {
  readonly given: readonly InParameter[];
  has(name: string): boolean;
  all(name: string): readonly InParameter[];
  /** A primitive value as text. */
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  flag(name: string): boolean | undefined;
  /** An integer that is not negative. */
  count(name: string): number | undefined;
  /** A Coding, CodeableConcept. */
  value(name: string): JsonObject | undefined;
  /** A resource of that type, valid; in a query its JSON text. */
  resource(name: string, type: string): Resource | undefined;
}

const maxTextLength = 10_000;

/** `names`: what the operation has; with `*` behind it may be given more than once. */
export function operationArguments(request: FhirRequest, names: readonly string[]): OperationArguments {
  const known = new Map(names.map((name) => [name.replace('*', '').toLowerCase(), name]));
  const given = inParameters(request);
  const keyOf = ({ name }: InParameter): string => name.toLowerCase();
  const unknown = given.filter((one) => !known.has(keyOf(one)));
  if (unknown.length > 0) throw invalid(unknown, 'The operation has no such parameter');
  const byName = Map.groupBy(given, keyOf);
  const repeated = [...byName].filter(([key, list]) => list.length > 1 && !known.get(key)?.endsWith('*'));
  if (repeated.length > 0)
    throw invalid(
      repeated.map(([, list]) => list[0] as InParameter),
      'Given more than once',
    );

  const all = (name: string): readonly InParameter[] => byName.get(name.toLowerCase()) ?? [];
  const text = (name: string): string | undefined => {
    const [one] = all(name);
    return one && textOf(one);
  };
  return {
    given,
    has: (name) => all(name).length > 0,
    all,
    text,
    texts: (name) => all(name).map(textOf),
    flag: (name) => {
      const value = text(name)?.toLowerCase();
      if (value === undefined) return undefined;
      if (value !== 'true' && value !== 'false') throw invalid(all(name), 'Must be true or false');
      return value === 'true';
    },
    count: (name) => {
      const value = text(name);
      if (value === undefined) return undefined;
      if (!/^\d{1,9}$/.test(value)) throw invalid(all(name), 'Must be an integer that is not negative');
      return Number(value);
    },
    value: (name) => {
      const [one] = all(name);
      if (!one) return undefined;
      if (isObject(one.value)) return one.value;
      throw invalid([one], 'Must be a data type with elements');
    },
    resource: (name, type) => {
      const [one] = all(name);
      return one && validResource(request, one, type);
    },
  };
}

function textOf(one: InParameter): string {
  const { value } = one;
  if (!['string', 'number', 'boolean'].includes(typeof value)) throw invalid([one], 'Must be a primitive value');
  const text = String(value);
  if (text === '' || text.length > maxTextLength) throw invalid([one], 'Is empty or too long');
  return text;
}

function validResource(request: FhirRequest, one: InParameter, type: string): Resource {
  const resource = one.resource ?? parsedResource(one);
  if (resource.resourceType !== type) throw invalid([one], `Must be a ${type}`);
  const issues = request.service.validate(resource);
  if (issues.length > 0) throw new FhirError('invalid', issues);
  return resource;
}

function parsedResource(one: InParameter): Resource {
  try {
    return parseJsonObject(Buffer.from(String(one.value))) as Resource;
  } catch {
    throw invalid([one], 'Must be a resource');
  }
}

function invalid(parameters: readonly InParameter[], why: string): FhirError {
  return new FhirError('invalid', `${why}: ${parameters.map(({ name }) => `'${name.slice(0, 100)}'`).join(', ')}.`);
}
