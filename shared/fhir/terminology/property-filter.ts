/**
 * The filters of an include (R4, ValueSet.compose.include.filter) as a test of one code. `undefined`: nothing can be said of
 * a code whose concept is not here. Throws `not-supported` for what the system has no property for.
 */
import { FhirError } from '../outcome.ts';
import { isObject } from '../resource/json.ts';
import { compileRegex } from './bounded-regex.ts';
import type { CodeSystem, Concept } from './code-system.ts';
import { type PropertyFilter, typedValue } from './resources.ts';
import { some } from './three-valued.ts';

export type CodeTest = (code: string, concept: Concept | undefined) => boolean | undefined;

export async function compileFilter(system: CodeSystem, filter: PropertyFilter): Promise<CodeTest> {
  const { property, op, value } = filter;
  const isSelf = property === 'concept' || property === 'code';
  const hierarchical = isSelf || property === 'is-a' ? await hierarchyTest(system, op, value) : undefined;
  if (hierarchical) return hierarchical;
  const valuesOf = readProperty(system, property);
  const test = await valueTest(system, filter);
  if (isSelf) return (code) => test([code]);
  return (_, concept) => concept && test(valuesOf(concept));
}

async function hierarchyTest(system: CodeSystem, op: string, value: string): Promise<CodeTest | undefined> {
  const within = (codes: readonly string[]): CodeTest => {
    const found = new Set(codes);
    return (code, concept) =>
      concept ? found.has(concept.code) : system.complete || found.has(code) ? false : undefined;
  };
  switch (op) {
    case 'is-a':
      return within(system.descendants(value));
    case 'descendent-of':
      return within(system.descendants(value).slice(1));
    case 'generalizes':
      return within(system.ancestors(value));
    case 'is-not-a': {
      const below = within(system.descendants(value));
      return (code, concept) => {
        const isBelow = below(code, concept);
        return isBelow === undefined ? undefined : !isBelow;
      };
    }
    default:
      return undefined;
  }
}

/** What R4 defines for every system, and what this one has. */
function readProperty(system: CodeSystem, property: string): (concept: Concept) => readonly string[] {
  switch (property) {
    case 'concept':
    case 'code':
      return ({ code }) => [code];
    case 'display':
      return ({ display }) => (display === undefined ? [] : [display]);
    case 'definition':
      return ({ definition }) => (definition === undefined ? [] : [definition]);
    case 'parent':
      return ({ parents }) => parents.map(({ code }) => code);
    case 'child':
      return ({ children }) => children.map(({ code }) => code);
    case 'inactive':
      return ({ inactive }) => [String(inactive)];
    case 'notSelectable':
      return ({ abstract }) => [String(abstract)];
    default:
      if (!system.properties.has(property)) {
        throw new FhirError('not-supported', `The code system ${system.url} has no property '${property}' here.`);
      }
      return ({ properties }) =>
        properties.filter(({ code }) => code === property).map((one) => textOf(typedValue(one)));
  }
}

function textOf(value: unknown): string {
  return isObject(value as never) ? String((value as { code?: unknown }).code) : String(value);
}

async function valueTest(
  system: CodeSystem,
  { property, op, value }: PropertyFilter,
): Promise<(values: readonly string[]) => boolean | undefined> {
  const listed = new Set(value.split(',').map((one) => one.trim()));
  switch (op) {
    case '=': {
      const wanted = property === 'canonical' ? canonicalUnit(system, value) : value;
      return (values) => values.includes(wanted);
    }
    case 'in':
      return (values) => values.some((one) => listed.has(one));
    case 'not-in':
      return (values) => !values.some((one) => listed.has(one));
    case 'exists':
      return (values) => values.length > 0 === (value === 'true');
    case 'regex': {
      const matches = await compileRegex(value);
      return (values) => some(values, matches);
    }
    default:
      throw new FhirError('not-supported', `The filter '${op}' on '${property}' is not supported.`);
  }
}

/** R4's own sets filter by `canonical = a`, which is no base unit. */
function canonicalUnit(system: CodeSystem, value: string): string {
  const canonical = system.concept(value)?.properties.find(({ code }) => code === 'canonical');
  return canonical ? String(typedValue(canonical)) : value;
}
