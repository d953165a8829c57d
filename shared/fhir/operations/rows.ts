import type { InteractionRow } from '../interactions/interaction-row.ts';
import { includes } from './includes.ts';

/** The operations (`$…`), which HTTP requests and the entries of bundles can ask for. */
export const operationRows: readonly InteractionRow[] = [
  {
    name: 'includes',
    method: 'GET',
    path: '{type}/$includes',
    access: [['read'], ['search']],
    body: 'none',
    interaction: includes,
  },
];
