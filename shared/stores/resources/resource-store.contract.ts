/** What every adapter of the resource port must do. An adapter's test calls it with a way to open an empty store. */
import { describe } from 'vitest';
import { combinationRules } from './contract/combinations.ts';
import { commitRules } from './contract/commits.ts';
import { compositeRules } from './contract/composites.ts';
import { derivedRules } from './contract/derived.ts';
import { historyRules } from './contract/histories.ts';
import { includingRules } from './contract/including.ts';
import { latestRules } from './contract/latest.ts';
import { pageBytesRules } from './contract/page-bytes.ts';
import { parameterRules } from './contract/parameters.ts';
import { reopeningRules } from './contract/reopening.ts';
import type { OpenStore } from './contract/setup.ts';
import { sortingRules } from './contract/sorting.ts';
import { textRules } from './contract/texts.ts';
import { valueTestRules } from './contract/value-tests.ts';
import { versionRules } from './contract/versions.ts';

export function resourceStoreContract(name: string, open: OpenStore): void {
  describe(`${name} keeps the contract of resource stores`, () => {
    versionRules(open);
    commitRules(open);
    valueTestRules(open);
    combinationRules(open);
    compositeRules(open);
    derivedRules(open);
    sortingRules(open);
    textRules(open);
    includingRules(open);
    latestRules(open);
    historyRules(open);
    pageBytesRules(open);
    parameterRules(open);
    reopeningRules(open);
  });
}
