import type { InteractionRow } from '../interactions/interaction-row.ts';
import { lazily } from '../interactions/lazily.ts';
import { terminologyRows } from '../terminology/rows.ts';
import { subscriptionRows } from './subscription-rows.ts';

const activeReindex = lazily(async () => (await import('../reindex/reindex-operations.ts')).activeReindex);
const cancelReindex = lazily(async () => (await import('../reindex/reindex-operations.ts')).cancelReindex);
const readReindex = lazily(async () => (await import('../reindex/reindex-operations.ts')).readReindex);
const startReindex = lazily(async () => (await import('../reindex/reindex-operations.ts')).startReindex);
const previewReindex = lazily(async () => (await import('../reindex/reindex-resource.ts')).previewReindex);
const reindexResource = lazily(async () => (await import('../reindex/reindex-resource.ts')).reindexResource);
const readStatus = lazily(async () => (await import('../search-parameters/status-operation.ts')).readStatus);
const updateStatus = lazily(async () => (await import('../search-parameters/status-operation.ts')).updateStatus);
const docref = lazily(async () => (await import('./docref.ts')).docref);
const document = lazily(async () => (await import('./document.ts')).document);
const everything = lazily(async () => (await import('./everything.ts')).everything);
const includes = lazily(async () => (await import('./includes.ts')).includes);
const lastn = lazily(async () => (await import('./lastn.ts')).lastn);
const memberMatch = lazily(async () => (await import('./member-match.ts')).memberMatch);
const validateInstance = lazily(async () => (await import('./validate.ts')).validateInstance);
const validateType = lazily(async () => (await import('./validate.ts')).validateType);

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
