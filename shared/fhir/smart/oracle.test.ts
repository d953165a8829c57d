/**
 * What an app is answered is what a store would answer that never had anything but what the app may see: equal statuses,
 * headers and bodies for any request, on every page.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Change } from '../../stores/resources/resource-store.ts';
import { resourceBody } from '../resource/text.ts';
import { openTestService, type TestService, testBase } from '../search/testing/test-service.ts';
import type { FhirService } from '../service.ts';
import { requests } from './testing/any-request.ts';
import { allPages } from './testing/comparable.ts';
import { appOf, asks } from './testing/smart-rig.ts';
import { type Content, isOfA, type World, without, worlds } from './testing/two-patients.ts';

/** The scopes of an app of patient `a`, and which of the patient's resources they open. */
const scopes: readonly (readonly [scopes: string, opens: (content: Content) => boolean])[] = [
  ['patient/*.read', () => true],
  ['patient/*.cruds', () => true],
  ['user/*.*', () => true],
  [
    'patient/Observation.cruds patient/Patient.rs',
    ({ resourceType }) => ['Observation', 'Patient'].includes(resourceType),
  ],
  [
    'patient/Observation.rs patient/List.rs patient/Practitioner.rs',
    ({ resourceType }) => ['Observation', 'List', 'Practitioner'].includes(resourceType),
  ],
  [
    'patient/Observation.cruds?status=final patient/Condition.rs',
    ({ resourceType, status }) =>
      (resourceType === 'Observation' && status === 'final') || resourceType === 'Condition',
  ],
];

/** Every resource with all its versions gives way to the world's. */
async function fill({ service }: TestService, world: World): Promise<void> {
  const { matches } = await service.store.history({ oldestFirst: true }, 10_000);
  const keys = new Map(matches.map(({ type, id }) => [`${type}/${id}`, { type, id }]));
  const erased = [...keys.values()].map(async (key): Promise<Change> => {
    return { kind: 'erase', key, expected: (await service.store.read(key))?.version ?? 0 };
  });
  await service.commit(await Promise.all(erased));
  for (const expected of [0, 1, 2]) {
    const changes = world.flatMap(({ key, versions }): Change[] => {
      if (versions.length <= expected) return [];
      const content = versions[expected] === 'hidden' ? undefined : versions[expected];
      const keepPrevious = versions[expected - 1] !== 'hidden';
      const body = content && resourceBody(structuredClone(content));
      const index = content ? service.index(content, testBase) : [];
      return [{ kind: 'put', key, expected, method: content ? 'PUT' : 'DELETE', body, index, keepPrevious }];
    });
    await service.commit(changes);
  }
}

let whole: TestService;
let reduced: TestService;
beforeAll(async () => {
  whole = await openTestService({ fullText: true });
  reduced = await openTestService({ fullText: true });
});
afterAll(async () => {
  await whole.close();
  await reduced.close();
});

/** New ids are the same on both sides, so that what is sorted by them is as well. */
function counting(service: FhirService): FhirService {
  let last = 0;
  return {
    ...service,
    newId: () => {
      last += 1;
      return `new-${last}`;
    },
  };
}

const anyScopes = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...scopes.slice(0, 3)) },
  fc.constantFrom(...scopes.slice(3)),
);

it('an app is answered as if there were nothing but what it may see', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(worlds, anyScopes, requests, async (world, [scp, opens], all) => {
      await fill(whole, world);
      await fill(
        reduced,
        without(world, (content) => isOfA(content) && opens(content)),
      );
      const app = appOf(scp);
      const [inWhole, inReduced] = [asks(counting(whole.service), app), asks(counting(reduced.service), app)];
      for (const asked of all) {
        const expected = await allPages(inReduced, asked);
        expect({ asked, pages: await allPages(inWhole, asked) }).toEqual({ asked, pages: expected });
      }
    }),
    { numRuns: 6, seed: Number(process.env.SEED ?? 1), endOnFailure: true },
  );
});
