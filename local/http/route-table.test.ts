import { describe, expect, it } from 'vitest';
import type { RegisteredFunction } from '../core/function-registry.ts';
import { RouteTable } from './route-table.ts';

function registered(name: string, route: string | undefined, ...methods: string[]): RegisteredFunction {
  const trigger = { type: 'httpTrigger', direction: 'in' as const, route, methods, bindingName: 'request' };
  return { metadata: { name, bindings: { request: trigger } }, trigger, callback: () => undefined };
}
const found = (table: RouteTable, method: string, path: string) => table.find(method, path)?.called.metadata.name;

describe('the route table', () => {
  it('takes the first by name, not the more literal one', () => {
    const table = new RouteTable([
      registered('b-literal', 'x/recent', 'GET'),
      registered('A-parameter', 'x/{id}', 'GET'),
    ]);
    expect(found(table, 'GET', '/x/recent')).toBe('A-parameter');
  });

  it('passes on to the next when the method is not served', () => {
    const table = new RouteTable([registered('a', 'x', 'POST'), registered('zz', '{*path}', 'GET', 'POST')]);
    expect(found(table, 'POST', '/x')).toBe('a');
    expect(found(table, 'GET', '/x')).toBe('zz');
    expect(found(table, 'GET', `/${'x/'.repeat(200)}`)).toBe('zz');
    expect(found(table, 'BREW', '/x')).toBeUndefined();
  });

  it('a Function without a route is found by its name, the one at "/" at the root', () => {
    const table = new RouteTable([registered('named', undefined, 'GET'), registered('root', '/', 'GET')]);
    expect(found(table, 'GET', '/Named')).toBe('named');
    expect(found(table, 'GET', '/')).toBe('root');
  });

  it('long paths reach long templates', () => {
    const table = new RouteTable([registered('long', Array.from({ length: 40 }, () => 'x').join('/'), 'GET')]);
    expect(found(table, 'GET', '/x'.repeat(40))).toBe('long');
    expect(found(table, 'GET', '/x'.repeat(41))).toBeUndefined();
  });

  it('refuses the same template and method twice, as the host does', () => {
    const rows = [registered('a', 'x/{id}', 'GET', 'PUT'), registered('b', 'X/{id}', 'PUT')];
    expect(() => new RouteTable(rows)).toThrow('Functions a and b have the same route "x/{id}" for PUT.');
  });

  it.each(['admin/x', 'Runtime', '/administrator'])("refuses %s, which is the host's", (route) => {
    expect(() => new RouteTable([registered('a', route, 'GET')])).toThrow(/admin or runtime/);
  });
});
