/** Required bindings: the value is from the value set. Source: FHIR R4 4.1.5.1. */
import type { Definitions } from '../definitions/definitions.ts';
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue } from '../resource/types.ts';
import { quote, type Walk } from './walk.ts';

export type BindingCheck = (value: JsonValue, walk: Walk) => void;

/** The check of an element's binding; undefined for a type that has no codes. Sets that cannot be listed accept all. */
export function compileBinding(type: string, valueSet: string, { codes }: Definitions): BindingCheck | undefined {
  if (type === 'code') return compileCodeBinding(valueSet, codes);
  const isMember = ({ system, code }: JsonObject): boolean => {
    const set = codes(valueSet);
    return set === undefined || (set.get(String(system))?.has(String(code)) ?? false);
  };
  const report = (walk: Walk): void => walk.report('value', `The value set ${valueSet} has no such coding.`);
  if (type === 'Coding') {
    return (coding, walk) => {
      if (isObject(coding) && !isMember(coding)) report(walk);
    };
  }
  if (type !== 'CodeableConcept') return undefined;
  return (concept, walk) => {
    if (!isObject(concept) || codes(valueSet) === undefined) return;
    const { coding } = concept;
    if (!Array.isArray(coding) || !coding.some((one) => isObject(one) && isMember(one))) report(walk);
  };
}

function compileCodeBinding(valueSet: string, codes: Definitions['codes']): BindingCheck {
  let members: ReadonlySet<string> | 'any' | undefined;
  return (code, walk) => {
    members ??= allCodes(codes(valueSet)) ?? 'any';
    if (typeof code !== 'string' || code === '' || members === 'any' || members.has(code)) return;
    walk.report('value', `The value set ${valueSet} has no code ${quote(code)}.`);
  };
}

function allCodes(bySystem: ReturnType<Definitions['codes']>): ReadonlySet<string> | undefined {
  return bySystem && new Set([...bySystem.values()].flatMap((codes) => [...codes]));
}
