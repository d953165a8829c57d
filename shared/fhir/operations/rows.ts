import type { InteractionRow } from '../interactions/interaction-row.ts';
import { activeReindex, cancelReindex, readReindex, startReindex } from '../reindex/reindex-operations.ts';
import { previewReindex, reindexResource } from '../reindex/reindex-resource.ts';
import { readStatus, updateStatus } from '../search-parameters/status-operation.ts';
import { terminologyRows } from '../terminology/rows.ts';
import { docref } from './docref.ts';
import { document } from './document.ts';
import { everything } from './everything.ts';
import { lastn } from './lastn.ts';
import { memberMatch } from './member-match.ts';
import { validateInstance, validateType } from './validate.ts';

const toSearch = [['read'], ['search']] as const;

const toValidate = [['resourceValidate']] as const;
const toReindex = [['reindex']] as const;
const reindexJob = '_operations/reindex/{id}';
const status = 'SearchParameter/$status';

/** The operations (`$…`), which HTTP requests and the entries of bundles can ask for. */
export const operationRows: readonly InteractionRow[] = [
  ...terminologyRows,
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
  {
    name: 'validate-type',
    method: 'POST',
    path: '{type}/$validate',
    access: [['resourceValidate']],
    body: 'resource',
    interaction: validateType,
  },
  {
    name: 'validate-instance',
    method: 'GET',
    path: '{type}/{id}/$validate',
    access: [['resourceValidate']],
    body: 'none',
    interaction: validateInstance,
  },
  {
    name: 'validate-instance-post',
    method: 'POST',
    path: '{type}/{id}/$validate',
    access: [['resourceValidate']],
    body: 'optional',
    interaction: validateInstance,
  },
  {
    name: 'patient-everything',
    method: 'GET',
    path: 'Patient/{id}/$everything',
    access: [['read']],
    body: 'none',
    interaction: everything,
  },
  {
    name: 'member-match',
    method: 'POST',
    path: 'Patient/$member-match',
    access: [['read']],
    body: 'resource',
    interaction: memberMatch,
  },
  {
    name: 'docref',
    method: 'GET',
    path: 'DocumentReference/$docref',
    access: toSearch,
    body: 'none',
    interaction: docref,
  },
  {
    name: 'docref-post',
    method: 'POST',
    path: 'DocumentReference/$docref',
    access: toSearch,
    body: 'resource',
    interaction: docref,
  },
  { name: 'lastn', method: 'GET', path: 'Observation/$lastn', access: toSearch, body: 'none', interaction: lastn },
  {
    name: 'lastn-post',
    method: 'POST',
    path: 'Observation/$lastn',
    access: toSearch,
    body: 'resource',
    interaction: lastn,
  },
  {
    name: 'document',
    method: 'GET',
    path: 'Composition/{id}/$document',
    access: [['read']],
    body: 'none',
    interaction: document,
  },
  {
    name: 'document-post',
    method: 'POST',
    path: 'Composition/{id}/$document',
    access: [['read']],
    body: 'resource',
    interaction: document,
  },
  {
    name: 'document-type',
    method: 'GET',
    path: 'Composition/$document',
    access: [['read']],
    body: 'none',
    interaction: document,
  },
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
