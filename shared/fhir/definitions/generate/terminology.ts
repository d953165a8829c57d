/**
 * Code systems, value sets and concept maps as R4 resources with what terminology works with: no narrative, no contact,
 * no extension. A value set keeps the published expansion where it takes codes out of systems that HL7 does not publish.
 */
import type { JsonObject, JsonValue } from '../../resource/types.ts';
import type { Published } from './published.ts';

type Compact = ReadonlyMap<string, JsonObject>;

const dropped = new Set([
  'id',
  'meta',
  'text',
  'extension',
  'contained',
  'contact',
  'description',
  'purpose',
  'identifier',
]);
const droppedMore = new Set([
  'useContext',
  'jurisdiction',
  'publisher',
  'date',
  'language',
  'immutable',
  'requirements',
]);

/** HL7 publishes some old versions of v2 tables with the version in their URL, `…/v2-0360|2.7`: they keep it in the key. */
export function compactCodeSystems({ codeSystems }: Published): Compact {
  const all = codeSystems.map((system): [string, JsonObject] => {
    const [url, version] = system.url.split('|');
    return [system.url, { ...(without(system) as JsonObject), url, ...(version !== undefined && { version }) }];
  });
  return new Map(all);
}

export function compactConceptMaps({ conceptMaps }: Published): Compact {
  return new Map(conceptMaps.map((map) => [map.url, without(map) as JsonObject]));
}

/** With the sets of all codes that four code systems name in `CodeSystem.valueSet` and HL7 does not publish. */
export function compactTerminologyValueSets(published: Published): Compact {
  const all = new Map<string, JsonObject>();
  for (const set of [...published.valueSets.values(), ...published.expansions.values()]) {
    if (all.has(set.url)) continue;
    const { expansion: _, ...compact } = without(set as JsonObject) as JsonObject;
    const needed = drawsOnOthers(set.url, published, new Set()) ? keptExpansion(published, set.url) : undefined;
    all.set(set.url, needed ? { ...compact, expansion: needed } : compact);
  }
  for (const { url, valueSet, version, name } of published.codeSystems) {
    if (typeof valueSet !== 'string' || all.has(valueSet)) continue;
    const compose = { include: [{ system: url }] };
    all.set(valueSet, { resourceType: 'ValueSet', url: valueSet, version, name, status: 'active', compose });
  }
  return all;
}

function without(value: JsonValue | undefined, top = true): JsonValue | undefined {
  if (Array.isArray(value)) return value.map((one) => without(one, false) as JsonValue);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([name]) => name !== 'extension' && !name.startsWith('_') && !(top && (dropped.has(name) || droppedMore.has(name))),
  );
  return Object.fromEntries(kept.map(([name, one]) => [name, without(one, false)]));
}

/** Some include asks for codes that are not listed in it, of a system whose codes are not published. */
function drawsOnOthers(url: string, published: Published, seen: Set<string>): boolean {
  if (seen.has(url)) return false;
  seen.add(url);
  const { include = [], exclude = [] } = published.valueSets.get(url)?.compose ?? {};
  return [...include, ...exclude].some(({ system, version, concept, valueSet = [] }) => {
    if (system !== undefined && !concept && !isPublished(system, version, published)) return true;
    return valueSet.some((one) => drawsOnOthers(one.replace(/\|.*$/, ''), published, seen));
  });
}

function isPublished(system: string, wanted: string | undefined, { codeSystems }: Published): boolean {
  return codeSystems.some(({ url, version, content }) => {
    if (url === `${system}|${wanted}`) return true;
    return url === system && content !== 'not-present' && (wanted === undefined || wanted === version);
  });
}

/** HL7's tools cut each system's part at 1,000 codes, and mark only some of the sets that they cut. */
const cutAt = 1000;
const unclosed = 'http://hl7.org/fhir/StructureDefinition/valueset-unclosed';
const tooCostly = 'http://hl7.org/fhir/StructureDefinition/valueset-toocostly';

/** Systems of which R4's list is all that R4 has. The others grow: what HL7 listed in 2019 is not all that is a member. */
const listedWhole = new Set(['urn:iso:std:iso:4217', 'http://hl7.org/fhir/CodeSystem/task-code']);

function keptExpansion({ expansions }: Published, url: string): JsonObject | undefined {
  const { contains = [], extension = [], timestamp } = expansions.get(url)?.expansion ?? {};
  if (contains.length === 0 || contains.length >= cutAt || extension.some((one) => one.url === tooCostly))
    return undefined;
  const isWhole = contains.every(({ system = '' }) => listedWhole.has(system));
  return {
    ...(!isWhole && { extension: [{ url: unclosed, valueBoolean: true }] }),
    timestamp,
    contains: contains.map(({ system, code, display }) => ({ system, code, display })),
  };
}
