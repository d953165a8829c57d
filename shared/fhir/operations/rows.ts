import type { InteractionRow } from '../interactions/interaction-row.ts';
import { terminologyRows } from '../terminology/rows.ts';

/** The operations (`$…`), which HTTP requests and the entries of bundles can ask for. */
export const operationRows: readonly InteractionRow[] = [...terminologyRows];
