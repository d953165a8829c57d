/**
 * `ConceptMap/$translate`: what a code is in another code system. Source: FHIR R4's OperationDefinition. Without a map that
 * is named all are asked: those that are stored and those of R4.
 */
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { FhirError } from '../outcome.ts';
import type { JsonObject } from '../resource/types.ts';
import { type AskedCoding, askedCodings } from './asked-codings.ts';
import { conceptMapsFor, findConceptMap } from './concept-maps.ts';
import { type Dependency, type Match, matchesIn } from './mapping.ts';
import { type OperationArguments, operationArguments } from './operation-arguments.ts';
import { parametersResponse, stringParameter } from './out-parameters.ts';
import type { ConceptMapResource } from './resources.ts';
import { instanceOf } from './stored-resource.ts';

const names = [
  ...['url', 'conceptMap', 'conceptMapVersion', 'code', 'system', 'version', 'source', 'coding', 'codeableConcept'],
  ...['target', 'targetsystem', 'dependency*', 'reverse'],
];
/** Each may mean a search for maps. */
const maxCodings = 10;
const nowhere = ['unmatched', 'disjoint'];

export async function translate(request: FhirRequest): Promise<FhirResponse> {
  const given = operationArguments(request, names);
  const reverse = given.flag('reverse') === true;
  const named = await namedMap(request, given);
  const codings = askedCodings(given, 'version', maxCodings);
  const dependencies = dependenciesOf(given);
  const matches: Match[] = [];
  for (const coding of codings) {
    if (coding.system === undefined) throw new FhirError('invalid', 'The code needs its system.');
    const maps = named ? [named] : await candidates(request, coding, given, reverse);
    for (const map of maps) {
      const asked = {
        ...coding,
        system: coding.system,
        targetSystem: given.text('targetsystem'),
        reverse,
        dependencies,
      };
      matches.push(...(await matchesIn(map, asked, (url) => findConceptMap(request.service, url))));
    }
  }
  const result = matches.some(({ equivalence }) => !nowhere.includes(equivalence));
  return parametersResponse([
    { name: 'result', valueBoolean: result },
    stringParameter('message', matches.length > 0 ? undefined : 'No map that is known here translates the code.'),
    ...matches.map(matchParameter),
  ]);
}

async function namedMap(request: FhirRequest, given: OperationArguments): Promise<ConceptMapResource | undefined> {
  const sent = (await instanceOf(request, 'ConceptMap')) ?? given.resource('conceptMap', 'ConceptMap');
  if (sent) return sent as ConceptMapResource;
  const url = given.text('url');
  if (url === undefined) return undefined;
  const version = given.text('conceptMapVersion');
  const canonical = version === undefined || url.includes('|') ? url : `${url}|${version}`;
  const found = await findConceptMap(request.service, canonical);
  if (!found) throw new FhirError('not-found', `The concept map ${canonical.slice(0, 500)} is not known here.`);
  return found;
}

/** All maps of the code, between the value sets that the request names. */
async function candidates(
  request: FhirRequest,
  { code }: AskedCoding,
  given: OperationArguments,
  reverse: boolean,
): Promise<readonly ConceptMapResource[]> {
  const [from, to] = reverse ? ['target', 'source'] : ['source', 'target'];
  const [source, target] = [given.text(from as string), given.text(to as string)];
  const maps = await conceptMapsFor(request.service, reverse ? 'target' : 'source', code);
  return maps.filter((map) => {
    const isFrom = source === undefined || bare(map.sourceUri ?? map.sourceCanonical) === bare(source);
    return isFrom && (target === undefined || bare(map.targetUri ?? map.targetCanonical) === bare(target));
  });
}

function bare(canonical: string | undefined): string | undefined {
  return canonical?.split('|')[0];
}

function dependenciesOf(given: OperationArguments): Dependency[] {
  return given.all('dependency').map(({ part }) => {
    const [element, concept] = ['element', 'concept'].map((name) => part.find((one) => one.name === name)?.value);
    return { element: String(element), codes: codesOf(concept as JsonObject | undefined) };
  });
}

function codesOf(concept: JsonObject | undefined): string[] {
  const { coding, text } = concept ?? {};
  const codes = Array.isArray(coding) ? coding.map((one) => String((one as JsonObject).code)) : [];
  return typeof text === 'string' ? [...codes, text] : codes;
}

function matchParameter({ equivalence, concept, products, map }: Match): JsonObject {
  const part: JsonObject[] = [{ name: 'equivalence', valueCode: equivalence }];
  if (concept) part.push({ name: 'concept', valueCoding: concept });
  for (const { property, ...coding } of products) {
    const { system, value, display } = coding;
    const valueCoding = {
      ...(system !== undefined && { system }),
      code: value,
      ...(display !== undefined && { display }),
    };
    part.push({
      name: 'product',
      part: [
        { name: 'element', valueUri: property },
        { name: 'concept', valueCoding },
      ],
    });
  }
  if (map !== undefined) part.push({ name: 'source', valueUri: map });
  return { name: 'match', part };
}
