/** The arguments of functions, each of the type that it must have. */
import { kindOf } from '../../json/kind.ts';
import { isArray, isObject, type JsonObject, type JsonValue } from '../../json/value.ts';
import { numberOf, textOf } from './compare.ts';
import { isLong } from './number-kinds.ts';

/** A value, or for `&expression` a function. */
export type Argument = JsonValue | ((value: JsonValue) => JsonValue);

/** A function does not take what it was given, or has no result for it. It becomes an `ExpressionError` with its name. */
export class FunctionError extends Error {}

export function wrong(expected: string): never {
  throw new FunctionError(`${expected} is expected.`);
}

export function value(argument: Argument | undefined): JsonValue {
  return typeof argument === 'function' ? wrong('A value, not an expression,') : (argument ?? null);
}

export function expression(argument: Argument | undefined): (value: JsonValue) => JsonValue {
  return typeof argument === 'function' ? argument : wrong('An expression (&…)');
}

/** Dates count as texts. */
export function text(argument: Argument | undefined): string {
  return textOf(value(argument)) ?? wrong('A text');
}

/** Dates do not. */
export function plainText(argument: Argument | undefined): string {
  const given = value(argument);
  return kindOf(given) === 'string' ? text(given) : wrong('A text that is no date');
}

export function numeric(argument: Argument | undefined): number | bigint {
  return numberOf(value(argument)) ?? wrong('A number');
}

/** A whole number of 64 bits. */
export function long(argument: Argument | undefined): bigint {
  const given = value(argument);
  if (kindOf(given) !== 'integer') wrong('A whole number');
  const number = BigInt(numeric(given));
  return isLong(number) ? number : wrong('A whole number of 64 bits');
}

/** A whole number of 32 bits, which AHDS's library asks for in places where nothing says so. */
export function int(argument: Argument | undefined): number {
  const number = long(argument);
  return number === BigInt.asIntN(32, number) ? Number(number) : wrong('A whole number of 32 bits');
}

export function array(argument: Argument | undefined): readonly JsonValue[] {
  const given = value(argument);
  return isArray(given) ? given : wrong('An array');
}

export function object(argument: Argument | undefined): JsonObject {
  const given = value(argument);
  return isObject(given) ? given : wrong('An object');
}
