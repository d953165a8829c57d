import { describe, expect, it } from 'vitest';
import { terminologyRows } from './rows.ts';

describe('the terminology operations', () => {
  it('ask for the right to read, as $expand of AHDS does', () => {
    for (const { access } of terminologyRows) expect(access).toEqual([['read']]);
  });

  it('are on the type and on the instance, $lookup on the type only, each by GET and POST', () => {
    const paths = terminologyRows.map(({ method, path }) => `${method} ${path}`);
    expect(paths).toHaveLength(22);
    expect(paths.filter((one) => one.includes('$lookup'))).toEqual([
      'GET CodeSystem/$lookup',
      'POST CodeSystem/$lookup',
    ]);
    expect(paths).toContain('POST ValueSet/{id}/$expand');
    expect(new Set(terminologyRows.map(({ name }) => name)).size).toBe(22);
  });
});
