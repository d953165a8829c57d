/** A request to a DICOM service: which version of the API, which partition, and where its studies are. */
import type { Answer, Call } from '../operations/operation.ts';
import { DicomError } from './errors.ts';
import { defaultPartition } from './partitions.ts';
import type { DicomService } from './service.ts';
import type { DicomVersion } from './store/validate-instance.ts';

export interface DicomCall extends Call<DicomService> {
  readonly version: DicomVersion;
  readonly partition: string;
  /** Absolute URL of the service and the version. */
  readonly root: string;
  /** Absolute URL of the studies, as links in answers have it. */
  readonly studies: string;
  /** Absolute URL of the workitems. */
  readonly workitems: string;
}

export type DicomHandler = (call: DicomCall) => Promise<Answer>;

export interface PartitionRule {
  /** Addresses name a partition where the service has them: `none` for what is the whole service's. */
  readonly partition: 'none' | 'known' | 'made';
}

/** The handler of an HTTP operation whose route begins with `{version}`, and then perhaps `partitions/{partition}`. */
export function dicomHandler(
  load: () => Promise<DicomHandler>,
  rule: PartitionRule,
): (call: Call<DicomService>) => Promise<Answer> {
  return async (call) => {
    if (/<|%3c/i.test(call.url.search))
      throw new DicomError('invalid', 'The query has a character that is not allowed.');
    const segment = (call.params.version ?? '').toLowerCase();
    const version: DicomVersion = segment.startsWith('v2') ? 2 : 1;
    const partition = await partitionOf(call, rule);
    const named = call.params.partition === undefined ? '' : `/partitions/${partition}`;
    const root = `${call.base}/${segment}`;
    const studies = `${root}${named}/studies`;
    const workitems = `${root}${named}/workitems`;
    const handler = await load();
    const own = { version, partition, root, studies, workitems };
    const answer = await handler({
      ...call,
      ...own,
      // Made when it is first asked for, which a copy of the call does not take over.
      get signal() {
        return call.signal;
      },
    });
    return { ...answer, headers: { 'api-supported-versions': 'v1, v2', ...answer.headers } };
  };
}

async function partitionOf({ service, params }: Call<DicomService>, { partition }: PartitionRule): Promise<string> {
  const { partitions } = service.settings;
  if (partition === 'none' || (!partitions && params.partition === undefined)) return defaultPartition;
  if (!partitions) throw new DicomError('invalid', 'This service has no data partitions.');
  if (params.partition === undefined) throw new DicomError('invalid', 'The address must name a data partition.');
  return service.partitions.named(params.partition, partition === 'made');
}
