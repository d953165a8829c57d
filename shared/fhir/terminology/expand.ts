/**
 * `ValueSet/$expand`, `ValueSet/{id}/$expand`. The expansion is flat, in the order of the value set, and has at most 20,000
 * codes, as in AHDS. AHDS differs: it passes over `filter`, `count`, `offset` and the like, and answers with 200 and an
 * OperationOutcome where the expansion fails.
 */
import { randomUUID } from 'node:crypto';
import { fold } from '../../stores/resources/index-entry.ts';
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { resourceResponse } from '../operations/parameters.ts';
import { FhirError } from '../outcome.ts';
import type { JsonObject } from '../resource/types.ts';
import { askedValueSet } from './asked-value-set.ts';
import { displayIn, fits } from './designation.ts';
import type { Member } from './member-set.ts';
import { type OperationArguments, operationArguments } from './operation-arguments.ts';
import { chosenVersions, systemVersionNames } from './system-versions.ts';

const names = [
  ...['url', 'valueSet', 'valueSetVersion', 'context', 'contextDirection', 'filter', 'date', 'offset', 'count'],
  ...['includeDesignations', 'designation*', 'includeDefinition', 'activeOnly', 'excludeNested', 'excludeNotForUI'],
  ...['excludePostCoordinated', 'displayLanguage', 'exclude-system*'],
  ...systemVersionNames,
];

const maxFilterLength = 200;
const unclosed = 'http://hl7.org/fhir/StructureDefinition/valueset-unclosed';

export async function expand(request: FhirRequest): Promise<FhirResponse> {
  const given = operationArguments(request, names);
  const [offset = 0, count = Number.POSITIVE_INFINITY] = [given.count('offset'), given.count('count')];
  const set = await askedValueSet(request, given, chosenVersions(given));
  const members = set.members(acceptor(given));
  const shown = members.slice(offset, offset + count);
  const { expansion: _, text: _text, compose, ...resource } = set.resource;
  return resourceResponse({
    ...resource,
    status: resource.status ?? 'active',
    ...(given.flag('includeDefinition') !== false && compose && { compose }),
    expansion: {
      ...(set.set.open && { extension: [{ url: unclosed, valueBoolean: true }] }),
      identifier: `urn:uuid:${randomUUID()}`,
      timestamp: request.service.now().toISOString(),
      total: members.length,
      ...(given.has('offset') || given.has('count') ? { offset } : {}),
      ...nonEmpty('parameter', [...echoed(given), ...versionsOf(shown)]),
      ...nonEmpty('contains', shown.map(presenter(given))),
    },
  });
}

/** Which members are asked for; undefined for all. */
function acceptor(given: OperationArguments): ((member: Member) => boolean) | undefined {
  const filter = given.text('filter') ?? '';
  if (filter.length > maxFilterLength) throw new FhirError('invalid', "'filter' is too long.");
  const words = fold(filter)
    .split(' ')
    .filter((word) => word !== '');
  const activeOnly = given.flag('activeOnly') === true;
  const excluded = new Set(given.texts('exclude-system'));
  if (words.length === 0 && !activeOnly && excluded.size === 0) return undefined;
  return (member) => {
    const { system, version, code, display = '', inactive, designations = [] } = member;
    if (activeOnly && inactive) return false;
    if (excluded.has(system) || excluded.has(`${system}|${version}`)) return false;
    if (words.length === 0) return true;
    const texts = [code, display, ...designations.map(({ value }) => value)].map(fold);
    return words.every((word) => texts.some((text) => text.includes(word)));
  };
}

/** A member as an entry of `contains`. */
function presenter(given: OperationArguments): (member: Member) => JsonObject {
  const language = given.text('displayLanguage');
  const wanted = given.texts('designation');
  const withDesignations = given.flag('includeDesignations') ?? wanted.length > 0;
  return ({ system, code, display, abstract, inactive, designations = [] }) => {
    const shown =
      wanted.length === 0 ? designations : designations.filter((one) => wanted.some((token) => fits(one, token)));
    const inLanguage = language === undefined ? undefined : displayIn(language, designations);
    return {
      system,
      ...(abstract && { abstract }),
      ...(inactive && { inactive }),
      code,
      ...((inLanguage ?? display) !== undefined && { display: inLanguage ?? display }),
      ...(withDesignations && nonEmpty('designation', shown)),
    };
  };
}

const echoedAs: Readonly<Record<string, string>> = {
  filter: 'valueString',
  offset: 'valueInteger',
  count: 'valueInteger',
  activeOnly: 'valueBoolean',
  includeDesignations: 'valueBoolean',
  displayLanguage: 'valueCode',
  'exclude-system': 'valueUri',
  'system-version': 'valueUri',
  'check-system-version': 'valueUri',
  'force-system-version': 'valueUri',
};

/** The parameters that the contents depend on. */
function echoed(given: OperationArguments): JsonObject[] {
  return Object.entries(echoedAs).flatMap(([name, element]) =>
    given.texts(name).map((text) => ({ name, [element]: typed(text, element) })),
  );
}

function typed(text: string, element: string): string | number | boolean {
  if (element === 'valueInteger') return Number(text);
  return element === 'valueBoolean' ? text.toLowerCase() === 'true' : text;
}

function versionsOf(members: readonly Member[]): JsonObject[] {
  const known = members.filter(({ version }) => version !== undefined);
  const systems = new Set(known.map(({ system, version }) => `${system}|${version}`));
  return [...systems].map((valueUri) => ({ name: 'version', valueUri }));
}

function nonEmpty<Value>(name: string, list: readonly Value[]): { [name: string]: Value[] } {
  return list.length > 0 ? { [name]: [...list] } : {};
}
