/** `_include` and `_revinclude`, with `:iterate` and its older name `:recurse`. FHIR R4 3.1.1.5.5; wildcards as in AHDS. */
import type { Include } from '../../stores/resources/query.ts';
import type { SearchParameter } from '../definitions/definitions.ts';
import { FhirError } from '../outcome.ts';
import { parameterKey } from './parameter-key.ts';
import { notOffered, type SearchContext, UnsupportedParameter } from './search-context.ts';

/** One parameter that brings further resources along. A wildcard is many of them. */
export interface AskedInclude {
  readonly include: Include;
  /** Applies to included resources too. */
  readonly iterate: boolean;
  /** May find resources that it applies to again. AHDS: it does not apply to what it has found. */
  readonly circular: boolean;
}

/** The expanded includes of one search: each is a query of its own. */
export const maxIncludes = 400;

const iterating: ReadonlySet<string> = new Set(['iterate', 'recurse']);
const forms: ReadonlySet<string> = new Set(['_include', '_revinclude']);

/** The parameter's parts, when its name is one of those that include. */
export function includeName(name: string): { form: string; iterate: boolean } | undefined {
  const [form = '', modifier, ...more] = name.split(':');
  if (!forms.has(form) || more.length > 0) return undefined;
  if (modifier !== undefined && !iterating.has(modifier)) return undefined;
  return { form, iterate: modifier !== undefined };
}

export function parseIncludes(
  context: SearchContext,
  types: readonly string[] | undefined,
  { form, iterate }: { readonly form: string; readonly iterate: boolean },
  value: string,
): AskedInclude[] {
  const parsed =
    form === '_include'
      ? parseInclude(context, types, iterate, value)
      : parseRevinclude(context, types, iterate, value);
  const isWildcard = value.includes('*');
  if (iterate && !isWildcard && parsed.some(({ circular }) => circular)) {
    const diagnostics = `${form}:iterate=${value} is circular: it is not applied to what it has found.`;
    context.issues.push({ severity: 'information', code: 'informational', diagnostics });
  }
  return parsed;
}

/** `Type:param`, `Type:param:Target`, `Type:*`, `*`, of resources of `types`. */
function parseInclude(
  context: SearchContext,
  types: readonly string[] | undefined,
  iterate: boolean,
  value: string,
): AskedInclude[] {
  if (!types) throw notOffered('_include needs the type of the resources searched.');
  const { source, code, target } = splitInclude(context, '_include', value);
  const sources = source === '*' ? types : [source];
  return sources.flatMap((type) =>
    referencesOf(context, type, code, value).map((parameter): AskedInclude => {
      const include = { kind: 'include', param: parameterKey(parameter), ...ofTarget(target) } as const;
      return { include, iterate, circular: refersTo(parameter, type, target) };
    }),
  );
}

/** `Type:param`, `Type:param:Target`, `Type:*`, `*:*`: only parameters that can refer to what is there to be referred to. */
function parseRevinclude(
  context: SearchContext,
  types: readonly string[] | undefined,
  iterate: boolean,
  value: string,
): AskedInclude[] {
  const { source, code, target } = splitInclude(context, '_revinclude', value);
  // AHDS: a wildcard that iterates is ignored.
  if (iterate && code === '*') return [];
  const sources = source === '*' ? context.definitions.resourceTypes : [source];
  const searched = target === undefined ? (iterate ? undefined : types) : [target];
  return sources.flatMap((type) =>
    referencesOf(context, type, code, value)
      .filter(({ targets }) => !searched || searched.some((each) => targets.includes(each)))
      .map((parameter): AskedInclude => {
        if (iterate && target === undefined && parameter.targets.length > 1) {
          throw new FhirError('invalid', `_revinclude:iterate=${value} refers to several types: name one of them.`);
        }
        const include = {
          kind: 'revinclude',
          source: type,
          param: parameterKey(parameter),
          ...ofTarget(target),
        } as const;
        return { include, iterate, circular: refersTo(parameter, type, target) };
      }),
  );
}

function ofTarget(target: string | undefined): { readonly types?: readonly string[] } {
  return target === undefined ? {} : { types: [target] };
}

function refersTo({ targets }: SearchParameter, type: string, target: string | undefined): boolean {
  return target === undefined ? targets.includes(type) : target === type;
}

function splitInclude(context: SearchContext, name: string, value: string) {
  const { isResourceType } = context.definitions;
  const [source = '', code = source === '*' ? '*' : '', target, ...more] = value.split(':');
  if (more.length > 0 || code === '' || target?.trim() === '')
    throw new FhirError('invalid', `${name} takes the form Type:parameter or Type:parameter:Target.`);
  if (source !== '*' && !isResourceType(source)) {
    throw new FhirError('not-supported', `The resource type '${source}' in ${name} is not supported.`);
  }
  if (target !== undefined && !isResourceType(target)) {
    throw new FhirError('not-supported', `The target type '${target}' in ${name} is not supported.`);
  }
  return { source, code, target };
}

/** AHDS: a parameter that is no reference is 400, one that does not exist is ignored. */
function referencesOf(context: SearchContext, type: string, code: string, value: string): SearchParameter[] {
  const parameters = context.definitions.searchParameters(type);
  if (code === '*') return [...parameters.values()].filter((parameter) => parameter.type === 'reference');
  const parameter = parameters.get(code);
  if (!parameter) throw new UnsupportedParameter(value);
  if (parameter.type !== 'reference') {
    throw new FhirError('invalid', `The search parameter '${type}:${code}' is no reference and includes nothing.`);
  }
  return [parameter];
}
