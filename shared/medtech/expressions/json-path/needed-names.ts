/**
 * Names of members that an event must have, at any depth, for a path to find anything in it or to fail on it. What comes after
 * a step that can fail does not count: an event without such a name must fail as before.
 */
import type { Filter, PathStep, Side } from './path-step.ts';

interface Needs {
  readonly names: readonly string[];
  /** Running it can be an error of the event. */
  readonly fails: boolean;
}

const nothing: Needs = { names: [], fails: false };
/** Operators that convert the sides to each other's kind. */
const converting = new Set(['<', '<=', '>', '>=']);

export function neededNames(steps: readonly PathStep[]): readonly string[] {
  return [...new Set(ofPath(steps).names)];
}

function ofPath(steps: readonly PathStep[]): Needs {
  return inTurn(steps.map(ofStep));
}

function ofStep(step: PathStep): Needs {
  switch (step.kind) {
    case 'names':
    case 'scan-names':
      return { names: step.names.length === 1 ? step.names : [], fails: false };
    case 'indexes':
      return { names: [], fails: step.indexes.some((index) => index < 0) };
    case 'filter':
    case 'scan-filter':
      return ofFilter(step.test);
    default:
      return nothing;
  }
}

function ofFilter(filter: Filter): Needs {
  switch (filter.kind) {
    case 'every':
      return inTurn(filter.of.map(ofFilter));
    case 'some': {
      const [first = nothing, ...others] = filter.of.map(ofFilter);
      return {
        names: first.names.filter((name) => others.every(({ names }) => names.includes(name))),
        fails: [first, ...others].some(({ fails }) => fails),
      };
    }
    case 'exists':
      return ofSide(filter.side);
    case 'compare': {
      const sides = inTurn([ofSide(filter.left), ofSide(filter.right)]);
      return converting.has(filter.operator) ? { ...sides, fails: true } : sides;
    }
  }
}

function ofSide(side: Side): Needs {
  return side.kind === 'path' ? ofPath(side.steps) : nothing;
}

/** One after the other, each only where the one before has found something. */
function inTurn(all: readonly Needs[]): Needs {
  const firstToFail = all.findIndex(({ fails }) => fails);
  const counted = firstToFail < 0 ? all : all.slice(0, firstToFail + 1);
  return { names: counted.flatMap(({ names }) => names), fails: firstToFail >= 0 };
}
