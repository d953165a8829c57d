import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{functions,shared,local,infra,test}/**/*.test.ts'],
    reporters: ['default', './test/closing-line.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // A process runs many files, so that each does not load the definitions anew; much of a file's time is waiting.
    isolate: false,
    maxWorkers: 2,
  },
});
