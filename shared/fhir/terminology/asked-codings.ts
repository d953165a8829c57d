/** The codings that an operation is asked about: `code` with its system, `coding`, `codeableConcept`. */
import { FhirError } from '../outcome.ts';
import { isObject } from '../resource/json.ts';
import type { JsonObject } from '../resource/types.ts';
import type { OperationArguments } from './operation-arguments.ts';

export interface AskedCoding {
  readonly system: string | undefined;
  readonly version: string | undefined;
  readonly code: string;
  readonly display: string | undefined;
}

/** What a CodeableConcept may have. */
const maxCodings = 100;

/** `versionName`: what the operation calls the version of the system that goes with `code`. Throws `invalid` for none. */
export function askedCodings(given: OperationArguments, versionName: string, max = maxCodings): readonly AskedCoding[] {
  const named = ['code', 'coding', 'codeableConcept'].filter((name) => given.has(name));
  if (named.length !== 1) throw new FhirError('invalid', 'One of code, coding and codeableConcept is needed.');
  if (named[0] === 'code') {
    const [system, version] = [given.text('system'), given.text(versionName)];
    return [{ system, version, code: given.text('code') ?? '', display: given.text('display') }];
  }
  const coding = given.value('coding');
  const list = coding ? [coding] : given.value('codeableConcept')?.coding;
  const codings = (Array.isArray(list) ? list : []).filter(isObject).map(codingOf);
  if (codings.length === 0) throw new FhirError('invalid', 'The codeableConcept has no coding.');
  if (codings.length > max) throw new FhirError('too-costly', `At most ${max} codings can be asked about.`);
  return codings;
}

export function codingOf({ system, version, code, display }: JsonObject): AskedCoding {
  if (typeof code !== 'string' || code === '') throw new FhirError('invalid', 'The coding has no code.');
  return { system: textOf(system), version: textOf(version), code, display: textOf(display) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
