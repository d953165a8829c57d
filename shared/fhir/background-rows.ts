import type { BackgroundRow } from './background-row.ts';
import { jobsBackground } from './jobs-background.ts';

export const backgroundRows: readonly BackgroundRow[] = [jobsBackground];
