import { tidyUp } from '../../shared/dicom/clean-up.ts';
import type { DicomService } from '../../shared/dicom/service.ts';
import type { TimedOperation } from '../../shared/operations/background.ts';

/** Names of services, by what they do by the clock. */
export interface TimedServices {
  readonly all: readonly string[];
  /** Those that tell of events. */
  readonly telling: readonly string[];
  /** Those with bulk import. */
  readonly importing: readonly string[];
}

/** What DICOM services do by the clock. AHDS cleans up every three minutes. Nothing is registered for no service. */
export function dicomTimed(
  { all, telling, importing }: TimedServices,
  serviceOf: (name: string) => Promise<DicomService>,
): TimedOperation[] {
  const timed = (name: string, schedule: string, names: readonly string[], work: Work): TimedOperation[] => {
    const run = async () => void (await Promise.all(names.map(async (each) => work(await serviceOf(each)))));
    return names.length === 0 ? [] : [{ name, schedule, run }];
  };
  return [
    ...timed('dicom-clean-up', '0 */3 * * * *', all, (service) => tidyUp(service)),
    ...timed('dicom-events', '* * * * * *', telling, deliver),
    ...timed('dicom-bulk-import', '*/2 * * * * *', importing, importAll),
  ];
}

type Work = (service: DicomService) => Promise<void>;

const deliver: Work = async (service) =>
  (await import('../../shared/dicom/events/deliver-events.ts')).deliverEvents(service);

const importAll: Work = async (service) =>
  (await import('../../shared/dicom/bulk-import/import-files.ts')).importFiles(service);
