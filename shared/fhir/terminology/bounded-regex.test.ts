import { describe, expect, it, vi } from 'vitest';
import { compileRegex } from './bounded-regex.ts';

describe('a regular expression of a value set', () => {
  it('matches the whole text', async () => {
    const matches = await compileRegex('[A-Z]{2}');
    expect(['CH', 'CHE', 'xCHx', ''].map(matches)).toEqual([true, false, false, false]);
  });

  it('of texts that are too long matches none', async () => {
    expect((await compileRegex('a*'))('a'.repeat(1001))).toBe(false);
  });

  it('is not run any more once it has been slow for a second', async () => {
    const matches = await compileRegex('a');
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 600;
      return now;
    });
    const found = ['a', 'a', 'a'].map(matches);
    clock.mockRestore();
    expect(found).toEqual([true, true, undefined]);
  });

  it.each([['('], ['(?=a)'], ['(a)\\1'], ['[z-a]']])('that RE2 does not have is refused: %s', async (pattern) => {
    await expect(compileRegex(pattern)).rejects.toMatchObject({ code: 'invalid' });
  });

  it.each([['a{1000}b{1000}'], ['a'.repeat(1001)]])('that is too large is refused: %.20s', async (pattern) => {
    await expect(compileRegex(pattern)).rejects.toMatchObject({ code: 'too-costly' });
  });
});
