/**
 * A code system whose concepts are here. Below stands what is nested in a concept, what names it as `parent`, and what it
 * names as `child` (R4, concept-properties), so that a concept may have several parents. A hierarchy of parts or of mere
 * groups (`hierarchyMeaning`) says nothing of what its codes mean: nothing is above or below in it.
 */
import {
  type CodeSystemResource,
  type ConceptDefinition,
  type ConceptProperty,
  type Designation,
  typedValue,
} from './resources.ts';
import type { CodedConcept, CodeSystemConcepts } from './terminology.ts';

export interface Concept extends CodedConcept {
  readonly definition?: string;
  readonly designations: readonly Designation[];
  readonly properties: readonly ConceptProperty[];
  readonly abstract: boolean;
  readonly inactive: boolean;
  readonly parents: readonly Concept[];
  readonly children: readonly Concept[];
}

export interface CodeSystem extends CodeSystemConcepts {
  readonly version?: string;
  readonly name?: string;
  /** What its compiled form weighs in the cache. */
  readonly weight: number;
  /** Codes of the properties that it declares or that a concept has. */
  readonly properties: ReadonlySet<string>;
  concept(code: string): Concept | undefined;
  /** Undefined where a code that is not here may yet exist. */
  has(code: string): boolean | undefined;
  /** `content` is `not-present`: its codes are elsewhere. */
  readonly byNameOnly?: boolean;
  /** Parents before their children; undefined where they cannot be listed. */
  readonly all: Iterable<Concept> | undefined;
}

interface Node extends Concept {
  readonly designations: Designation[];
  readonly properties: ConceptProperty[];
  readonly parents: Node[];
  readonly children: Node[];
}

const meaningless = ['grouped-by', 'part-of'];
const retired = ['retired', 'inactive'];

export function compileCodeSystem(
  resource: CodeSystemResource,
  supplements: readonly CodeSystemResource[] = [],
): CodeSystem {
  const { url = '', version, name, caseSensitive = true, content } = resource;
  const nodes = readConcepts(url, resource);
  const keyOf = (code: string): string => (caseSensitive ? code : code.toLowerCase());
  const byKey = caseSensitive ? nodes : new Map([...nodes.values()].map((node) => [keyOf(node.code), node]));
  const find = (code: string): Node | undefined => byKey.get(keyOf(code));
  if (!meaningless.includes(resource.hierarchyMeaning ?? '')) linkByProperties(nodes.values(), find, resource);
  for (const supplement of supplements) addSupplement(supplement, find);
  const complete = content === 'complete';
  const declared = [resource, ...supplements].flatMap(({ property = [] }) => property.map(({ code }) => code));
  const used = [...nodes.values()].flatMap(({ properties }) => properties.map(({ code }) => code));
  return {
    url,
    ...(version !== undefined && { version }),
    ...(name !== undefined && { name }),
    weight: nodes.size + 100,
    complete,
    caseSensitive,
    properties: new Set([...declared, ...used]),
    concept: find,
    has: (code) => (find(code) ? true : complete ? false : undefined),
    descendants: (code) => closure(find(code), ({ children }) => children),
    ancestors: (code) => closure(find(code), ({ parents }) => parents),
    byNameOnly: content === 'not-present',
    all: content === 'not-present' ? undefined : { [Symbol.iterator]: () => nodes.values() },
  };
}

/** The nested concepts by code; of a code that stands twice the first. The depth is that of the parsed JSON. */
function readConcepts(system: string, { concept, hierarchyMeaning = '' }: CodeSystemResource): Map<string, Node> {
  const isMeant = !meaningless.includes(hierarchyMeaning);
  const nodes = new Map<string, Node>();
  const read = (definitions: readonly ConceptDefinition[], parent: Node | undefined): void => {
    for (const definition of definitions) {
      const node = nodes.get(definition.code) ?? nodeOf(system, definition);
      nodes.set(definition.code, node);
      if (parent && isMeant) link(parent, node);
      if (definition.concept) read(definition.concept, node);
    }
  };
  read(concept ?? [], undefined);
  return nodes;
}

function nodeOf(system: string, { code, display, definition, designation, property }: ConceptDefinition): Node {
  const properties = property ?? [];
  const has = (name: string): boolean => properties.some((one) => one.code === name && typedValue(one) === true);
  const status = properties.find((one) => one.code === 'status');
  return {
    system,
    code,
    ...(display !== undefined && { display }),
    ...(definition !== undefined && { definition }),
    designations: designation ?? [],
    properties,
    abstract: has('notSelectable'),
    inactive: has('inactive') || (status !== undefined && retired.includes(String(typedValue(status)))),
    parents: [],
    children: [],
  };
}

function linkByProperties(
  nodes: Iterable<Node>,
  find: (code: string) => Node | undefined,
  { property = [] }: CodeSystemResource,
): void {
  const named = (role: 'parent' | 'child'): Set<string> =>
    new Set([
      role,
      ...property.filter(({ uri = '' }) => uri.endsWith(`concept-properties#${role}`)).map(({ code }) => code),
    ]);
  const [parent, child] = [named('parent'), named('child')];
  for (const node of nodes) {
    for (const one of node.properties) {
      const other = parent.has(one.code) || child.has(one.code) ? find(String(typedValue(one))) : undefined;
      if (other && parent.has(one.code)) link(other, node);
      else if (other) link(node, other);
    }
  }
}

function link(parent: Node, child: Node): void {
  if (parent === child || child.parents.includes(parent)) return;
  parent.children.push(child);
  child.parents.push(parent);
}

/** Adds what a supplement says of concepts that the system has (R4, CodeSystem.supplements). */
function addSupplement({ concept = [] }: CodeSystemResource, find: (code: string) => Node | undefined): void {
  for (const { code, designation = [], property = [], concept: nested } of concept) {
    const node = find(code);
    if (node) addTo(node, designation, property);
    if (nested) addSupplement({ resourceType: 'CodeSystem', concept: nested }, find);
  }
}

function addTo(node: Node, designation: readonly Designation[], property: readonly ConceptProperty[]): void {
  node.designations.push(...designation);
  node.properties.push(...property);
}

/** Each concept once, so a circle in the hierarchy ends. */
function closure(start: Concept | undefined, next: (concept: Concept) => readonly Concept[]): string[] {
  if (!start) return [];
  const found = new Set([start]);
  for (const concept of found) for (const one of next(concept)) found.add(one);
  return [...found].map(({ code }) => code);
}
