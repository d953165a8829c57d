import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classesOf, scenarioAreas } from './scenario-catalogue.ts';
import { page, scenarioFiles, withSections } from './sections.ts';

describe('docs/conformance.md', () => {
  it('has the operations and scenarios that are in the code: npm run conformance', () => {
    const text = readFileSync(page, 'utf8');
    expect(text).toBe(withSections(text));
  });

  it('every class of scenarios has its tests', () => {
    const files = scenarioFiles();
    const names = scenarioAreas.flatMap(classesOf).map(({ name }) => name);
    expect(names.filter((name) => !files.has(name))).toEqual([]);
  });
});
