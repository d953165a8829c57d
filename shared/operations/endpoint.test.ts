import { describe, expect, it } from 'vitest';
import { allEndpoints, mount } from './all-endpoints.ts';
import { endpointsOf } from './endpoint.ts';
import type { Operation } from './operation.ts';

const row: Operation<null> = {
  name: 'test-row',
  methods: ['GET'],
  route: 'x',
  access: 'public',
  body: { kind: 'none' },
  handler: async () => ({ status: 200 }),
};
const mounted = (changes: object) => ({
  kind: 'test',
  operations: [{ ...row, ...changes }],
  renderError: () => ({ status: 500 }),
  service: async () => null,
});

describe('a row', () => {
  it.each([
    ['no access', { access: undefined }],
    ['an empty list of data actions', { access: [] }],
    ['an alternative without a data action, which would allow everyone', { access: [[]] }],
    ['HEAD, which comes with GET', { methods: ['HEAD'] }],
    ['OPTIONS, which is answered for all', { methods: ['OPTIONS'] }],
    ['a name that is no Function name', { name: 'Not a name' }],
  ])('cannot be registered with %s', (_, changes) => {
    expect(() => endpointsOf(mounted(changes))).toThrow(/^Operation /);
  });

  it('is served for HEAD where it is for GET', () => {
    expect(endpointsOf(mounted({ methods: ['GET', 'POST'] }))[0]?.methods).toEqual(['GET', 'HEAD', 'POST']);
  });

  it('stands below the names of its services', () => {
    const [endpoint] = endpointsOf({ ...mounted({}), names: ['a', 'b'] });
    expect(endpoint?.template.text).toBe('{service:regex(^(a|b)$)}/x');
  });

  it('is not registered for a kind without services', () => {
    expect(endpointsOf({ ...mounted({}), names: [] })).toEqual([]);
  });

  it('is refused beside another that could answer the same request', () => {
    expect(() => allEndpoints(mount(mounted({})), [mount({ ...mounted({ route: '' }), names: ['x'] })])).toThrow(
      'Operations test-row and test-row could answer the same request.',
    );
  });
});
