import type { InteractionRow } from '../interactions/interaction-row.ts';
import { activeReindex, cancelReindex, readReindex, startReindex } from '../reindex/reindex-operations.ts';
import { previewReindex, reindexResource } from '../reindex/reindex-resource.ts';
import { readStatus, updateStatus } from '../search-parameters/status-operation.ts';
import { terminologyRows } from '../terminology/rows.ts';
import { subscriptionRows } from './subscription-rows.ts';
import { validateInstance, validateType } from './validate.ts';

const toValidate = [['resourceValidate']] as const;
const toReindex = [['reindex']] as const;
const reindexJob = '_operations/reindex/{id}';
const status = 'SearchParameter/$status';

/** The operations (`$…`), which HTTP requests and the entries of bundles can ask for. */
export const operationRows: readonly InteractionRow[] = [
  ...terminologyRows,
  ...subscriptionRows,
  row('validate-type', 'POST', '{type}/$validate', toValidate, validateType, 'resource'),
  row('validate-instance', 'GET', '{type}/{id}/$validate', toValidate, validateInstance),
  row('validate-instance-post', 'POST', '{type}/{id}/$validate', toValidate, validateInstance, 'optional'),
  row('reindex', 'POST', '$reindex', toReindex, startReindex, 'resource'),
  row('reindex-active', 'GET', '$reindex', toReindex, activeReindex),
  row('reindex-job', 'GET', reindexJob, toReindex, readReindex),
  row('reindex-cancel', 'DELETE', reindexJob, toReindex, cancelReindex),
  row('reindex-resource-preview', 'GET', '{type}/{id}/$reindex', toReindex, previewReindex),
  row('reindex-resource', 'POST', '{type}/{id}/$reindex', toReindex, reindexResource),
  row('search-parameter-status', 'GET', status, [['read']], readStatus),
  row('search-parameter-status-post', 'POST', `${status}/_search`, [['read']], readStatus, 'form'),
  row('search-parameter-status-update', 'PUT', status, [['searchParameter']], updateStatus, 'resource'),
];

function row(
  name: string,
  method: InteractionRow['method'],
  path: string,
  access: InteractionRow['access'],
  interaction: InteractionRow['interaction'],
  body: InteractionRow['body'] = 'none',
): InteractionRow {
  return { name, method, path, access, body, interaction };
}
