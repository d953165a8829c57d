/**
 * The thread that runs invariants by FHIRPath. Expressions of stored profiles are written by users: a thread of its own can
 * be stopped whatever it does, a regular expression without end included, and has a limit of memory.
 */
import { parentPort } from 'node:worker_threads';
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
import type { JsonObject, JsonValue } from '../resource/types.ts';
import { TargetResolver } from './invariant-resolve.ts';

export interface InvariantRequest {
  readonly resource: JsonObject;
  readonly calls: readonly {
    /** From the resource to the element: `['component', 0]`. */
    readonly steps: readonly (string | number)[];
    /** The element's type or, of a backbone element, its path. */
    readonly type: string;
    readonly expression: string;
  }[];
}

/** Whether it holds, or why it could not be run. */
export type Verdict = boolean | { readonly failure: string };

type Compiled = (element: unknown, variables: object) => unknown;

/** Compiled expressions that are kept; R4's own are 2,500 with their places. */
const maxCompiled = 5000;
const compiled = new Map<string, Compiled | Error>();
const resolver = new TargetResolver();

function compile(type: string, expression: string): Compiled | Error {
  const key = `${type} ${expression}`;
  const known = compiled.get(key);
  if (known) return known;
  let made: Compiled | Error;
  try {
    // `trace` must not write what is in a resource to the console.
    const options = { traceFn: () => {}, async: false, userInvocationTable: resolver.functions } as const;
    made = fhirpath.compile({ base: type, expression }, r4, options) as Compiled;
  } catch (error) {
    made = error instanceof Error ? error : new Error(String(error));
  }
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(key, made);
  return made;
}

/** FHIRPath as an invariant: one item that is not `false` holds; nothing does not (R4 ElementDefinition.constraint). */
function holds(result: unknown): boolean {
  if (!Array.isArray(result)) throw new Error('The expression has no immediate result.');
  return result.length > 0 && result[0] !== false;
}

function verdictOf(resource: JsonObject, { steps, type, expression }: InvariantRequest['calls'][number]): Verdict {
  const evaluate = compile(type, expression);
  if (evaluate instanceof Error) return { failure: evaluate.message };
  const { element, own, root } = elementAt(resource, steps);
  // A primitive with extensions only has nothing that an expression could be about.
  if (element === undefined || element === null) return true;
  try {
    resolver.start(resource, root);
    const verdict = holds(evaluate(element, { resource: own, rootResource: root }));
    return verdict || !resolver.isGuess(expression) ? verdict : { failure: 'The target of a reference is not here.' };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

/** The element, the resource that has it, and the one that contains that (`%rootResource`). */
function elementAt(resource: JsonObject, steps: readonly (string | number)[]) {
  let element: JsonValue | undefined = resource;
  let own = resource;
  let root = resource;
  let isContained = false;
  for (const step of steps) {
    isContained = step === 'contained' || (isContained && typeof step === 'number');
    element = (element as JsonObject | undefined)?.[step as string];
    if (typeof element !== 'object' || element === null || Array.isArray(element)) continue;
    if (typeof element.resourceType !== 'string') continue;
    own = element;
    if (!isContained) root = element;
  }
  return { element, own, root };
}

const port = parentPort;
if (port === null) throw new Error('This file is the entry of a worker thread.');
port.on('message', ({ resource, calls }: InvariantRequest) => {
  port.postMessage(calls.map((call) => verdictOf(resource, call)));
});
port.postMessage('ready');
