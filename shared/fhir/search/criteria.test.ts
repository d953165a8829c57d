import { describe, expect, it } from 'vitest';
import { parseCriteria } from './criteria.ts';
import { base, definitions, errorOf, now } from './testing/parsed-address.ts';
import { starts } from './testing/tree.ts';

describe('the criteria of a conditional interaction', () => {
  const criteria = (query: string) =>
    parseCriteria({ definitions, type: 'Patient', pairs: [...new URLSearchParams(query)], base, now });

  it('are the search parameters; result parameters are not', () => {
    expect(criteria('name=a&_count=1&_sort=name&_include=Patient:organization&_summary=true')).toEqual({
      query: { types: ['Patient'], where: starts('Patient.name', 'a'), sort: [] },
      usable: 1,
    });
  });

  it.each(['', 'foo=1', 'name=', '_count=3&_total=none'])('with nothing usable say so: %s', (query) => {
    expect(criteria(query).usable).toBe(0);
  });

  it('that are strict refuse what they do not know, and count no result parameter among it', () => {
    const strict = (query: string) => () =>
      parseCriteria({ definitions, type: 'Patient', pairs: [...new URLSearchParams(query)], base, now, strict: true });
    for (const query of ['name=a&nmae=b', 'name=a&birthdate=', 'nmae=b']) {
      expect(errorOf(strict(query)).status).toBe(400);
    }
    expect(strict('name=a&_include=Patient:organization&_summary=true')().usable).toBe(1);
  });

  it('with a bad value are refused like a search', () => {
    expect(errorOf(() => criteria('birthdate=x')).status).toBe(400);
    expect(errorOf(() => criteria('name:foo=x')).status).toBe(403);
  });
});
