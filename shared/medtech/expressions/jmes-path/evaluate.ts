/** A tree as a function of the event. Made once for a mapping. */
import { isArray, isObject, type JsonValue } from '../../json/value.ts';
import { sliceOf } from '../slice.ts';
import { compareValues, isTrue } from './compare.ts';
import { type Argument, functions } from './functions.ts';
import { asValue, Projection, type Result } from './projection.ts';
import type { Node, Step } from './syntax.ts';

export type Evaluate = (current: JsonValue) => Result;

export function compile(node: Node): Evaluate {
  switch (node.kind) {
    case 'current':
      return (current) => current;
    case 'literal':
      return () => node.value;
    case 'group':
      return compile(node.of);
    case 'list': {
      const items = node.items.map(compile);
      return (current) => (current === null ? null : items.map((item) => asValue(item(current))));
    }
    case 'hash': {
      const members = node.members.map(([name, value]) => [name, compile(value)] as const);
      return (current) =>
        current === null ? null : Object.fromEntries(members.map(([name, value]) => [name, asValue(value(current))]));
    }
    case 'call':
      return compileCall(node);
    case 'reference':
      return compile(node.of);
    case 'not': {
      const of = compile(node.of);
      return (current) => !isTrue(asValue(of(current)));
    }
    case 'pipe': {
      const [left, right] = [compile(node.left), compile(node.right)];
      return (current) => right(asValue(left(current)));
    }
    case 'and':
    case 'or': {
      const [left, right] = [compile(node.left), compile(node.right)];
      const goesOn = node.kind === 'and';
      return (current) => {
        const first = left(current);
        return isTrue(asValue(first)) === goesOn ? right(current) : first;
      };
    }
    case 'compare': {
      const [left, right] = [compile(node.left), compile(node.right)];
      return (current) => compareValues(asValue(left(current)), node.by, asValue(right(current)));
    }
    case 'step': {
      const of = compile(node.of);
      const step = compileStep(node.step);
      const isGroup = node.of.kind === 'group';
      return (current) => through(isGroup ? asValue(of(current)) : of(current), step, node.step.kind === 'flatten');
    }
  }
}

type Apply = (value: JsonValue) => Result;

/** To each value of a projection; what gives nothing is left out. Flattening takes the projection as a whole. */
function through(from: Result, step: Apply, whole: boolean): Result {
  if (from === undefined) return undefined;
  if (!(from instanceof Projection)) return step(from);
  if (whole) return step(asValue(from));
  const items = from.items.map((item) => through(item, step, whole)).filter((item) => item !== undefined);
  return new Projection(items);
}

function compileStep(step: Step): Apply {
  switch (step.kind) {
    case 'member':
      return (value) => (isObject(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined);
    case 'index':
      return (value) => (isArray(value) ? value.at(step.index) : undefined);
    case 'slice':
      return (value) => (isArray(value) ? new Projection(sliceOf(value, step)) : undefined);
    case 'items':
      return (value) => (isArray(value) ? new Projection(value.filter((item) => item !== null)) : undefined);
    case 'flatten':
      return (value) => (isArray(value) ? new Projection(value.flat().filter((item) => item !== null)) : undefined);
    case 'values':
      return (value) => (isObject(value) ? new Projection(Object.values(value)) : undefined);
    case 'filter': {
      const test = compile(step.test);
      return (value) =>
        isArray(value) ? new Projection(value.filter((item) => isTrue(asValue(test(item))))) : undefined;
    }
    case 'apply': {
      const apply = compile(step.node);
      return (value) => (value === null ? undefined : apply(value));
    }
  }
}

function compileCall(node: Extract<Node, { kind: 'call' }>): Evaluate {
  const { run } = functions[node.name] as (typeof functions)[string];
  const args = node.args.map((arg) => ({ isReference: arg.kind === 'reference', evaluate: compile(arg) }));
  return (current) => {
    const given = args.map(
      ({ isReference, evaluate }): Argument =>
        isReference ? (value) => asValue(evaluate(value)) : asValue(evaluate(current)),
    );
    return run(given);
  };
}
