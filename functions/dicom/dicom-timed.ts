import { tidyUp } from '../../shared/dicom/clean-up.ts';
import type { DicomService } from '../../shared/dicom/service.ts';
import type { TimedOperation } from '../../shared/operations/background.ts';

/** What DICOM services do by the clock. AHDS cleans up every three minutes. */
export function dicomTimed(
  names: readonly string[],
  serviceOf: (name: string) => Promise<DicomService>,
): TimedOperation[] {
  const run = async () => {
    for (const name of names) await tidyUp(await serviceOf(name));
  };
  return names.length === 0 ? [] : [{ name: 'dicom-clean-up', schedule: '0 */3 * * * *', run }];
}
