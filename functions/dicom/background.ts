import { jobsQueue, runJobStep } from '../../shared/dicom/jobs/jobs-queue.ts';
import type { DicomService } from '../../shared/dicom/service.ts';
import type { BackgroundOperation } from '../../shared/operations/background.ts';
import { runWithService } from '../../shared/operations/service-message.ts';

/** The steps of all DICOM services' jobs. */
export function dicomBackground(
  names: readonly string[],
  serviceOf: (name: string) => Promise<DicomService>,
): BackgroundOperation[] {
  return names.length === 0 ? [] : [{ name: jobsQueue, run: runWithService(serviceOf, runJobStep) }];
}
