import { describe, expect, it } from 'vitest';
import { routeConflicts } from './route-conflicts.ts';
import { parseRouteTemplate } from './route-template.ts';

const conflicts = (...rows: [methods: string, template: string][]) =>
  routeConflicts(
    rows.map(([methods, template], index) => ({
      name: `row-${index}`,
      methods: methods.split(' '),
      template: parseRouteTemplate(template),
    })),
  );

describe('two rows that could answer the same request', () => {
  it.each([
    ['a parameter beside a literal that it accepts', '{a}', 'metadata'],
    ['literals that differ in case only', 'Metadata', 'metadata'],
    ['parameters without finite values', '{a:regex(^[a-m]+$)}/x', '{b:regex(^[a-z]+$)}/x'],
    ['lists with a common value', '{a:regex(^(x|y)$)}', '{b:regex(^(Y|z)$)}'],
    ['a rest beside anything', '{*rest}', 'a/b'],
    ['a rest beside the empty path', 'x/{*rest}', 'x'],
  ])('%s', (_, a, b) => {
    expect(conflicts(['GET', a], ['GET', b])).toEqual([['row-0', 'row-1']]);
    expect(conflicts(['GET', b], ['GET', a])).toEqual([['row-0', 'row-1']]);
  });

  it.each([
    ['another number of segments', 'a/{b}', 'a'],
    ['a constraint that leaves the literal out', '{a:regex(^(?!metadata$)[A-Za-z]+$)}', 'metadata'],
    ['a constraint without the sign', '{id:regex(^[A-Za-z0-9.]+$)}/x', '$export/x'],
    ['lists without a common value', '{a:regex(^(fhir|research)$)}/x', '{b:regex(^(dicom)$)}/x'],
    ['a later segment', '{a}/{b}/_history', '{a}/{b}/$everything'],
  ])('not with %s', (_, a, b) => {
    expect(conflicts(['GET', a], ['GET', b])).toEqual([]);
  });

  it('not with other methods', () => {
    expect(conflicts(['GET HEAD', 'a'], ['POST', 'a'])).toEqual([]);
  });
});
