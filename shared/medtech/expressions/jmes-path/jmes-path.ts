import type { JsonValue } from '../../json/value.ts';
import { type Expression, ExpressionError } from '../expression.ts';
import { Work } from '../work.ts';
import { compile } from './evaluate.ts';
import { parse } from './parse.ts';
import { asValue, Projection } from './projection.ts';

/** A JMESPath in the dialect of JmesPath.Net with MedTech's functions. Throws `ExpressionSyntaxError`. */
export function compileJmesPath(text: string): Expression {
  const work = new Work();
  const compiled = compile(parse(text), work);
  const evaluate = (root: JsonValue) => {
    work.begin();
    return compiled(root);
  };
  return {
    // Whether there are several matches depends on the result being a projection, not on its being an array.
    matches: (root) => {
      const result = evaluate(root);
      if (result instanceof Projection) return result.items.map(asValue);
      const value = asValue(result);
      return value === null ? [] : [value];
    },
    single: (root) => {
      const result = evaluate(root);
      if (result instanceof Projection && result.items.length > 1) {
        throw new ExpressionError(`The expression ${text} finds ${result.items.length} values; one is allowed.`);
      }
      const value = asValue(result);
      return value === null ? undefined : value;
    },
  };
}
