/** Which statuses each operation answers with, and what its query may hold. */
import type { DicomRow } from '../rows.ts';
import type { DicomVersion } from '../store/validate-instance.ts';

export const statusTexts: Readonly<Record<number, string>> = {
  200: 'Success',
  202: 'Accepted; some instances with warnings or not stored, or an operation that goes on',
  201: 'Created',
  204: 'Nothing to show',
  206: 'Partial content',
  304: 'Not modified',
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  406: 'Not acceptable',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
};

/** By the beginning of a row's name; the first that fits. */
const statuses: readonly (readonly [start: string, statuses: readonly number[]])[] = [
  ['create-workitem', [201, 409, 413, 415]],
  ['search-workitems', [200, 204, 206, 406]],
  ['retrieve-workitem', [200, 404, 406]],
  ['update-workitem', [200, 404, 409, 413, 415]],
  ['change-workitem-state', [200, 404, 409, 413, 415]],
  ['request-cancellation', [202, 404, 409, 413, 415]],
  ['subscribe', [201, 404]],
  ['unsubscribe', [200, 404]],
  ['suspend-subscription', [200, 404]],
  ['retrieve-events', [200, 404, 406]],
  ['store-', [200, 202, 204, 406, 409, 413, 415]],
  ['retrieve-study-metadata', [200, 304, 404, 406]],
  ['retrieve-series-metadata', [200, 304, 404, 406]],
  ['retrieve-instance-metadata', [200, 304, 404, 406]],
  ['retrieve-', [200, 404, 406]],
  ['search-', [200, 204, 406]],
  ['delete-', [204, 404]],
  ['change-feed-latest', [200, 204]],
  ['add-query-tags', [202, 409, 413, 415]],
  ['read-query-tag', [200, 404]],
  ['list-query-tag-errors', [200, 404]],
  ['change-query-tag', [200, 404, 413, 415]],
  ['remove-query-tag', [204, 404]],
  ['read-operation', [200, 202, 404]],
  ['bulk-update', [202, 404, 409, 413, 415]],
  ['export', [202, 413, 415]],
];

export function statusesOf({ name, access }: DicomRow): readonly number[] {
  const [, own] = statuses.find(([start]) => name.startsWith(start)) ?? [name, [200]];
  const refused = access === 'public' ? [400] : [400, 401, 403];
  return [...own, ...refused].toSorted((one, other) => one - other);
}

const limit = { type: 'integer', minimum: 1, maximum: 200, default: 100 };
const offset = { type: 'integer', format: 'int64', minimum: 0, default: 0 };
const flag = (fallback: boolean) => ({ type: 'boolean', default: fallback });
const time = { type: 'string', format: 'date-time' };

/** By name, what its value may be. */
export function queryParameters({ name }: DicomRow, version: DicomVersion): Readonly<Record<string, object>> {
  const includemetadata = flag(true);
  if (name.startsWith('search-')) {
    const includefield = { type: 'array', items: { type: 'string' } };
    return { limit, offset, fuzzymatching: flag(false), includefield };
  }
  if (name === 'change-feed-latest') return { includemetadata };
  if (name === 'change-feed') {
    if (version === 1) return { limit: { ...limit, maximum: 100, default: 10 }, offset, includemetadata };
    return { limit, offset, startTime: time, endTime: time, includemetadata };
  }
  return name.startsWith('list-query-tag') ? { limit, offset } : {};
}
