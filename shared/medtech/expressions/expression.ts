/** An expression of a mapping, compiled once, whichever its language. */
import type { JsonValue } from '../json/value.ts';

export interface Expression {
  /** Members without which, at any depth of an event, `matches` finds nothing in it and cannot fail, where they are known. */
  readonly neededMembers?: readonly string[];
  /**
   * What a `typeMatchExpression` matches, in order. JSONPath: each token found, nulls too. JMESPath: each item of a projection,
   * the value itself where the result is no projection, nothing for null.
   */
  matches(root: JsonValue): readonly JsonValue[];
  /**
   * The one value of any other expression; undefined if there is none (JMESPath: null is none).
   * Several tokens, or a projection of several, are an `ExpressionError`.
   */
  single(root: JsonValue): JsonValue | undefined;
}

/** An expression failed on an event. The message may hold the event's data. */
export class ExpressionError extends Error {}

/** A text is no expression. `offset` counts the characters before the mistake. */
export class ExpressionSyntaxError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(`${message} Position ${offset + 1} of the expression.`);
    this.offset = offset;
  }
}
