/** One invocation of a Function, as the worker runs it: arguments, hooks, handler, hooks. */
import type { CoreInvocation, TypedData } from './contract.ts';
import type { FunctionRegistry, RegisteredFunction } from './function-registry.ts';
import { logMessage } from './functions-core.ts';

export interface Trigger {
  readonly invocationId: string;
  /** The trigger's data, for the library to make the handler's input of. */
  readonly data?: TypedData | Record<string, unknown>;
  /** The handler's input ready made, instead of `data`. */
  readonly input?: unknown;
  readonly metadata?: Readonly<Record<string, TypedData>>;
  /** The library itself answers, over its own HTTP server. */
  readonly answeredByLibrary?: boolean;
}

/** Resolves with what the handler returned; rejects with what it threw. */
export async function invoke(
  registry: FunctionRegistry,
  called: RegisteredFunction,
  trigger: Trigger,
): Promise<unknown> {
  const invocation = coreInvocation(called, trigger);
  const model = registry.model.getInvocationModel(invocation);
  const { context, inputs } = await model.getArguments();
  const shared = { hookData: {}, appHookData: {}, invocationContext: context };
  const before = {
    ...shared,
    inputs: trigger.input === undefined ? inputs : [trigger.input],
    functionCallback: called.callback,
  };
  invocation.state = 'preInvocationHooks';
  await registry.runHooks('preInvocation', before);
  invocation.state = 'invocation';
  const after = { ...shared, inputs: before.inputs, result: undefined as unknown, error: undefined as unknown };
  try {
    after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (error) {
    after.error = error ?? new Error('The Function threw nothing.');
  }
  invocation.state = 'postInvocationHooks';
  await registry.runHooks('postInvocation', after);
  if (after.error !== undefined) throw after.error;
  if (trigger.answeredByLibrary) await model.getResponse(context, after.result);
  return after.result;
}

function coreInvocation({ metadata, trigger: binding }: RegisteredFunction, trigger: Trigger): CoreInvocation {
  const { invocationId, data } = trigger;
  return {
    invocationId,
    metadata,
    request: {
      invocationId,
      inputData: data === undefined ? [] : [{ name: binding.bindingName, data }],
      triggerMetadata: trigger.metadata ?? {},
    },
    log: logMessage,
  };
}
