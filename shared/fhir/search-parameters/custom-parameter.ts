/** A SearchParameter resource as something that can be searched by. FHIR R4, SearchParameter; AHDS's rules. */
import type { Definitions, SearchParameter, SearchParameterType } from '../definitions/definitions.ts';
import { combined, componentExpression, expressionFor } from '../definitions/expression.ts';
import { FhirError, type FhirErrorCode } from '../outcome.ts';
import { isObject } from '../resource/json.ts';
import type { JsonValue, Resource } from '../resource/types.ts';
import type { Evaluate } from '../search/fhirpath-values.ts';
import { elementIndexer } from '../search/index-element.ts';
import { compileTypedPaths } from '../search/typed-path.ts';
import { expressionFault, maxExpressionLength } from './expression-limits.ts';

export interface CustomParameter {
  readonly url: string;
  readonly code: string;
  readonly type: SearchParameterType;
  /** By base: `Patient`, or `Resource` and `DomainResource` for those that every type shares. */
  readonly byBase: ReadonlyMap<string, SearchParameter>;
  /** Expressions that only the FHIRPath engine can run. */
  readonly engine: ReadonlyMap<string, Evaluate>;
}

/** A parameter that a composite's component names by its URL. */
export type FindComponent = (url: string) => { readonly code: string; readonly type: SearchParameterType } | undefined;

export const sharedBases: ReadonlySet<string> = new Set(['Resource', 'DomainResource']);
const types = new Set(['string', 'token', 'date', 'number', 'quantity', 'uri', 'reference', 'composite']);
const maxUrlLength = 128;
const maxComponents = 5;

/** Throws `FhirError` (400) with a leading issue for a definition that this service cannot search by. */
export async function customParameter(
  definitions: Definitions,
  resource: Resource,
  component: FindComponent,
): Promise<CustomParameter> {
  const { url, code, type } = resource;
  if (typeof url !== 'string') throw refused('required', 'SearchParameter.url is required.');
  if (!isAbsolute(url)) throw refused('invalid', 'SearchParameter.url must be an absolute URI.');
  if (url.length > maxUrlLength)
    throw refused('invalid', `SearchParameter.url has at most ${maxUrlLength} characters.`);
  if (typeof code !== 'string' || code === '') throw refused('required', 'SearchParameter.code is required.');
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(code)) {
    throw refused('invalid', 'SearchParameter.code is made of up to 64 letters, digits, hyphens and underscores.');
  }
  if (typeof type !== 'string' || !types.has(type)) {
    throw refused('not-supported', 'SearchParameter.type is none that the service can search by.');
  }
  const bases = textsOf(resource.base);
  if (bases.length === 0) throw refused('required', 'SearchParameter.base is required.');
  const unknown = bases.find((base) => !sharedBases.has(base) && !definitions.isResourceType(base));
  if (unknown !== undefined)
    throw refused('invalid', `SearchParameter.base names '${unknown}', which is no resource type.`);
  const { expression } = resource;
  if (typeof expression !== 'string' || expression.trim() === '') {
    throw refused('required', 'SearchParameter.expression is required.');
  }
  if (expression.length > maxExpressionLength) throw refused('invalid', 'SearchParameter.expression is too long.');
  const components = type === 'composite' ? componentsOf(resource.component, component) : [];
  const engine = new Map<string, Evaluate>();
  const byBase = new Map<string, SearchParameter>();
  for (const base of new Set(bases)) {
    const { parts, targets } = expressionFor(base, expression);
    checkExpression(combined(parts));
    if (parts.length === 0) throw refused('invalid', `SearchParameter.expression has no part for ${base}.`);
    const parameter: SearchParameter = {
      url,
      code,
      type: type as SearchParameterType,
      base,
      expression: combined(parts),
      targets: type === 'reference' ? targetsOf(definitions, targets, resource.target) : [],
      components,
    };
    byBase.set(base, parameter);
    await compile(definitions, parameter, engine);
  }
  return { url, code, type: type as SearchParameterType, byBase, engine };
}

