import { bundle } from '../bundle/bundle.ts';
import { operationDefinition } from '../operations/operation-definition.ts';
import { operationRows } from '../operations/rows.ts';
import { capabilities } from './capabilities.ts';
import { conditionalDelete } from './conditional-delete.ts';
import { conditionalPatch } from './conditional-patch.ts';
import { conditionalUpdate } from './conditional-update.ts';
import { create } from './create.ts';
import { purgeHistory, remove } from './delete.ts';
import { historyInstance, historySystem, historyType } from './history.ts';
import type { InteractionRow } from './interaction-row.ts';
import { patch } from './patch.ts';
import { read } from './read.ts';
import { searchCompartment } from './search-compartment.ts';
import { searchSystem } from './search-system.ts';
import { searchType } from './search-type.ts';
import { update } from './update.ts';
import { versions } from './versions.ts';
import { vread } from './vread.ts';

const toRead = [['read'], ['readById']] as const;
const toSearch = [['read'], ['search']] as const;
const toCreate = [['write'], ['create']] as const;
const toUpdate = [['write'], ['update']] as const;
const toPatch = [['read', 'write'], ['update']] as const;
const toDelete = [['delete']] as const;

/** What an entry of a bundle can ask for. */
const entryRows: readonly InteractionRow[] = [
  {
    name: 'operation-definition',
    method: 'GET',
    path: 'OperationDefinition/{operation}',
    access: 'public',
    body: 'none',
    interaction: (request) => operationDefinition(request, interactionRows),
  },
  {
    name: 'read-operation-definition',
    method: 'GET',
    path: 'OperationDefinition/{otherId}',
    access: toRead,
    body: 'none',
    interaction: read,
  },
  { name: 'read', method: 'GET', path: '{otherType}/{id}', access: toRead, body: 'none', interaction: read },
  {
    name: 'vread',
    method: 'GET',
    path: '{type}/{id}/_history/{vid}',
    access: toRead,
    body: 'none',
    interaction: vread,
  },
  { name: 'create', method: 'POST', path: '{type}', access: toCreate, body: 'resource', interaction: create },
  { name: 'update', method: 'PUT', path: '{type}/{id}', access: toUpdate, body: 'resource', interaction: update },
  {
    name: 'conditional-update',
    method: 'PUT',
    path: '{type}',
    access: toUpdate,
    body: 'resource',
    interaction: conditionalUpdate,
  },
  { name: 'patch', method: 'PATCH', path: '{type}/{id}', access: toPatch, body: 'patch', interaction: patch },
  {
    name: 'conditional-patch',
    method: 'PATCH',
    path: '{type}',
    access: toPatch,
    body: 'patch',
    interaction: conditionalPatch,
  },
  { name: 'delete', method: 'DELETE', path: '{type}/{id}', access: toDelete, body: 'none', interaction: remove },
  {
    name: 'conditional-delete',
    method: 'DELETE',
    path: '{type}',
    access: toDelete,
    body: 'none',
    interaction: conditionalDelete,
  },
  {
    name: 'purge-history',
    method: 'DELETE',
    path: '{type}/{id}/$purge-history',
    access: [['delete', 'hardDelete']],
    body: 'none',
    interaction: purgeHistory,
  },
  { name: 'search-type', method: 'GET', path: '{type}', access: toSearch, body: 'none', interaction: searchType },
  {
    name: 'search-type-post',
    method: 'POST',
    path: '{type}/_search',
    access: toSearch,
    body: 'form',
    interaction: searchType,
  },
  { name: 'search-system', method: 'GET', path: '', access: toSearch, body: 'none', interaction: searchSystem },
  {
    name: 'search-system-post',
    method: 'POST',
    path: '_search',
    access: toSearch,
    body: 'form',
    interaction: searchSystem,
  },
  {
    name: 'search-compartment',
    method: 'GET',
    path: '{compartment}/{id}/{member}',
    access: toSearch,
    body: 'none',
    interaction: searchCompartment,
  },
  {
    name: 'history-instance',
    method: 'GET',
    path: '{type}/{id}/_history',
    access: toSearch,
    body: 'none',
    interaction: historyInstance,
  },
  {
    name: 'history-type',
    method: 'GET',
    path: '{type}/_history',
    access: toSearch,
    body: 'none',
    interaction: historyType,
  },
  {
    name: 'history-system',
    method: 'GET',
    path: '_history',
    access: toSearch,
    body: 'none',
    interaction: historySystem,
  },
  ...operationRows,
  {
    name: 'capabilities',
    method: 'GET',
    path: 'metadata',
    access: 'public',
    body: 'none',
    interaction: (request) => capabilities(request, interactionRows),
  },
  { name: 'versions', method: 'GET', path: '$versions', access: 'public', body: 'none', interaction: versions },
];

/** AHDS lets every caller with any right send a bundle and checks each entry. */
const anyRight = [['read'], ['search'], ['readById'], ['write'], ['create'], ['update'], ['delete']] as const;

export const interactionRows: readonly InteractionRow[] = [
  ...entryRows,
  { name: 'bundle', method: 'POST', path: '', access: anyRight, body: 'resource', interaction: bundle(entryRows) },
];
