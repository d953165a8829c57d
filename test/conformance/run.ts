/** `npm run conformance`: makes the generated sections of docs/conformance.md anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { page, withSections } from './sections.ts';

writeFileSync(page, withSections(readFileSync(page, 'utf8')));
