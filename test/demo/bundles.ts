/** The demo data as transaction bundles: one for the practice, then one a person. Every entry is a PUT, so a second run changes nothing. */
import { household } from './household.ts';
import { seededRandom } from './random.ts';
import { type DemoResource, practice, record } from './record.ts';

export function demoBundles(households: number, seed = 2026) {
  const bundles = [transactionOf(practice)];
  for (let number = 1; number <= households; number += 1) {
    const random = seededRandom(seed + number);
    for (const person of household(number, random)) bundles.push(transactionOf(record(person, random)));
  }
  return bundles;
}

function transactionOf(resources: readonly DemoResource[]) {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: resources.map((resource) => ({
      resource,
      request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
    })),
  };
}
