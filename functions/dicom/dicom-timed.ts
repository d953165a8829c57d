import { cleanUp } from '../../shared/dicom/clean-up.ts';
import { finishRemovals } from '../../shared/dicom/query-tags/take-away.ts';
import type { DicomService } from '../../shared/dicom/service.ts';
import type { TimedOperation } from '../../shared/operations/background.ts';

/** What DICOM services do by the clock. AHDS cleans up every three minutes. */
export function dicomTimed(
  names: readonly string[],
  serviceOf: (name: string) => Promise<DicomService>,
): TimedOperation[] {
  const run = async () => {
    for (const name of names) {
      const service = await serviceOf(name);
      await cleanUp(service);
      await finishRemovals(service);
    }
  };
  return names.length === 0 ? [] : [{ name: 'dicom-clean-up', schedule: '0 */3 * * * *', run }];
}
