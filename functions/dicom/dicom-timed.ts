import { tidyUp } from '../../shared/dicom/clean-up.ts';
import type { DicomService } from '../../shared/dicom/service.ts';
import type { TimedOperation } from '../../shared/operations/background.ts';

/** What DICOM services do by the clock. AHDS cleans up every three minutes. `telling`: those that tell of events. */
export function dicomTimed(
  names: readonly string[],
  telling: readonly string[],
  serviceOf: (name: string) => Promise<DicomService>,
): TimedOperation[] {
  const tidyAll = async () => {
    for (const name of names) await tidyUp(await serviceOf(name));
  };
  return [
    ...(names.length === 0 ? [] : [{ name: 'dicom-clean-up', schedule: '0 */3 * * * *', run: tidyAll }]),
    ...(telling.length === 0
      ? []
      : [{ name: 'dicom-events', schedule: '* * * * * *', run: () => deliverAll(telling, serviceOf) }]),
  ];
}

async function deliverAll(names: readonly string[], serviceOf: (name: string) => Promise<DicomService>): Promise<void> {
  const { deliverEvents } = await import('../../shared/dicom/events/deliver-events.ts');
  await Promise.all(names.map(async (name) => deliverEvents(await serviceOf(name))));
}
