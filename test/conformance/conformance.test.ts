import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { page, withSections } from './sections.ts';

describe('docs/conformance.md', () => {
  it('has the operations and scenarios that are in the code: npm run conformance', () => {
    const text = readFileSync(page, 'utf8');
    expect(text).toBe(withSections(text));
  });
});
