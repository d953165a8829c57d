import { describe, expect, it } from 'vitest';
import { matchRoute, parseRouteTemplate, pathSegments } from './route-template.ts';

const match = (template: string, path: string) => matchRoute(parseRouteTemplate(template), pathSegments(path));

describe('route templates', () => {
  it.each([
    ['', '/', {}],
    ['/', '', {}],
    ['health/check', '/Health/CHECK', {}],
    ['health/check', '/health/check/', {}],
    ['{a}/$export', '/Group/$export', { a: 'Group' }],
    ['{a}/{b}', '/x/a%20b', { a: 'x', b: 'a b' }],
    ['{a}', '/100%', { a: '100%' }],
    ['{s:regex(^(fhir|research)$)}/x', '/FHIR/x', { s: 'FHIR' }],
    ['{id:regex(^[0-9]{{1,3}}$)}', '/123', { id: '123' }],
    ['{a:regex(^x/?y$)}', '/xy', { a: 'xy' }],
    ['x/{*rest}', '/x', { rest: '' }],
    ['x/{*rest}', '/x/y/z', { rest: 'y/z' }],
    ['{*rest}', '/', { rest: '' }],
  ])('"%s" takes %s', (template, path, values) => {
    expect(match(template, path)).toEqual(values);
  });

  it.each([
    ['health/check', '/health'],
    ['health', '/health/check'],
    ['{a}/{b}', '/x//'],
    ['{a}/{b}', '//x'],
    ['{s:regex(^(fhir)$)}', '/fhirs'],
    ['{id:regex(^[0-9]{{1,3}}$)}', '/1234'],
    ['{type:regex(^(?!metadata$)[A-Za-z]+$)}', '/Metadata'],
    ['{id:regex(^[A-Za-z0-9.\\-]+$)}', '/a%2Fb'],
    ['x/y/{*rest}', '/x'],
  ])('"%s" leaves %s', (template, path) => {
    expect(match(template, path)).toBeUndefined();
  });

  it.each([
    '{a}-{b}',
    'x{a}',
    '{a',
    'a}',
    'a//b',
    '{*rest}/x',
    '{a:int}',
    '{a?}',
    '{a=1}',
    '{a:regex(x)}',
    '{a:regex(^(x):y$)}',
    '{a:regex(^x{2}$)}',
    '{Query}',
    '{Headers}',
  ])('"%s" is refused, because the host reads it otherwise or not at all', (template) => {
    expect(() => parseRouteTemplate(template)).toThrow(/^Route /);
  });
});
