/** `CodeSystem/$subsumes`: whether one concept is above the other. Source: FHIR R4's OperationDefinition. */
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { FhirError } from '../outcome.ts';
import { askedCodeSystem } from './asked-code-system.ts';
import { type AskedCoding, codingOf } from './asked-codings.ts';
import type { CodeSystem, Concept } from './code-system.ts';
import { type OperationArguments, operationArguments } from './operation-arguments.ts';
import { parametersResponse } from './out-parameters.ts';

const names = ['codeA', 'codeB', 'system', 'version', 'codingA', 'codingB'];

export async function subsumes(request: FhirRequest): Promise<FhirResponse> {
  const given = operationArguments(request, names);
  const [a, b] = [askedSide(given, 'A'), askedSide(given, 'B')];
  const named = { system: given.text('system') ?? a.system ?? b.system, version: given.text('version') ?? a.version };
  const { system, url } = await askedCodeSystem(request, given, named);
  for (const { system: other } of [a, b]) {
    if (other !== undefined && other !== url) {
      throw new FhirError('not-supported', 'Codes of different code systems cannot be compared here.');
    }
  }
  const [one, other] = [conceptOf(system, a.code), conceptOf(system, b.code)];
  return parametersResponse([{ name: 'outcome', valueCode: relation(system, one, other) }]);
}

function askedSide(given: OperationArguments, side: 'A' | 'B'): AskedCoding {
  const [code, coding] = [given.text(`code${side}`), given.value(`coding${side}`)];
  if ((code === undefined) === (coding === undefined)) {
    throw new FhirError('invalid', `One of code${side} and coding${side} is needed.`);
  }
  return codingOf(coding ?? { code });
}

function conceptOf(system: CodeSystem, code: string): Concept {
  const concept = system.concept(code);
  if (concept) return concept;
  throw new FhirError('not-found', `The code '${code.slice(0, 100)}' is not known of ${system.url}.`);
}

function relation(system: CodeSystem, one: Concept, other: Concept): string {
  if (one.code === other.code) return 'equivalent';
  if (system.ancestors(other.code).includes(one.code)) return 'subsumes';
  return system.ancestors(one.code).includes(other.code) ? 'subsumed-by' : 'not-subsumed';
}
