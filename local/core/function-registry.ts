import type {
  Binding,
  Disposable,
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  ProgrammingModel,
} from './contract.ts';

export interface RegisteredFunction {
  readonly metadata: FunctionMetadata;
  readonly trigger: Binding & { readonly bindingName: string };
  readonly callback: FunctionCallback;
}

const hookNames = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation'] as const;
type HookName = (typeof hookNames)[number];

/** What an app registers while it is loaded. */
export class FunctionRegistry {
  readonly functions = new Map<string, RegisteredFunction>();
  readonly #hooks = new Map<HookName, HookCallback[]>(hookNames.map((name) => [name, []]));
  #model: ProgrammingModel | undefined;

  set model(model: ProgrammingModel) {
    this.#model = model;
  }

  get model(): ProgrammingModel {
    if (!this.#model) throw new Error('The app has not registered a single Function.');
    return this.#model;
  }

  add(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
    const { name, bindings } = metadata;
    if (this.functions.has(name)) throw new Error(`A Function named "${name}" has already been registered.`);
    const trigger = Object.entries(bindings).find(([, { type }]) => /trigger$/i.test(type));
    if (!trigger) throw new Error(`Function "${name}" has no trigger.`);
    this.functions.set(name, { metadata, trigger: { ...trigger[1], bindingName: trigger[0] }, callback });
    return { dispose: () => this.functions.delete(name) };
  }

  /** A name that the worker does not know is a RangeError with this mark; the library looks at both. */
  addHook(name: string, callback: HookCallback): Disposable {
    const callbacks = this.#hooks.get(name as HookName);
    if (!callbacks) {
      throw Object.assign(new RangeError(`Unrecognized hook "${name}".`), { isAzureFunctionsSystemError: true });
    }
    callbacks.push(callback);
    return { dispose: () => callbacks.splice(callbacks.indexOf(callback), 1) };
  }

  /** Runs the hooks one after the other; each may change the context. */
  async runHooks(name: HookName, context: Record<string, unknown>): Promise<void> {
    for (const callback of this.#hooks.get(name) ?? []) await callback(context);
  }
}
