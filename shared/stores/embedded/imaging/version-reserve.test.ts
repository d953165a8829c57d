import { describe, expect, it } from 'vitest';
import { VersionReserve } from './version-reserve.ts';

function reserve(clock: () => number = () => 0) {
  const state = { last: 0, commits: 0 };
  const begin = async (count: number) => {
    state.commits += 1;
    state.last += count;
    return state.last - count + 1;
  };
  return { state, versions: new VersionReserve(begin, clock) };
}

describe('The reserve of versions', () => {
  it('gives each version once, in order, whoever asks at the same time', async () => {
    const { versions, state } = reserve();
    const taken = await Promise.all(Array.from({ length: 200 }, () => versions.take()));
    expect(taken).toEqual(Array.from({ length: 200 }, (_, at) => at + 1));
    expect(state.commits).toBeLessThanOrEqual(9);
  });

  it('does not give what it has held for an hour', async () => {
    let now = 0;
    const { versions } = reserve(() => now);
    expect(await versions.take()).toBe(1);
    expect(versions.held().has(2)).toBe(true);
    now = 60 * 60 * 1000;
    expect(await versions.take()).toBe(33);
    expect(versions.held().has(2)).toBe(false);
  });

  it('asks again after a commit that failed', async () => {
    let fails = true;
    const versions = new VersionReserve(async () => {
      if (fails) throw new Error('the disk is full');
      return 1;
    });
    await expect(versions.take()).rejects.toThrow('the disk is full');
    fails = false;
    expect(await versions.take()).toBe(1);
  });
});
