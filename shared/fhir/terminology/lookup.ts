/** `CodeSystem/$lookup`: what is known of a code. Source: FHIR R4's OperationDefinition. */
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { FhirError } from '../outcome.ts';
import type { JsonObject } from '../resource/types.ts';
import { knownSystem } from './asked-code-system.ts';
import { askedCodings } from './asked-codings.ts';
import type { CodeSystem, Concept } from './code-system.ts';
import { displayIn } from './designation.ts';
import { operationArguments } from './operation-arguments.ts';
import { parametersResponse, stringParameter } from './out-parameters.ts';
import type { Designation } from './resources.ts';

const names = ['code', 'system', 'version', 'coding', 'date', 'displayLanguage', 'property*'];

export async function lookup(request: FhirRequest): Promise<FhirResponse> {
  request.audit.resourceType = 'CodeSystem';
  const given = operationArguments(request, names);
  const [coding] = askedCodings(given, 'version');
  if (coding?.system === undefined) throw new FhirError('invalid', 'The code needs its system.');
  const system = await knownSystem(request, coding.system, coding.version);
  const concept = system.concept(coding.code);
  if (!concept) {
    throw new FhirError('not-found', `The code '${coding.code.slice(0, 100)}' is not known of ${system.url}.`);
  }
  const language = given.text('displayLanguage');
  const display = (language && displayIn(language, concept.designations)) ?? concept.display ?? concept.code;
  const asked = new Set(given.texts('property'));
  const isAsked = (code: string): boolean => asked.size === 0 || asked.has(code);
  return parametersResponse([
    { name: 'name', valueString: system.name ?? system.url },
    stringParameter('version', system.version),
    { name: 'display', valueString: display },
    ...concept.designations
      .filter((one) => isAsked('designation') || asked.has(`lang.${one.language}`))
      .map(designation),
    ...propertiesOf(concept, system)
      .filter(({ code }) => isAsked(code))
      .map(property),
  ]);
}

interface Property {
  readonly code: string;
  readonly value: JsonObject;
  readonly description?: string | undefined;
}

/** Those that every system has, then its own. */
function propertiesOf(concept: Concept, system: CodeSystem): Property[] {
  const related = (code: string, concepts: readonly Concept[]): Property[] =>
    concepts.map((one) => ({ code, value: { valueCode: one.code }, description: one.display }));
  const own = concept.properties.filter(({ code }) => code !== 'parent' && code !== 'child');
  return [
    ...(concept.definition === undefined ? [] : [{ code: 'definition', value: { valueString: concept.definition } }]),
    { code: 'inactive', value: { valueBoolean: concept.inactive } },
    ...related('parent', concept.parents),
    ...related('child', concept.children),
    ...own
      .filter(({ code }) => code !== 'inactive')
      .map(({ code, ...value }) => ({
        code,
        value,
        description: typeof value.valueCode === 'string' ? system.concept(value.valueCode)?.display : undefined,
      })),
  ];
}

function property({ code, value, description }: Property): JsonObject {
  const part = [
    { name: 'code', valueCode: code },
    { name: 'value', ...value },
    stringParameter('description', description),
  ];
  return { name: 'property', part: part.filter((one) => one !== undefined) };
}

function designation({ language, use, value }: Designation): JsonObject {
  return {
    name: 'designation',
    part: [
      ...(language === undefined ? [] : [{ name: 'language', valueCode: language }]),
      ...(use === undefined ? [] : [{ name: 'use', valueCoding: use }]),
      { name: 'value', valueString: value },
    ],
  };
}
