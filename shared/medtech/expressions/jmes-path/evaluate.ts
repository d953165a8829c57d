/** A tree as a function of the event. Made once for a mapping. */
import { isArray, isObject, type JsonValue } from '../../json/value.ts';
import { ExpressionError } from '../expression.ts';
import { sliceOf } from '../slice.ts';
import type { Work } from '../work.ts';
import { type Argument, FunctionError } from './arguments.ts';
import { compareValues, isTrue } from './compare.ts';
import { functions } from './functions.ts';
import { asValue, Projection, type Result } from './projection.ts';
import type { Node, Step } from './syntax.ts';

export type Evaluate = (current: JsonValue) => Result;

/** `work`: what a run may cost; the caller begins it anew for each. */
export function compile(node: Node, work: Work): Evaluate {
  switch (node.kind) {
    case 'current':
      return (current) => current;
    case 'literal':
      return () => node.value;
    case 'list': {
      const items = node.items.map((item) => compile(item, work));
      return (current) => {
        work.spend(items.length);
        return items.map((item) => asValue(item(current)));
      };
    }
    case 'hash': {
      const members = node.members.map(([name, value]) => [name, compile(value, work)] as const);
      return (current) => {
        work.spend(members.length);
        return Object.fromEntries(members.map(([name, value]) => [name, asValue(value(current))]));
      };
    }
    case 'call':
      return compileCall(node, work);
    case 'reference':
      return compile(node.of, work);
    case 'not': {
      const of = compile(node.of, work);
      return (current) => !isTrue(asValue(of(current)));
    }
    case 'pipe': {
      const [left, right] = [compile(node.left, work), compile(node.right, work)];
      return (current) => right(asValue(left(current)));
    }
    case 'and':
    case 'or': {
      const [left, right] = [compile(node.left, work), compile(node.right, work)];
      const goesOn = node.kind === 'and';
      return (current) => {
        const first = left(current);
        return isTrue(asValue(first)) === goesOn ? right(current) : first;
      };
    }
    case 'compare': {
      const [left, right] = [compile(node.left, work), compile(node.right, work)];
      return (current) => compareValues(asValue(left(current)), node.by, asValue(right(current)), work);
    }
    case 'step': {
      const of = compile(node.of, work);
      const step = compileStep(node.step, work);
      const whole = node.step.kind === 'flatten';
      return (current) => {
        const from = of(current);
        // Nothing follows null, except within a projection.
        return from === null || from === undefined ? from : through(from, step, whole, work);
      };
    }
  }
}

type Apply = (value: JsonValue) => Result;

/**
 * To each value of a projection; what gives nothing is left out. Flattening takes the projection as a whole.
 * JmesPath.Net: parentheses do not end a projection.
 */
function through(from: Result, step: Apply, whole: boolean, work: Work): Result {
  if (!(from instanceof Projection)) return step(asValue(from));
  if (whole) return step(asValue(from));
  work.spend(from.items.length);
  const items = from.items.map((item) => through(item, step, whole, work)).filter((item) => item !== undefined);
  return new Projection(items);
}

function compileStep(step: Step, work: Work): Apply {
  const projection = (items: readonly JsonValue[]) => {
    work.spend(items.length);
    return new Projection(items);
  };
  switch (step.kind) {
    case 'member':
      return (value) => (isObject(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined);
    case 'index':
      return (value) => (isArray(value) ? value.at(step.index) : undefined);
    case 'slice':
      return (value) => (isArray(value) ? projection(sliceOf(value, step)) : undefined);
    case 'items':
      return (value) => (isArray(value) ? projection(value.filter((item) => item !== null)) : undefined);
    case 'flatten':
      return (value) => {
        if (!isArray(value)) return undefined;
        work.spend(value.reduce((sum: number, item) => sum + (isArray(item) ? item.length : 1), 0));
        return new Projection(value.flat().filter((item) => item !== null));
      };
    case 'values':
      return (value) => (isObject(value) ? projection(Object.values(value)) : undefined);
    case 'filter': {
      const test = compile(step.test, work);
      return (value) => (isArray(value) ? projection(value.filter((item) => isTrue(asValue(test(item))))) : undefined);
    }
    case 'apply':
      return compile(step.node, work);
  }
}

function compileCall({ name, args }: Extract<Node, { kind: 'call' }>, work: Work): Evaluate {
  const { run } = functions[name] as (typeof functions)[string];
  const compiled = args.map((arg) => ({ isReference: arg.kind === 'reference', evaluate: compile(arg, work) }));
  return (current) => {
    const given = compiled.map(
      ({ isReference, evaluate }): Argument =>
        isReference ? (value) => asValue(evaluate(value)) : asValue(evaluate(current)),
    );
    for (const argument of given) work.spend(sizeOf(argument));
    try {
      return run(given, work);
    } catch (error) {
      if (error instanceof FunctionError) throw new ExpressionError(`${name}: ${error.message}`);
      throw error;
    }
  };
}

function sizeOf(argument: Argument): number {
  return (
    1 + (isArray(argument as JsonValue) || typeof argument === 'string' ? (argument as { length: number }).length : 0)
  );
}
