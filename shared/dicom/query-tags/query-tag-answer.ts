/** An extended query tag as answers show it. Source: AHDS, extended query tags. */
import type { QueryTag } from '../../stores/imaging/query-tags.ts';
import type { DicomCall } from '../call.ts';
import { operationLink } from '../jobs/operation-link.ts';
import { tagText } from '../part10/data-set.ts';

export function queryTagAnswer(call: DicomCall, found: QueryTag): object {
  const { tag, vr, creator, level, status, enabled, operation, errors } = found;
  const path = tagText(tag);
  return {
    path,
    vr,
    ...(creator !== undefined && { privateCreator: creator }),
    level,
    status,
    ...(errors > 0 && { errors: { count: errors, href: `${call.root}/extendedquerytags/${path}/errors` } }),
    ...(status === 'adding' && { operation: operationLink(call, operation) }),
    queryStatus: enabled ? 'enabled' : 'disabled',
  };
}
