/** The background row, and so the queue `fhir-jobs`, that the messages of all jobs go to. */
export const jobsRow = 'jobs';
