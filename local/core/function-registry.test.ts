import { describe, expect, it } from 'vitest';
import { FunctionRegistry } from './function-registry.ts';

const metadata = { name: 'a', bindings: { trigger: { type: 'httpTrigger', direction: 'in' as const } } };

describe('what an app registers', () => {
  it('a name cannot be taken twice', () => {
    const registry = new FunctionRegistry();
    registry.add(metadata, () => undefined);
    expect(() => registry.add(metadata, () => undefined)).toThrow('"a" has already been registered');
  });

  it('a Function needs a trigger', () => {
    const bindings = { out: { type: 'http', direction: 'out' as const } };
    expect(() => new FunctionRegistry().add({ name: 'a', bindings }, () => undefined)).toThrow('has no trigger');
  });

  it('hooks run in order until they are disposed of', async () => {
    const registry = new FunctionRegistry();
    const ran: string[] = [];
    const first = registry.addHook('appStart', () => void ran.push('first'));
    registry.addHook('appStart', () => void ran.push('second'));
    await registry.runHooks('appStart', {});
    first.dispose();
    await registry.runHooks('appStart', {});
    expect(ran).toEqual(['first', 'second', 'second']);
  });

  it('a hook that the worker does not know is the RangeError that the library looks for', () => {
    const add = () => new FunctionRegistry().addHook('log', () => undefined);
    expect(add).toThrow(RangeError);
    expect(add).toThrow(expect.objectContaining({ isAzureFunctionsSystemError: true }));
  });
});
