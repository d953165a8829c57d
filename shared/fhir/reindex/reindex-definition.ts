/** What a reindex job is asked for: the parameters of `POST /$reindex`. AHDS's names, defaults and limits. */
import type { JobData } from '../../stores/jobs/job-store.ts';
import type { FhirRequest } from '../interactions/interaction.ts';
import { type InParameter, inParameters } from '../operations/parameters.ts';
import { FhirError } from '../outcome.ts';

export const reindexKind = 'reindex';

export interface ReindexDefinition extends JobData {
  /** Absolute URL of the service: references below it are its own. */
  readonly base: string;
  /** Resources between two pauses. */
  readonly perQuery: number;
  readonly perWrite: number;
  readonly delayMs: number;
  /** Undefined: those that the parameters waiting for it have. */
  readonly types?: readonly string[];
  /** URLs of search parameters; undefined: all that wait. */
  readonly urls?: readonly string[];
}

const numbers: ReadonlyMap<string, { readonly least: number; readonly most: number }> = new Map([
  ['maximumNumberOfResourcesPerQuery', { least: 1, most: 10_000 }],
  ['maximumNumberOfResourcesPerWrite', { least: 1, most: 10_000 }],
  ['queryDelayIntervalInMilliseconds', { least: 0, most: 500_000 }],
  // Of AHDS's Cosmos edition: taken, and without effect.
  ['targetDataStoreUsagePercentage', { least: 0, most: 100 }],
]);

/** Throws `invalid` (400) for a parameter that is unknown, given twice, or out of its limits. */
export function reindexDefinition(request: FhirRequest): ReindexDefinition {
  const given = new Map<string, InParameter>();
  for (const parameter of inParameters(request)) {
    const { name } = parameter;
    const known = numbers.has(name) || name === 'targetResourceTypes' || name === 'targetSearchParameterTypes';
    if (!known) throw new FhirError('invalid', `$reindex has no parameter '${name}'.`);
    if (given.has(name)) throw new FhirError('invalid', `The parameter '${name}' is given more than once.`);
    given.set(name, parameter);
  }
  for (const name of numbers.keys()) numberOf(given, name, 0);
  const types = namesOf(given, 'targetResourceTypes');
  const urls = namesOf(given, 'targetSearchParameterTypes');
  const { definitions, parameters } = request.service;
  check(types, definitions.isResourceType, 'targetResourceTypes');
  check(urls, (url) => parameters.state(url) !== undefined, 'targetSearchParameterTypes');
  return {
    base: request.base,
    perQuery: numberOf(given, 'maximumNumberOfResourcesPerQuery', 10_000),
    perWrite: numberOf(given, 'maximumNumberOfResourcesPerWrite', 1000),
    delayMs: numberOf(given, 'queryDelayIntervalInMilliseconds', 100),
    ...(types && { types }),
    ...(urls && { urls }),
  };
}

function numberOf(given: ReadonlyMap<string, InParameter>, name: string, otherwise: number): number {
  const parameter = given.get(name);
  if (!parameter) return otherwise;
  const number = typeof parameter.value === 'string' ? Number(parameter.value) : parameter.value;
  const { least = 0, most = 0 } = numbers.get(name) ?? {};
  if (typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most) return number;
  throw new FhirError('invalid', `The parameter '${name}' must be a whole number from ${least} to ${most}.`);
}

function namesOf(given: ReadonlyMap<string, InParameter>, name: string): readonly string[] | undefined {
  const parameter = given.get(name);
  if (!parameter) return undefined;
  const { value } = parameter;
  const names = typeof value === 'string' ? value.split(',').map((each) => each.trim()) : [];
  const distinct = [...new Set(names)].filter((each) => each !== '');
  if (distinct.length > 0) return distinct;
  throw new FhirError('invalid', `The parameter '${name}' must be a list of names, separated by commas.`);
}

function check(names: readonly string[] | undefined, isKnown: (name: string) => boolean, parameter: string): void {
  const unknown = names?.find((name) => !isKnown(name));
  if (unknown !== undefined) throw new FhirError('invalid', `'${unknown}' in ${parameter} is not known here.`);
}
