import path from 'node:path';
import { defineConfig } from 'vitest/config';

// What Node has stripped and compiled of the sources is kept, as `npm start` does, for every process and thread of the tests:
// each thread of a store would load the TypeScript stripper for itself, which V8 does not stand that often (docs/decisions.md).
process.env.NODE_COMPILE_CACHE ??= path.resolve(import.meta.dirname, 'node_modules/.cache/compile');

export default defineConfig({
  test: {
    include: ['{functions,shared,local,infra,test}/**/*.test.ts'],
    reporters: ['default', './test/closing-line.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Much of a file's time is waiting.
    maxWorkers: 2,
  },
});
