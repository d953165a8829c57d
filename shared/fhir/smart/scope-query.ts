/**
 * The query of a granular scope, `patient/Observation.rs?category=laboratory`, as a condition. SMART App Launch 2.0; AHDS:
 * 400 for modifiers, chains, `_has`, includes and parameters that are not known.
 */
import { badScope, type SmartScope } from '../../access/smart/scope-grammar.ts';
import type { Condition } from '../../stores/resources/query.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { FhirError } from '../outcome.ts';
import { allOf } from '../search/conditions.ts';
import { criterion } from '../search/criterion.ts';
import { type SearchContext, UnsupportedParameter } from '../search/search-context.ts';

/** These look at other resources, or are no conditions on one. */
const refused: ReadonlySet<string> = new Set(['_list', '_not-referenced', '_filter', '_text', '_content', '_type']);
const plainName = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Undefined for a scope without a query. `base`: absolute URL of the service. */
export function scopeCondition(definitions: Definitions, base: string, scope: SmartScope): Condition | undefined {
  const { type, query } = scope;
  if (query === undefined) return undefined;
  const text = `${scope.context}/${type ?? '*'}?${query}`;
  const context: SearchContext = { definitions, base, now: Date.now(), issues: [], values: 0 };
  const conditions = [...new URLSearchParams(query)].map(([name, value]) => {
    if (!plainName.test(name) || refused.has(name)) throw badScope(text, `'${name}' is no plain search parameter`);
    try {
      return criterion(context, type === undefined ? undefined : [type], name, value);
    } catch (error) {
      if (error instanceof UnsupportedParameter) throw badScope(text, `'${name}' is not a search parameter of it`);
      throw error instanceof FhirError ? badScope(text, error.message) : error;
    }
  });
  return allOf(conditions);
}
