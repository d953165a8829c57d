/** Which statuses each operation answers with, and what its query may hold. */
import type { DicomRow } from '../rows.ts';

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

export function queryParameters({ name }: DicomRow): readonly string[] {
  if (name.startsWith('search-')) return ['limit', 'offset', 'fuzzymatching', 'includefield'];
  if (name === 'change-feed') return ['limit', 'offset', 'startTime', 'endTime', 'includemetadata'];
  if (name === 'change-feed-latest') return ['includemetadata'];
  return name.startsWith('list-query-tag') ? ['limit', 'offset'] : [];
}
