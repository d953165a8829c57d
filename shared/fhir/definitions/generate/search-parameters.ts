/** Search parameters, one for each resource type that they apply to. */
import type { SearchParameterType } from '../definitions.ts';
import { combined, componentExpression, expressionFor } from '../expression.ts';
import type { CompactSearchParameter } from '../search-parameters.ts';
import type { PublishedSearchParameter } from './published.ts';
import type { CompactStructures } from './structures.ts';
import { targetsAlong } from './targets.ts';

/** A parameter that AHDS adds to the specification's own. Source: microsoft/fhir-server, ms-search-parameters.json. */
const expiryDate: PublishedSearchParameter = {
  resourceType: 'SearchParameter',
  id: 'expiry-date',
  url: 'https://azurehealthcareapis.com/data-extensions/expiry-date',
  code: '_expiryDate',
  base: ['Resource'],
  type: 'date',
  expression: "Resource.meta.extension.where(url='https://azurehealthcareapis.com/data-extensions/expiry-date').value",
};

/** By `Observation.code`; those that all types share by `Resource._id`. */
export function compactSearchParameters(
  published: readonly PublishedSearchParameter[],
  structures: CompactStructures,
): Map<string, CompactSearchParameter> {
  const parameters = [...published.filter(isOfTheSpecification), expiryDate];
  const byUrl = new Map(parameters.map((parameter) => [parameter.url, parameter]));
  const compact = new Map<string, CompactSearchParameter>();
  for (const parameter of parameters) {
    for (const base of parameter.base ?? []) {
      compact.set(`${base}.${parameter.code}`, compactParameter(parameter, base, byUrl, structures));
    }
  }
  return compact;
}

/**
 * The package also has examples of search parameters, and those of HL7's extension packs, whose expressions end at an
 * `Extension`, a type that no parameter type covers. AHDS has the same 1,375.
 */
function isOfTheSpecification({ id, base }: PublishedSearchParameter): boolean {
  return base !== undefined && id !== 'filter' && !/^example|-extensions-|-genetic-/.test(id);
}

function compactParameter(
  parameter: PublishedSearchParameter,
  base: string,
  byUrl: ReadonlyMap<string, PublishedSearchParameter>,
  structures: CompactStructures,
): CompactSearchParameter {
  const { url, type } = parameter;
  // `Location.position` alone does not say what `near` compares.
  const source = type === 'special' ? undefined : parameter.expression;
  const { parts, targets } = expressionFor(base, source ?? '');
  const expression = combined(parts);
  const components = parameter.component?.map(({ definition, expression: part }) => {
    const of = byUrl.get(definition) as PublishedSearchParameter;
    return { code: of.code, type: of.type as SearchParameterType, expression: componentExpression(part) };
  });
  const narrowed = type === 'reference' ? narrowTargets(parameter, targets, parts, structures) : [];
  return {
    url,
    type: type as SearchParameterType,
    ...(expression !== '' && { expression }),
    ...(narrowed.length > 0 && { targets: narrowed }),
    ...(components && { components }),
  };
}

/** What `resolve()` asked for; else what the elements allow, which is less than a parameter of many types declares. */
function narrowTargets(
  parameter: PublishedSearchParameter,
  resolved: readonly string[],
  parts: readonly string[],
  structures: CompactStructures,
): readonly string[] {
  if (resolved.length > 0) return resolved;
  const declared = parameter.target ?? [];
  const allowed = targetsAlong(parts, structures);
  if (allowed === undefined) return declared.length === structures.resources.size ? [] : [...declared].sort();
  return allowed;
}
