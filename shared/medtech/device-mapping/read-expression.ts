/** An expression in a mapping file: a text, or in CalculatedContent also `{ "value": …, "language": … }`. */
import { type Expression, ExpressionSyntaxError } from '../expressions/expression.ts';
import { compileJmesPath } from '../expressions/jmes-path/jmes-path.ts';
import { compileJsonPath } from '../expressions/json-path/json-path.ts';
import type { MappingObject } from '../json/mapping-object.ts';
import { isObject } from '../json/value.ts';

const compilers = { JsonPath: compileJsonPath, JmesPath: compileJmesPath };
export type ExpressionLanguage = keyof typeof compilers;
const languages = Object.keys(compilers) as ExpressionLanguage[];
const maxLength = 10_000;

/** The language that a member names, JSONPath where it is absent. Case does not count. */
export function languageOf(object: MappingObject, name: string): ExpressionLanguage {
  const given = object.text(name);
  if (given === undefined) return 'JsonPath';
  const known = languages.find((each) => each.toLowerCase() === given.toLowerCase());
  if (!known) object.error(`'${name}' must be ${languages.join(' or ')}.`, name);
  return known ?? 'JsonPath';
}

/** `language`: what a text is written in; undefined where only JSONPath is allowed, and only as a text. */
export function readExpression(
  object: MappingObject,
  name: string,
  language: ExpressionLanguage | undefined,
): Expression | undefined {
  if (!isObject(object.get(name) ?? null)) return compiled(object, name, language ?? 'JsonPath');
  if (!language) {
    object.error(`'${name}' must be a text.`, name);
    return undefined;
  }
  const expression = object.object(name);
  expression?.only(['value', 'language']);
  if (expression?.get('value') === undefined) expression?.missing('value');
  const own = expression && (expression.get('language') === undefined ? language : languageOf(expression, 'language'));
  return expression && own && compiled(expression, 'value', own);
}

function compiled(object: MappingObject, name: string, language: ExpressionLanguage): Expression | undefined {
  const text = object.text(name);
  if (text === undefined) return undefined;
  if (text.length > maxLength) {
    object.error(`'${name}' has more than ${maxLength} characters.`, name);
    return undefined;
  }
  if (!text.trim()) {
    object.missing(name);
    return undefined;
  }
  try {
    return compilers[language](text);
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    object.error(`'${name}': ${error.message}`, name);
    return undefined;
  }
}
