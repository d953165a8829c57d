import type { JsonValue } from '../../json/value.ts';
import { type Expression, ExpressionError } from '../expression.ts';
import { Work } from '../work.ts';
import { neededNames } from './needed-names.ts';
import { compilePlainPath } from './plain-path.ts';
import { readPath } from './read-path.ts';
import { compileSteps } from './run-steps.ts';

/** A JSONPath in Newtonsoft's dialect. Throws `ExpressionSyntaxError`. */
export function compileJsonPath(text: string): Expression {
  const steps = readPath(text);
  const neededMembers = neededNames(steps);
  const work = new Work();
  const compiled = compileSteps(steps, work);
  const select = (root: JsonValue) => {
    work.begin();
    return compiled([root], root);
  };
  const plain = compilePlainPath(steps);
  return {
    neededMembers,
    matches: select,
    single:
      plain ??
      ((root) => {
        const found = select(root);
        if (found.length > 1)
          throw new ExpressionError(`The path ${text} finds ${found.length} values; one is allowed.`);
        return found[0];
      }),
  };
}
