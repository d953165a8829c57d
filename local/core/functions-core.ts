/**
 * Supplies `@azure/functions-core` to the Functions library, which asks for it by `require`. Without it the library
 * goes into a test mode that registers nothing.
 */
import { registerHooks } from 'node:module';
import type { FunctionCallback, FunctionMetadata, HookCallback, LogLevel, ProgrammingModel } from './contract.ts';
import { FunctionRegistry } from './function-registry.ts';

const specifier = '@azure/functions-core';
const address = 'local-host:functions-core';
const key = Symbol.for(specifier);

let registry = new FunctionRegistry();

/** The library keeps the module that it got first, so the module stays and the registry behind it changes. */
const core = {
  version: '4.0.0',
  hostVersion: '4.1037.0',
  Disposable: class {
    readonly dispose: () => void;
    constructor(dispose: () => void) {
      this.dispose = dispose;
    }
  },
  registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) => registry.add(metadata, callback),
  registerHook: (name: string, callback: HookCallback) => registry.addHook(name, callback),
  setProgrammingModel: (model: ProgrammingModel) => {
    lastModel = model;
    registry.model = model;
  },
  getProgrammingModel: () => lastModel,
  log: (level: LogLevel, category: string, message: string) => logMessage(level, category, message),
};
let lastModel: ProgrammingModel | undefined;
let supplied = false;

/** Loads an app and returns what it registered. The library sets its model once per process, an app may come again. */
export async function collectFunctions(load: () => Promise<unknown>): Promise<FunctionRegistry> {
  supply();
  registry = new FunctionRegistry();
  if (lastModel) registry.model = lastModel;
  await load();
  return registry;
}

/** Warnings and errors go to stderr, an app's own information to stdout, the library's chatter nowhere. */
export function logMessage(level: LogLevel, category: string, message: string): void {
  if (level === 'warning' || level === 'error' || level === 'critical') console.error(message);
  else if (level === 'information' && category === 'user') console.log(message);
}

function supply(): void {
  if (supplied) return;
  supplied = true;
  (globalThis as Record<symbol, unknown>)[key] = core;
  registerHooks({
    resolve: (name, context, next) =>
      name === specifier ? { url: address, format: 'commonjs', shortCircuit: true } : next(name, context),
    load: (url, context, next) =>
      url === address
        ? { format: 'commonjs', shortCircuit: true, source: `module.exports = globalThis[Symbol.for('${specifier}')]` }
        : next(url, context),
  });
}
