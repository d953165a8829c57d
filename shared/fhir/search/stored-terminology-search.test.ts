/** `:in`, `:below`, `:above` and the filter's operators over code systems and value sets that the service stores. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestService, type TestService } from './testing/test-service.ts';

let s: TestService;
const cond = (id: string, code: string) =>
  ({
    resourceType: 'Condition',
    id,
    code: { coding: [{ system: 'http://cs', code }] },
    subject: { reference: 'Patient/1' },
  }) as never;
beforeAll(async () => {
  s = await openTestService();
  await s.put(
    {
      resourceType: 'CodeSystem',
      id: 'cs',
      url: 'http://cs',
      status: 'active',
      content: 'complete',
      hierarchyMeaning: 'is-a',
      concept: [{ code: 'a', concept: [{ code: 'b', concept: [{ code: 'c' }] }, { code: 'd' }] }, { code: 'z' }],
    } as never,
    {
      resourceType: 'ValueSet',
      id: 'vs',
      url: 'http://vs',
      status: 'active',
      compose: { include: [{ system: 'http://cs', filter: [{ property: 'concept', op: 'is-a', value: 'b' }] }] },
    } as never,
    cond('a', 'a'),
    cond('b', 'b'),
    cond('c', 'c'),
    cond('d', 'd'),
    cond('z', 'z'),
  );
});
afterAll(() => s.close());
it.each([
  ['code:in=http://vs', 'b c'],
  ['code:in=ValueSet/vs', 'b c'],
  ['code:not-in=http://vs', 'a d z'],
  ['code:below=http://cs|a', 'a b c d'],
  ['code:above=http://cs|c', 'a b c'],
  ['_filter=code ss http://cs|b', 'b c'],
  ['_filter=code sb http://cs|b', 'a b'],
])('TokenSearch: %s finds "%s"', async (q, ids) => {
  expect((await s.find(`Condition?${q}`)).sort().join(' ')).toBe(ids);
});
it('changes with the value set', async () => {
  await s.put({
    resourceType: 'ValueSet',
    id: 'vs',
    url: 'http://vs',
    status: 'active',
    compose: { include: [{ system: 'http://cs', concept: [{ code: 'z' }] }] },
  } as never);
  expect(await s.find('Condition?code:in=http://vs')).toEqual(['z']);
});
it('a value set that cannot be listed is 400', async () => {
  await expect(s.search('Condition?code:in=http://snomed.info/sct?fhir_vs')).rejects.toMatchObject({ status: 400 });
});
