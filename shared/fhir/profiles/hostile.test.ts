/** Profiles and resources that were made to do harm: they end, soon and with a clear answer, and others are still served. */
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue, Resource } from '../resource/types.ts';
import { InvariantRunner } from './invariant-runner.ts';
import { profileOf, testProfile, testValidation } from './testing/full-validation.ts';

const patient = { resourceType: 'Patient', name: [{ text: `${'a'.repeat(40)}!`, family: 'a' }] } as Resource;
const withInvariant = (expression: string) =>
  profileOf('Patient', [{ id: 'Patient', constraint: [{ key: 'h', severity: 'error', human: 'h', expression }] }]);
const impatient = new InvariantRunner(1_000);
const codes = async (profile: JsonObject, resource: Resource = patient): Promise<string[]> => {
  const issues = await testValidation({ profiles: [profile] }, impatient).issues(resource, [testProfile]);
  return issues.map(({ severity, code }) => `${severity} ${code}`);
};

describe('hostile invariants', () => {
  it.each([
    ['a regular expression that backtracks for ever', "name.text.matches('^(a+)+$')"],
    ['the same by replaceMatches', "name.text.replaceMatches('(a|a)*b', '') = 'x'"],
    [
      'a list that doubles',
      '(1 | 2).aggregate($total.combine($total).combine($total), 1).exists()'.replace(
        '(1 | 2)',
        "'a'.repeat('a' & $this).take(100)",
      ),
    ],
    ['texts that double', 'repeat($this.toString() & $this.toString()).count() > 0'],
    [
      'descendants of descendants',
      `${'descendants().'.repeat(0)}${'select(%resource.descendants()).'.repeat(30)}count() > 0`,
    ],
  ])(
    '%s',
    async (_name, expression) => {
      const found = await codes(withInvariant(expression));
      expect(found.length).toBeLessThanOrEqual(1);
      expect(await codes(withInvariant('name.exists()'))).toEqual([]);
    },
    30_000,
  );

  it('the first of them is stopped, and says so', async () => {
    expect(await codes(withInvariant("name.text.matches('^(a+)+$')"))).toEqual(['error too-costly']);
  }, 30_000);

  it('one that is nested 10,000 deep could not be evaluated', async () => {
    const nested = `${'('.repeat(10_000)}true${')'.repeat(10_000)}`;
    expect(await codes(withInvariant(nested))).toEqual([
      expect.stringMatching(/^(warning not-supported|error too-costly)$/),
    ]);
  }, 30_000);

  it('one that asks another server or writes to the console does neither', async () => {
    expect(
      await codes(withInvariant("'http://nowhere.example/Patient/1'.resolve().exists() or name.trace('x').exists()")),
    ).toEqual([]);
    expect(await codes(withInvariant("name.memberOf('http://nowhere.example/vs')"))).toEqual(['warning not-supported']);
  });
});

describe('hostile structures', () => {
  it('slices by profiles that slice by the profile again', async () => {
    const profile = profileOf('Patient', [
      { id: 'Patient.link', slicing: { discriminator: [{ type: 'profile', path: 'other.resolve()' }], rules: 'open' } },
      { id: 'Patient.link:a', sliceName: 'a' },
      { id: 'Patient.link:a.other', type: [{ code: 'Reference', targetProfile: [testProfile] }] },
    ]);
    const contained = Array.from(
      { length: 12 },
      (_, at): JsonObject => ({
        resourceType: 'Patient',
        id: `p${at}`,
        link: Array.from({ length: 12 }, (_, to): JsonValue => ({ type: 'seealso', other: { reference: `#p${to}` } })),
      }),
    );
    const resource = { resourceType: 'Patient', contained, link: contained[0]?.link } as Resource;
    expect((await codes(profile, resource)).every((one) => /^(error (invalid|too-costly)|warning)/.test(one))).toBe(
      true,
    );
  });

  it('thousands of slices for thousands of values', async () => {
    const slices = Array.from({ length: 3000 }, (_, at) => [
      { id: `Patient.name:s${at}`, sliceName: `s${at}` },
      { id: `Patient.name:s${at}.text`, fixedString: `x${at}` },
    ]).flat();
    const profile = profileOf('Patient', [
      { id: 'Patient.name', slicing: { discriminator: [{ type: 'value', path: 'text' }], rules: 'open' } },
      ...slices,
    ]);
    const name = Array.from({ length: 3000 }, (_, at): JsonValue => ({ text: `y${at}` }));
    expect(await codes(profile, { resourceType: 'Patient', name } as Resource)).toEqual(['error too-costly']);
  }, 30_000);

  it('a thousand extensions, each with a profile that nobody knows', async () => {
    const extension = Array.from(
      { length: 1000 },
      (_, at): JsonValue => ({ url: `http://x.example/${at}`, valueBoolean: true }),
    );
    expect(await codes(profileOf('Patient', []), { ...patient, extension } as Resource)).toEqual([]);
  });

  it('many faults are told up to a hundred', async () => {
    const name = Array.from({ length: 500 }, (): JsonValue => ({ period: { start: '2020', end: '2019' } }));
    expect(await codes(profileOf('Patient', []), { resourceType: 'Patient', name } as Resource)).toHaveLength(100);
  });

  it('a thousand remarks hide no error', async () => {
    const warning = { key: 'w', severity: 'warning', human: 'w', expression: 'false' };
    const profile = profileOf('Patient', [
      { id: 'Patient.name', constraint: [warning] },
      { id: 'Patient.contact', constraint: [{ ...warning, key: 'e', severity: 'error' }] },
    ]);
    const name = Array.from({ length: 1000 }, (_, at): JsonValue => ({ text: `n${at}` }));
    const found = await codes(profile, {
      resourceType: 'Patient',
      name,
      contact: [{ name: { text: 'c' } }],
    } as Resource);
    expect(found).toHaveLength(101);
    expect(found[0]).toBe('error invalid');
  });

  it.each<[string, JsonObject]>([
    ['elements that are no objects', { differential: { element: ['x', null, 1] } }],
    ['an element without a path', { differential: { element: [{ min: 1 }] } }],
    [
      'a path through __proto__',
      { differential: { element: [{ id: 'Patient.__proto__.x', path: 'Patient.__proto__.x', min: 1 }] } },
    ],
    [
      'a discriminator without a path',
      { differential: { element: [{ id: 'Patient.name', path: 'Patient.name', slicing: { discriminator: [{}] } }] } },
    ],
    [
      'content of an element that is not there',
      {
        differential: { element: [{ id: 'Patient.name', path: 'Patient.name', contentReference: '#Patient.nowhere' }] },
      },
    ],
    [
      'content of itself',
      { differential: { element: [{ id: 'Patient.name', path: 'Patient.name', contentReference: '#Patient.name' }] } },
    ],
  ])('%s', async (_name, more) => {
    const found = await codes(profileOf('Patient', [], more));
    expect(found.every((one) => /^(error (invalid|incomplete)|warning)/.test(one))).toBe(true);
  });
});
