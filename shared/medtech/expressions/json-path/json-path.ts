import { type Expression, ExpressionError } from '../expression.ts';
import { readPath } from './read-path.ts';
import { compileSteps } from './run-steps.ts';

/** A JSONPath in Newtonsoft's dialect. Throws `ExpressionSyntaxError`. */
export function compileJsonPath(text: string): Expression {
  const select = compileSteps(readPath(text));
  return {
    matches: (root) => select([root], root),
    single: (root) => {
      const found = select([root], root);
      if (found.length > 1) throw new ExpressionError(`The path ${text} finds ${found.length} values; one is allowed.`);
      return found[0];
    },
  };
}
