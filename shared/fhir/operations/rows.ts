import type { InteractionRow } from '../interactions/interaction-row.ts';
import { activeReindex, cancelReindex, readReindex, startReindex } from '../reindex/reindex-operations.ts';
import { previewReindex, reindexResource } from '../reindex/reindex-resource.ts';
import { readStatus, updateStatus } from '../search-parameters/status-operation.ts';
import { terminologyRows } from '../terminology/rows.ts';
import { docref } from './docref.ts';
import { document } from './document.ts';
import { everything } from './everything.ts';
import { includes } from './includes.ts';
import { lastn } from './lastn.ts';
import { memberMatch } from './member-match.ts';
import { subscriptionRows } from './subscription-rows.ts';
import { validateInstance, validateType } from './validate.ts';

const toSearch = [['read'], ['search']] as const;
const toValidate = [['resourceValidate']] as const;
const toReindex = [['reindex']] as const;
const reindexJob = '_operations/reindex/{id}';
const status = 'SearchParameter/$status';

/** The operations (`$…`), which HTTP requests and the entries of bundles can ask for. */
export const operationRows: readonly InteractionRow[] = [
  row('includes', 'GET', '{type}/$includes', toSearch, includes),
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
  row('patient-everything', 'GET', 'Patient/{id}/$everything', [['read']], everything),
  row('member-match', 'POST', 'Patient/$member-match', [['read']], memberMatch, 'resource'),
  row('docref', 'GET', 'DocumentReference/$docref', toSearch, docref),
  row('docref-post', 'POST', 'DocumentReference/$docref', toSearch, docref, 'resource'),
  row('lastn', 'GET', 'Observation/$lastn', toSearch, lastn),
  row('lastn-post', 'POST', 'Observation/$lastn', toSearch, lastn, 'resource'),
  row('document', 'GET', 'Composition/{id}/$document', [['read']], document),
  row('document-post', 'POST', 'Composition/{id}/$document', [['read']], document, 'resource'),
  row('document-type', 'GET', 'Composition/$document', [['read']], document),
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
