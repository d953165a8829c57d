/** The kinds of jobs that a DICOM service has, and how the operations resource shows each. Source: AHDS, operations. */
import type { JobKind } from '../../jobs/job-kind.ts';
import type { StoredJob } from '../../stores/jobs/job-store.ts';
import type { DicomCall } from '../call.ts';
import type { ExportDefinition, ExportProgress } from '../export/export-definition.ts';
import { exportJob } from '../export/export-job.ts';
import { tagText } from '../part10/data-set.ts';
import type { ReindexDefinition, ReindexProgress } from '../query-tags/reindex-definition.ts';
import { reindexJob } from '../query-tags/reindex-job.ts';
import type { DicomService } from '../service.ts';
import type { UpdateDefinition, UpdateProgress } from '../update/update-definition.ts';
import { updateJob } from '../update/update-job.ts';

export interface OperationKind {
  readonly type: 'reindex' | 'update' | 'export';
  readonly job: JobKind<DicomService>;
  /** 0 to 100, of one that is not over. */
  readonly percent: (job: StoredJob) => number;
  /** Addresses of what it works on. */
  readonly resources?: (call: DicomCall, job: StoredJob) => readonly string[];
  /** Of one that has ended. */
  readonly results?: (call: DicomCall, job: StoredJob) => object | undefined;
  /** It has come to its end, but not with everything. */
  readonly hasFailed?: (job: StoredJob) => boolean;
}

const reindex: OperationKind = {
  type: 'reindex',
  job: reindexJob,
  percent: ({ progress }) => {
    const { top = 0, below = 0 } = progress as ReindexProgress;
    return top === 0 ? 0 : Math.floor(((top + 1 - below) / top) * 100);
  },
  resources: ({ root }, { definition }) =>
    (definition as unknown as ReindexDefinition).tags.map(({ tag }) => `${root}/extendedquerytags/${tagText(tag)}`),
};

const update: OperationKind = {
  type: 'update',
  job: updateJob,
  percent: ({ definition, progress }) => {
    const { studies } = definition as unknown as UpdateDefinition;
    return Math.floor(((progress as UpdateProgress).at ?? 0) * (100 / studies.length));
  },
  results: (_, { progress }) => {
    const { studyUpdated = 0, studyFailed = 0, instanceUpdated = 0, errors = [] } = progress as UpdateProgress;
    return { studyUpdated, studyFailed, instanceUpdated, ...(errors.length > 0 && { errors }) };
  },
  hasFailed: ({ progress }) => ((progress as UpdateProgress).studyFailed ?? 0) > 0,
};

const exporting: OperationKind = {
  type: 'export',
  job: exportJob,
  percent: ({ definition, progress }) => {
    const { identifiers = [undefined] } = definition as unknown as ExportDefinition;
    return Math.floor(((progress as ExportProgress).at ?? 0) * (100 / identifiers.length));
  },
  results: (_, { id, definition, progress }) => {
    const { exported = 0, skipped = 0 } = progress as ExportProgress;
    const { address } = definition as unknown as ExportDefinition;
    return { errorHref: `${address}/${id.replaceAll('-', '')}/errors.log`, exported, skipped };
  },
};

export const operationKinds: readonly OperationKind[] = [reindex, update, exporting];
