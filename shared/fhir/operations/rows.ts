import type { InteractionRow } from '../interactions/interaction-row.ts';

/** The operations (`$…`), which HTTP requests and the entries of bundles can ask for. */
export const operationRows: readonly InteractionRow[] = [];
