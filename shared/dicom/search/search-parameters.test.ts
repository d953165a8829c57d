import { describe, expect, it } from 'vitest';
import { searchParameters } from './search-parameters.ts';

const read = (query: string) => searchParameters(new URLSearchParams(query));

describe('parameters of a search', () => {
  it('are what AHDS takes where they are missing', () => {
    const none = { limit: 100, offset: 0, fuzzy: false, fields: [], includeAll: false, filters: [] };
    expect(read('')).toEqual(none);
  });

  it('have names in any case; the others are filters, in their order', () => {
    expect(read('PatientID=1&LIMIT=7&Offset=3&fuzzyMatching=TRUE&00100010=a&PatientID=2')).toMatchObject({
      limit: 7,
      offset: 3,
      fuzzy: true,
      filters: [
        ['PatientID', '1'],
        ['00100010', 'a'],
        ['PatientID', '2'],
      ],
    });
  });

  it('includefield: several, and lists; `all` in any case among them', () => {
    expect(read('includefield=a, b&IncludeField=c')).toMatchObject({ fields: ['a', 'b', 'c'], includeAll: false });
    expect(read('includefield=a,ALL')).toMatchObject({ fields: ['a'], includeAll: true });
  });

  it.each(['limit=0', 'limit=201', 'limit=', 'limit=1.5', 'offset=-1', 'offset=1e3', 'fuzzymatching=1'])(
    '%s is 400',
    (query) => {
      expect(() => read(query)).toThrow(expect.objectContaining({ status: 400 }));
    },
  );
});
