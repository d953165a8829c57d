import { dicomHandler } from '../../shared/dicom/call.ts';
import { type DicomRow, dicomRows } from '../../shared/dicom/rows.ts';
import type { DicomService } from '../../shared/dicom/service.ts';
import type { BodyRule, Operation } from '../../shared/operations/operation.ts';

/** AHDS: 4 GB in a request. */
const maxBodyBytes = 4 * 1024 * 1024 * 1024;
/** A workitem among them is one item of a database; those of Cosmos DB have 2 MB. */
const maxJsonBytes = 1024 * 1024;

const bodyRules: Record<DicomRow['body'], BodyRule> = {
  none: { kind: 'none' },
  whole: { kind: 'whole', maxBytes: maxJsonBytes },
  stream: { kind: 'stream', maxBytes: maxBodyBytes },
};

const version = '{version:regex(^v(1|2|1[.]0|2[.]0|1[.]0-prerelease)$)}';

/** `studies/$bulkUpdate` is no study. */
const routeOf = (path: string) => path.replace(/^studies\/\{study\}$/, 'studies/{study:regex(^[^$]+$)}');

/** One Function for each row, `dicom-store-instances`, and one more for its address in a data partition. */
export const dicomOperations: readonly Operation<DicomService>[] = dicomRows.flatMap((row) => {
  const operation = (name: string, path: string): Operation<DicomService> => ({
    name: `dicom-${name}`,
    methods: row.methods,
    route: `${version}/${path}`,
    access: row.access,
    body: bodyRules[row.body],
    handler: dicomHandler(row.handler, row),
  });
  const path = routeOf(row.path);
  const whole = operation(row.name, path);
  if (row.partition === 'none') return [whole];
  return [whole, operation(`partition-${row.name}`, `partitions/{partition}/${path}`)];
});
