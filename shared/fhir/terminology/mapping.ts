/** What a concept map makes of a code. Source: FHIR R4 ConceptMap. */
import type { JsonObject } from '../resource/types.ts';
import type { ConceptMapGroup, ConceptMapResource, MappedProperty, MappingTarget } from './resources.ts';

export interface AskedMapping {
  readonly system: string;
  readonly code: string;
  readonly targetSystem: string | undefined;
  /** From the map's target to its source. */
  readonly reverse: boolean;
  readonly dependencies: readonly Dependency[];
}

/** Something that is known of the code's surroundings: of several mappings it picks the right one. */
export interface Dependency {
  readonly element: string;
  readonly codes: readonly string[];
}

export interface Match {
  readonly equivalence: string;
  /** Undefined where the map says that there is nothing to map to. */
  readonly concept?: JsonObject;
  readonly products: readonly MappedProperty[];
  /** The map's URL. */
  readonly map: string | undefined;
}

type FindMap = (url: string) => Promise<ConceptMapResource | undefined>;

/** A map may hand unmapped codes on to another one, this many times. */
const maxOtherMaps = 5;

export async function matchesIn(
  map: ConceptMapResource,
  asked: AskedMapping,
  find: FindMap,
  otherMaps = maxOtherMaps,
): Promise<Match[]> {
  const found: Match[] = [];
  for (const group of map.group ?? []) {
    const [from, to] = asked.reverse ? [group.target, group.source] : [group.source, group.target];
    if (from !== asked.system || (asked.targetSystem !== undefined && to !== asked.targetSystem)) continue;
    const matches = asked.reverse ? reversed(group, asked) : forward(group, asked);
    found.push(...matches.map((match) => ({ ...match, map: map.url })));
    if (matches.length === 0 && !asked.reverse) found.push(...(await unmapped(map, group, asked, find, otherMaps)));
  }
  return found;
}

type GroupMatch = Omit<Match, 'map'>;

function forward(group: ConceptMapGroup, { code, dependencies }: AskedMapping): GroupMatch[] {
  const targets = group.element.filter((element) => element.code === code).flatMap(({ target = [] }) => target);
  return targets
    .filter((target) => meets(target, dependencies))
    .map((target) => ({
      equivalence: target.equivalence,
      ...(target.code !== undefined && { concept: codingOf(group.target, target, group.targetVersion) }),
      products: target.product ?? [],
    }));
}

const opposite: Readonly<Record<string, string>> = {
  wider: 'narrower',
  narrower: 'wider',
  subsumes: 'specializes',
  specializes: 'subsumes',
};

function reversed(group: ConceptMapGroup, { code }: AskedMapping): GroupMatch[] {
  return group.element.flatMap((element) =>
    (element.target ?? [])
      .filter((target) => target.code === code && element.code !== undefined)
      .map(({ equivalence }) => ({
        equivalence: opposite[equivalence] ?? equivalence,
        concept: codingOf(group.source, element, undefined),
        products: [],
      })),
  );
}

function codingOf(
  system: string | undefined,
  { code, display }: { code?: string; display?: string },
  version: string | undefined,
): JsonObject {
  return {
    ...(system !== undefined && { system }),
    ...(version !== undefined && { version }),
    ...(code !== undefined && { code }),
    ...(display !== undefined && { display }),
  };
}

/** All that the mapping depends on is given. */
function meets({ dependsOn = [] }: MappingTarget, dependencies: readonly Dependency[]): boolean {
  return dependsOn.every(({ property, value }) =>
    dependencies.some(({ element, codes }) => element === property && codes.includes(value)),
  );
}

/** R4 ConceptMap.group.unmapped: the code itself, one code for all, or what another map says. */
async function unmapped(
  map: ConceptMapResource,
  group: ConceptMapGroup,
  asked: AskedMapping,
  find: FindMap,
  otherMaps: number,
): Promise<Match[]> {
  const { mode, code, display, url } = group.unmapped ?? {};
  const coding = (one: { code: string; display?: string }): JsonObject =>
    codingOf(group.target, one, group.targetVersion);
  if (mode === 'provided') {
    return [{ equivalence: 'equal', concept: coding({ code: asked.code }), products: [], map: map.url }];
  }
  if (mode === 'fixed' && code !== undefined) {
    const fixed = coding({ code, ...(display !== undefined && { display }) });
    return [{ equivalence: 'inexact', concept: fixed, products: [], map: map.url }];
  }
  const other = mode === 'other-map' && url !== undefined && otherMaps > 0 ? await find(url) : undefined;
  return other ? matchesIn(other, asked, find, otherMaps - 1) : [];
}
