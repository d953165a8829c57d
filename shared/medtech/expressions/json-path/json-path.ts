import { type Expression, ExpressionError } from '../expression.ts';
import { neededNames } from './needed-names.ts';
import { compilePlainPath } from './plain-path.ts';
import { readPath } from './read-path.ts';
import { compileSteps } from './run-steps.ts';

/** A JSONPath in Newtonsoft's dialect. Throws `ExpressionSyntaxError`. */
export function compileJsonPath(text: string): Expression {
  const steps = readPath(text);
  const neededMembers = neededNames(steps);
  const select = compileSteps(steps);
  const plain = compilePlainPath(steps);
  return {
    neededMembers,
    matches: (root) => select([root], root),
    single:
      plain ??
      ((root) => {
        const found = select([root], root);
        if (found.length > 1)
          throw new ExpressionError(`The path ${text} finds ${found.length} values; one is allowed.`);
        return found[0];
      }),
  };
}
