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
import { mayBeSnomedCode } from './snomed-codes.ts';
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
  /** `content` is `not-present`: its codes are elsewhere. */
  readonly byNameOnly?: boolean;
  /** Parents before their children; undefined where they cannot be listed. */
  readonly all: Iterable<Concept> | undefined;
}

interface Node extends Concept {
  designations: readonly Designation[];
  properties: readonly ConceptProperty[];
  parents: Node[];
  children: Node[];
}

/** What most concepts have of each: one list for all of them. */
const none: never[] = [];

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
  for (const node of nodes.values()) dropRepeated(node);
  for (const supplement of supplements) addSupplement(supplement, find);
  const complete = content === 'complete';
  const hasForm = url === 'http://snomed.info/sct' ? mayBeSnomedCode : () => true;
  const properties = new Set<string>();
  for (const { property = [] } of [resource, ...supplements]) for (const { code } of property) properties.add(code);
  for (const node of nodes.values()) for (const { code } of node.properties) properties.add(code);
  return {
    url,
    ...(version !== undefined && { version }),
    ...(name !== undefined && { name }),
    weight: nodes.size + 100,
    complete,
    caseSensitive,
    properties,
    concept: find,
    has: (code) => (find(code) ? true : complete || !hasForm(code) ? false : undefined),
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
      let node = nodes.get(definition.code);
      if (!node) {
        node = nodeOf(system, definition);
        nodes.set(definition.code, node);
      }
      if (parent && isMeant) link(parent, node);
      if (definition.concept) read(definition.concept, node);
    }
  };
  read(concept ?? [], undefined);
  return nodes;
}

function nodeOf(system: string, { code, display, definition, designation, property }: ConceptDefinition): Node {
  const properties = property ?? none;
  return {
    system,
    code,
    ...(display !== undefined && { display }),
    ...(definition !== undefined && { definition }),
    designations: designation ?? none,
    properties,
    abstract: properties.some((one) => one.code === 'notSelectable' && typedValue(one) === true),
    inactive: properties.some(saysInactive),
    parents: none,
    children: none,
  };
}

function saysInactive(property: ConceptProperty): boolean {
  if (property.code === 'inactive') return typedValue(property) === true;
  return property.code === 'status' && retired.includes(String(typedValue(property)));
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
  if (parent === child) return;
  if (parent.children.length === 0) parent.children = [child];
  else parent.children.push(child);
  if (child.parents.length === 0) child.parents = [parent];
  else child.parents.push(parent);
}

/** One concept may be said to be above another more than once: nested, by its parent, by its child. */
function dropRepeated(node: Node): void {
  if (node.parents.length > 1) node.parents = [...new Set(node.parents)];
  if (node.children.length > 1) node.children = [...new Set(node.children)];
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
  if (designation.length > 0) node.designations = [...node.designations, ...designation];
  if (property.length > 0) node.properties = [...node.properties, ...property];
}

/** Each concept once, so a circle in the hierarchy ends. */
function closure(start: Concept | undefined, next: (concept: Concept) => readonly Concept[]): string[] {
  if (!start) return [];
  const found = new Set([start]);
  for (const concept of found) for (const one of next(concept)) found.add(one);
  return [...found].map(({ code }) => code);
}