/** The concrete types that a base stands for. */
export function typesOf(definitions: Definitions, base: string): readonly string[] {
  return sharedBases.has(base) ? definitions.resourceTypes : [base];
}

/** AHDS says first that the parameter could not be created, then why. */
export function refused(code: FhirErrorCode, why: string): FhirError {
  const leading =
    'The search parameter could not be created: its definition is not one that the service can search by.';
  return new FhirError(code, [
    { severity: 'error', code: 'not-supported', diagnostics: leading },
    { severity: 'error', code: code === 'required' ? 'required' : 'invalid', diagnostics: why },
  ]);
}

function isAbsolute(url: string): boolean {
  return /^(urn:(uuid|oid):\S+|[a-z][a-z0-9+.-]*:\/\/[^\s/]\S*)$/i.test(url);
}

function textsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function checkExpression(expression: string): void {
  const fault = expressionFault(expression);
  if (fault !== undefined) throw refused('not-supported', `The expression cannot be used: ${fault}.`);
}

function componentsOf(value: JsonValue | undefined, find: FindComponent): SearchParameter['components'] {
  const list = Array.isArray(value) ? value.filter(isObject) : [];
  if (list.length < 2 || list.length > maxComponents) {
    throw refused('invalid', `A composite parameter has 2 to ${maxComponents} components.`);
  }
  return list.map(({ definition, expression }) => {
    const part = typeof definition === 'string' ? find(definition) : undefined;
    if (!part || part.type === 'composite' || part.type === 'special') {
      throw refused('invalid', 'A component names no search parameter that can be part of a composite one.');
    }
    if (typeof expression !== 'string' || expression.length > maxExpressionLength) {
      throw refused('required', 'A component needs an expression.');
    }
    const own = componentExpression(expression);
    checkExpression(own);
    return { ...part, expression: own };
  });
}

/** What `resolve()` asked for, else what is declared; nothing declared: any type. */
function targetsOf(definitions: Definitions, resolved: readonly string[], declared: JsonValue | undefined) {
  if (resolved.length > 0) return resolved;
  const named = textsOf(declared).filter(definitions.isResourceType).sort();
  return named.length > 0 ? named : definitions.resourceTypes;
}

/** Adds the expression to `engine` where a plain path does not do; the engine is loaded then. */
async function compile(definitions: Definitions, parameter: SearchParameter, engine: Map<string, Evaluate>) {
  const { expression, base } = parameter;
  const concrete = typesOf(definitions, base);
  const plain = engine.has(expression)
    ? false
    : concrete.every((type) => compileTypedPaths(definitions, expression, type));
  if (parameter.type === 'composite') {
    if (!plain || !composes(definitions, parameter, concrete)) {
      throw refused('not-supported', 'The expressions of a composite parameter must be paths to elements.');
    }
    return;
  }
  if (plain) {
    if (concrete.some((type) => finds(definitions, parameter, type))) return;
    throw refused(
      'not-supported',
      `The expression leads to nothing in ${base} that a ${parameter.type} parameter can find.`,
    );
  }
  if (engine.has(expression)) return;
  const { compileFhirpath } = await import('../search/fhirpath-values.ts');
  try {
    engine.set(expression, compileFhirpath(expression));
  } catch {
    throw refused('not-supported', 'The expression is not one that the FHIRPath engine can compile.');
  }
}

function finds(definitions: Definitions, parameter: SearchParameter, type: string): boolean {
  const paths = compileTypedPaths(definitions, parameter.expression, type) ?? [];
  return paths.some((path) => elementIndexer(path, parameter, definitions) !== undefined);
}

function composes(definitions: Definitions, { expression, components }: SearchParameter, types: readonly string[]) {
  return types.some((type) => {
    const paths = compileTypedPaths(definitions, expression, type) ?? [];
    return paths.some((path) =>
      components.every((part) => (compileTypedPaths(definitions, part.expression, path.type, type) ?? []).length > 0),
    );
  });
}
