/**
 * What definitions say of other definitions: a search parameter of the one that it derives from, a CapabilityStatement of
 * its search parameters, a value set of the codes and parameters that it names. Those that are not known are not checked.
 */
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue } from '../resource/types.ts';
import { childrenOf, type Instance } from './instance.ts';
import type { Pass } from './pass.ts';

/** R4 SearchParameter.derivedFrom: what is said here must be consistent with the parameter that it names. */
export function checkSearchParameter(instance: Instance, { derivedFrom, type, base }: JsonObject, pass: Pass): void {
  const origin = typeof derivedFrom === 'string' ? pass.library.searchParameter(derivedFrom) : undefined;
  if (!origin) return;
  if (type !== origin.type) pass.error(instance, `The type of ${derivedFrom} is ${origin.type}, not ${String(type)}.`);
  const isForAll = origin.bases.has('Resource') || origin.bases.has('DomainResource');
  for (const one of isForAll || !Array.isArray(base) ? [] : base) {
    if (!origin.bases.has(String(one))) pass.error(instance, `${derivedFrom} is not for ${String(one)}.`);
  }
}

/** R4 CapabilityStatement.rest.resource.searchParam.type: it SHALL be that of the parameter's definition. */
export function checkCapabilities(instance: Instance, _value: JsonObject, pass: Pass): void {
  const below = (parent: Instance, name: string) => childrenOf(parent, name, pass.definitions);
  const rests = below(instance, 'rest');
  for (const holder of [...rests, ...rests.flatMap((rest) => below(rest, 'resource'))]) {
    for (const parameter of below(holder, 'searchParam')) {
      const { definition, type }: JsonObject = isObject(parameter.value) ? parameter.value : {};
      const known = typeof definition === 'string' ? pass.library.searchParameter(definition) : undefined;
      if (known && type !== known.type) {
        pass.error(parameter, `The type of ${String(definition)} is ${known.type}, not ${String(type)}.`);
      }
    }
  }
}

export function checkValueSet(instance: Instance, value: JsonObject, pass: Pass): void {
  const composes = childrenOf(instance, 'compose', pass.definitions);
  for (const compose of composes) {
    for (const name of ['include', 'exclude']) {
      for (const part of childrenOf(compose, name, pass.definitions)) checkListedCodes(part, pass);
    }
  }
  checkParameters(instance, value, pass);
}

/** R4 ValueSet.compose.include.concept: codes that the system defines. */
function checkListedCodes(part: Instance, pass: Pass): void {
  const { system, version }: JsonObject = isObject(part.value) ? part.value : {};
  if (typeof system !== 'string') return;
  const known = pass.library.codeSystem(typeof version === 'string' ? `${system}|${version}` : system);
  if (!known) return;
  for (const concept of childrenOf(part, 'concept', pass.definitions)) {
    const code = isObject(concept.value) ? concept.value.code : undefined;
    if (typeof code === 'string' && known.has(code) === false) {
      pass.report('error', 'code-invalid', concept, `The code system ${system} has no such code.`);
    }
  }
}

const expressionUrl = 'http://hl7.org/fhir/StructureDefinition/cqf-expression';
const parameterUrl = /^http:\/\/hl7\.org\/fhir\/(tools\/)?StructureDefinition\/valueset-parameter$/;
/** What every FHIRPath expression in FHIR may name (R4, FHIRPath), and what it names value sets and extensions by. */
const environment = /^(ucum|sct|loinc|context|resource|rootResource|us-zip|(vs|ext)-.*)$/;

/** FHIRPath 9: to name a variable that nobody defines is an error; the parameters of a value set define theirs. */
function checkParameters(instance: Instance, { extension, compose }: JsonObject, pass: Pass): void {
  const parameters = objects(extension).filter(({ url }) => parameterUrl.test(String(url)));
  const names = parameters.flatMap((one) => objects(one.extension)).filter(({ url }) => url === 'name');
  const declared = new Set(names.map(({ valueCode }) => valueCode));
  for (const name of variablesIn(compose)) {
    if (!declared.has(name) && !environment.test(name)) {
      pass.error(instance, `An expression names the parameter ${name}, which the value set does not declare.`);
    }
  }
}

/** Variables of the expressions anywhere in a value. */
function variablesIn(value: JsonValue | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(variablesIn);
  if (!isObject(value)) return [];
  const { url, valueExpression } = value;
  if (url !== expressionUrl || !isObject(valueExpression)) return Object.values(value).flatMap(variablesIn);
  const { language, expression } = valueExpression;
  return language === 'text/fhirpath' && typeof expression === 'string' ? variablesOf(expression) : [];
}

/** Strings may have a percent sign that names nothing. */
function variablesOf(expression: string): string[] {
  const bare = expression.replace(/'(?:[^'\\]|\\.)*'/gs, "''");
  return [...bare.matchAll(/%(?:`([^`]*)`|([A-Za-z_][\w-]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

function objects(list: JsonValue | undefined): JsonObject[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
