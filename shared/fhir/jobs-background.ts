/** The steps of jobs, as work on the queue. docs/jobs.md. */
import type { JobKind } from '../jobs/job-kind.ts';
import type { JobMessage } from '../jobs/jobs.ts';
import { runJobMessage } from '../jobs/run-step.ts';
import type { BackgroundRow } from './background-row.ts';
import { jobsRow } from './jobs-row.ts';
import { reindexJob } from './reindex/reindex-job.ts';
import type { FhirService } from './service.ts';

const kinds: readonly JobKind<FhirService>[] = [reindexJob];

export const jobsBackground: BackgroundRow = {
  name: jobsRow,
  run: (service, message) => runJobMessage(service.jobs, kinds, service, message as JobMessage),
};
