import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{functions,shared,local,infra,test}/**/*.test.ts'],
    reporters: ['default', './test/closing-line.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Much of a file's time is waiting. A process of its own for each: V8 can crash in old ones (docs/decisions.md).
    maxWorkers: 2,
  },
});
