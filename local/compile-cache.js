/**
 * Loaded before `local/start.ts`: what Node has stripped and compiled of the sources is kept for the next start. Then neither
 * the process nor one of its threads loads the TypeScript stripper, 20 MB each. Hence JavaScript: this file comes before
 * there is a cache. A folder that cannot be written is no error: nothing is kept.
 */
import { enableCompileCache } from 'node:module';
import path from 'node:path';

enableCompileCache(path.resolve(import.meta.dirname, '../node_modules/.cache/compile'));
