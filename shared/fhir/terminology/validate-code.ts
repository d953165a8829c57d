/** `$validate-code` of value sets and code systems, on type and instance. Source: FHIR R4's OperationDefinitions. */
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { FhirError } from '../outcome.ts';
import { askedCodeSystem } from './asked-code-system.ts';
import { type AskedCoding, askedCodings } from './asked-codings.ts';
import { askedValueSet } from './asked-value-set.ts';
import type { CodeSystem, Concept } from './code-system.ts';
import { displayIn } from './designation.ts';
import { type OperationArguments, operationArguments } from './operation-arguments.ts';
import { parametersResponse, stringParameter } from './out-parameters.ts';
import type { ValueSet } from './value-set.ts';

const sharedNames = ['url', 'code', 'display', 'coding', 'codeableConcept', 'date', 'abstract', 'displayLanguage'];
const valueSetNames = [...sharedNames, 'context', 'valueSet', 'valueSetVersion', 'system', 'systemVersion'];
const codeSystemNames = [...sharedNames, 'codeSystem', 'version'];

interface Verdict {
  readonly result: boolean;
  readonly message?: string;
  readonly display?: string;
}

export async function validateCodeInValueSet(request: FhirRequest): Promise<FhirResponse> {
  const given = operationArguments(request, valueSetNames);
  const codings = askedCodings(given, 'systemVersion');
  const set = await askedValueSet(request, given);
  const isInContext = given.has('context');
  const judge = async (coding: AskedCoding): Promise<Verdict> => {
    if (coding.system === undefined && !isInContext) throw new FhirError('invalid', 'The code needs its system.');
    return judgeMember(request, set, coding, given);
  };
  return answer(await firstRight(codings, judge));
}

export async function validateCodeInSystem(request: FhirRequest): Promise<FhirResponse> {
  const given = operationArguments(request, codeSystemNames);
  const codings = askedCodings(given, 'version');
  const { system, url } = await askedCodeSystem(request, given, codings[0]);
  const judge = async (coding: AskedCoding): Promise<Verdict> => {
    if (coding.system !== undefined && coding.system !== url) {
      return { result: false, message: `The code system of '${coding.code}' is not ${url}.` };
    }
    return judgeConcept(system, coding, given);
  };
  return answer(await firstRight(codings, judge));
}

async function firstRight(
  codings: readonly AskedCoding[],
  judge: (coding: AskedCoding) => Promise<Verdict>,
): Promise<Verdict> {
  const wrong: Verdict[] = [];
  for (const coding of codings) {
    const verdict = await judge(coding);
    if (verdict.result) return verdict;
    wrong.push(verdict);
  }
  return { ...wrong[0], result: false, message: wrong.map(({ message }) => message).join(' ') };
}

async function judgeMember(
  { service }: FhirRequest,
  set: ValueSet,
  coding: AskedCoding,
  given: OperationArguments,
): Promise<Verdict> {
  const { system, version, code } = coding;
  const isMember = set.has(system, code, given.flag('abstract'));
  if (isMember === false) return { result: false, message: `The value set ${set.url} has no code '${code}'.` };
  const canonical = version === undefined ? system : `${system}|${version}`;
  const known = canonical === undefined ? undefined : await service.terminology.codeSystem(canonical);
  if (isMember === undefined) {
    return { result: false, message: `Whether the value set ${set.url} has the code '${code}' is not known here.` };
  }
  if (version !== undefined && !known)
    return { result: false, message: `The code system ${canonical} is not known here.` };
  const listed = set.list()?.find((one) => one.code === code && (system === undefined || one.system === system));
  return judgeDisplay(known?.concept(code), listed?.display, coding, given);
}

function judgeConcept(system: CodeSystem, coding: AskedCoding, given: OperationArguments): Verdict {
  const { code } = coding;
  const concept = system.concept(code);
  if (!concept && system.has(code) === undefined) {
    return {
      result: false,
      message: `Whether the code system ${system.url} has the code '${code}' is not known here.`,
    };
  }
  if (!concept) return { result: false, message: `The code system ${system.url} has no code '${code}'.` };
  if (concept.abstract && given.flag('abstract') === false) {
    return { result: false, message: `The code '${code}' only groups others.` };
  }
  return judgeDisplay(concept, undefined, coding, given);
}

/** A display that was sent has to be one of the concept's own, but for case and white space. */
function judgeDisplay(
  concept: Concept | undefined,
  listed: string | undefined,
  { code, display }: AskedCoding,
  given: OperationArguments,
): Verdict {
  const language = given.text('displayLanguage');
  const designations = concept?.designations ?? [];
  const right = (language && displayIn(language, designations)) ?? listed ?? concept?.display;
  const shown = right === undefined ? {} : { display: right };
  const known = [right, listed, concept?.display, ...designations.map(({ value }) => value)];
  if (display === undefined || right === undefined || known.some((one) => one && plain(one) === plain(display))) {
    return { result: true, ...shown };
  }
  return { result: false, message: `'${display}' is not a display of the code '${code}'.`, ...shown };
}

function plain(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase();
}

function answer({ result, message, display }: Verdict): FhirResponse {
  return parametersResponse([
    { name: 'result', valueBoolean: result },
    stringParameter('message', message),
    stringParameter('display', display),
  ]);
}
