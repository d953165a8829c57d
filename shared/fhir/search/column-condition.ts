/** Parameters that no index entries stand for: columns of every resource, its text, lists and who refers to it. */
import type { Condition } from '../../stores/resources/query.ts';
import { anyOf } from './conditions.ts';
import { dateArgument } from './date.ts';
import { unescaped } from './escape.ts';
import { listCondition } from './list.ts';
import { notReferencedCondition } from './not-referenced.ts';
import { alternativesOf, missingAsked } from './parameter-condition.ts';
import { notOffered, type SearchContext } from './search-context.ts';
import { textCondition } from './text.ts';

type ColumnCondition = (
  context: SearchContext,
  types: readonly string[] | undefined,
  modifier: string | undefined,
  value: string,
) => Condition;

export const columnConditions: ReadonlyMap<string, ColumnCondition> = new Map<string, ColumnCondition>([
  ['_id', idCondition],
  ['_lastUpdated', updatedCondition],
  ['_type', typeCondition],
  ['_text', textCondition('_text')],
  ['_content', textCondition('_content')],
  ['_list', unmodified('_list', listCondition)],
  ['_not-referenced', unmodified('_not-referenced', notReferencedCondition)],
]);

function idCondition(...[context, , modifier, value]: Parameters<ColumnCondition>): Condition {
  if (modifier !== undefined && modifier !== 'not') return always('_id', modifier, value);
  const ids = alternativesOf(context, { code: '_id', type: 'token' }, value).map(unescaped);
  return modifier === 'not' ? { kind: 'not', of: { kind: 'id', ids } } : { kind: 'id', ids };
}

function updatedCondition(...[context, , modifier, value]: Parameters<ColumnCondition>): Condition {
  const code = '_lastUpdated';
  if (modifier !== undefined) return always(code, modifier, value);
  const values = alternativesOf(context, { code, type: 'date' }, value);
  return anyOf(values.map((text) => ({ kind: 'updated', range: dateArgument(context, text, code) })));
}

function typeCondition(...[context, , modifier, value]: Parameters<ColumnCondition>): Condition {
  if (modifier !== undefined && modifier !== 'not') throw unsupported('_type', modifier);
  const types = knownTypes(context, value);
  const condition: Condition = types.length === 0 ? { kind: 'nothing' } : { kind: 'type', types };
  return modifier === 'not' ? { kind: 'not', of: condition } : condition;
}

/** The resource types that a value of `_type` names. Each name that is none becomes a warning. */
export function knownTypes(context: SearchContext, value: string): string[] {
  const names = alternativesOf(context, { code: '_type', type: 'token' }, value).map(unescaped);
  const known = names.filter(context.definitions.isResourceType);
  for (const name of names) {
    if (known.includes(name)) continue;
    const diagnostics = `The resource type '${name}' in _type is not supported.`;
    context.issues.push({ severity: 'warning', code: 'not-supported', diagnostics });
  }
  return [...new Set(known)];
}

function unmodified(
  code: string,
  condition: (context: SearchContext, types: readonly string[] | undefined, value: string) => Condition,
): ColumnCondition {
  return (context, types, modifier, value) => {
    if (modifier !== undefined) throw unsupported(code, modifier);
    return condition(context, types, value);
  };
}

/** No resource is without an id or the time of its last change. */
function always(code: string, modifier: string, value: string): Condition {
  if (modifier !== 'missing') throw unsupported(code, modifier);
  return missingAsked(value) ? { kind: 'nothing' } : { kind: 'and', of: [] };
}

function unsupported(code: string, modifier: string) {
  return notOffered(`The modifier ':${modifier}' is not supported for the search parameter '${code}'.`);
}
