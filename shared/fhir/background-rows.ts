import type { BackgroundRow } from './background-row.ts';

export const backgroundRows: readonly BackgroundRow[] = [];
