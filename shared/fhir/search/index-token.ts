import { fold, type TokenValue } from '../../stores/resources/index-entry.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue } from '../resource/types.ts';
import { textOf } from './element-text.ts';
import type { ElementIndexer, IndexedElement, IndexedParameter } from './index-element.ts';

/** AHDS gives booleans this system (STU3's) in R4 too. */
export const booleanSystem = 'http://hl7.org/fhir/special-values';

const complex: Readonly<Record<string, (value: JsonObject) => TokenValue[]>> = {
  Coding: (coding) => codingToken(coding),
  CodeableConcept: conceptTokens,
  /** An identifier without a value is not found by its system alone. */
  Identifier: identifierTokens,
  /** AHDS differs: the system of a contact point is its use; phone and email have parameters of their own. */
  ContactPoint: ({ use, value }) => valueToken(use, value, undefined),
};
const texts = new Set(['string', 'markdown', 'id', 'uri', 'url', 'canonical', 'oid', 'uuid', 'date', 'dateTime']);

/** FHIR R4 3.1.1.4.10. */
export function tokenIndexer(
  { type, element }: IndexedElement,
  _parameter: IndexedParameter,
  definitions: Definitions,
): ElementIndexer | undefined {
  if (type === 'code') return textToken(definitions.systemOfCode(element) ?? null);
  if (texts.has(type)) return textToken(null);
  if (type === 'boolean') {
    return (value) => (typeof value === 'boolean' ? [token(booleanSystem, String(value), undefined)] : []);
  }
  const tokens = complex[type];
  return tokens && ((value) => (isObject(value) ? tokens(value) : []));
}

export function identifierTokens({ system, value, type }: JsonObject): TokenValue[] {
  return valueToken(system, value, isObject(type) ? textOf(type.text) : undefined);
}

function textToken(system: string | null): ElementIndexer {
  return (value) => {
    const code = textOf(value);
    return code === undefined ? [] : [token(system, code, undefined)];
  };
}

function codingToken(coding: JsonObject): TokenValue[] {
  const [system, code, display] = [textOf(coding.system), textOf(coding.code), textOf(coding.display)];
  return system === undefined && code === undefined && display === undefined ? [] : [token(system, code, display)];
}

/** The text of a concept is a value of its own, unless a coding displays the same. */
function conceptTokens({ coding, text }: JsonObject): TokenValue[] {
  const tokens = (Array.isArray(coding) ? coding : []).flatMap((each) => (isObject(each) ? codingToken(each) : []));
  const own = textOf(text);
  if (own !== undefined) {
    const ofText = token(undefined, undefined, own);
    if (!tokens.some((each) => each.text === ofText.text)) tokens.push(ofText);
  }
  return tokens;
}

function valueToken(
  system: JsonValue | undefined,
  value: JsonValue | undefined,
  text: string | undefined,
): TokenValue[] {
  const code = textOf(value);
  return code === undefined ? [] : [token(textOf(system), code, text)];
}

function token(system: string | null | undefined, code: string | undefined, text: string | undefined): TokenValue {
  return { kind: 'token', system: system ?? null, code: code ?? null, text: text === undefined ? null : fold(text) };
}
