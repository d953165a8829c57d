/** `npm run access`: makes the generated tables of docs/access.md anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { page, withTables } from './access-page.ts';

writeFileSync(page, withTables(readFileSync(page, 'utf8')));
