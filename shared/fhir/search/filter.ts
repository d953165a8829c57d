/** `_filter`: an expression over the search parameters. FHIR R4 3.1.3. AHDS differs: it does not offer it. */
import type { Condition } from '../../stores/resources/query.ts';
import type { SearchParameter } from '../definitions/definitions.ts';
import { FhirError } from '../outcome.ts';
import { chainCondition } from './chain.ts';
import { columnConditions } from './column-condition.ts';
import { comparison } from './filter-comparison.ts';
import { type Filter, filterError, parseFilter, type Step } from './filter-grammar.ts';
import { eachParameter } from './resolve-parameter.ts';
import { maxChainDepth, type SearchContext, spend, UnsupportedParameter } from './search-context.ts';

type Types = readonly string[] | undefined;

/** Nothing of a filter is ignored, whatever the handling: half of it could find more than was asked for. */
export function filterCondition(context: SearchContext, types: Types, text: string): Condition {
  return ofFilter(context, types, parseFilter(text));
}

function ofFilter(context: SearchContext, types: Types, filter: Filter): Condition {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, of: filter.of.map((each) => ofFilter(context, types, each)) };
    case 'not':
      return { kind: 'not', of: ofFilter(context, types, filter.of) };
    case 'compare':
      if (filter.path.length > maxChainDepth) {
        throw new FhirError('too-costly', `A chain has at most ${maxChainDepth} links.`);
      }
      spend(context, 1);
      return along(context, types, filter.path, filter);
  }
}

/** `subject[active eq true].name`: what the path refers to meets the brackets and the rest. */
function along(
  context: SearchContext,
  types: Types,
  [step, ...rest]: readonly Step[],
  compared: Filter & { readonly kind: 'compare' },
): Condition {
  if (!step) throw new TypeError('A comparison needs a path.');
  return named(step, () => {
    if (rest.length === 0) return leaf(context, types, step, compared);
    const { where } = step;
    return chainCondition(context, types, step.name, rest.map(({ name }) => name).join('.'), (targets) => {
      const behind = along(context, targets, rest, compared);
      return where ? { kind: 'and', of: [ofFilter(context, targets, where), behind] } : behind;
    });
  });
}

function leaf(
  context: SearchContext,
  types: Types,
  { name, at }: Step,
  { operator, value }: Filter & { readonly kind: 'compare' },
): Condition {
  if (name.includes(':')) throw filterError(at, 'a parameter without a modifier is expected');
  const column = columnConditions.get(name);
  if (!column) {
    const compared = (parameter: SearchParameter) => comparison(context, parameter, operator, value, at);
    return eachParameter(context, types, name, compared);
  }
  const escaped = value.replace(/[\\,]/g, '\\$&');
  if (operator === 'eq') return column(context, types, undefined, escaped);
  if (operator === 'ne' && name !== '_lastUpdated')
    return { kind: 'not', of: column(context, types, undefined, escaped) };
  const isOrder = ['ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap'].includes(operator);
  if (name === '_lastUpdated' && isOrder) return column(context, types, undefined, `${operator}${escaped}`);
  throw filterError(at, `'${operator}' does not go with '${name}'`);
}

function named(step: Step, make: () => Condition): Condition {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof UnsupportedParameter)) throw error;
    throw filterError(step.at, `'${step.name}' is not a search parameter that can be used here`);
  }
}
