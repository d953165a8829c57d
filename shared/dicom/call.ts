/** A request to a DICOM service: which version of the API, which partition, and where its studies are. */
import type { Answer, Call } from '../operations/operation.ts';
import { type DicomService, defaultPartition } from './service.ts';
import type { DicomVersion } from './store/validate-instance.ts';

export interface DicomCall extends Call<DicomService> {
  readonly version: DicomVersion;
  readonly partition: string;
  /** Absolute URL of the studies, as links in answers have it. */
  readonly studies: string;
}

export type DicomHandler = (call: DicomCall) => Promise<Answer>;

/** The handler of an HTTP operation whose route begins with `{version}`. */
export function dicomHandler(handler: DicomHandler): (call: Call<DicomService>) => Promise<Answer> {
  return async (call) => {
    const segment = (call.params.version ?? '').toLowerCase();
    const version: DicomVersion = segment.startsWith('v2') ? 2 : 1;
    const studies = `${call.base}/${segment}/studies`;
    const answer = await handler({ ...call, version, partition: defaultPartition, studies });
    return { ...answer, headers: { 'api-supported-versions': 'v1, v2', ...answer.headers } };
  };
}
