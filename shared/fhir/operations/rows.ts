import type { InteractionRow } from '../interactions/interaction-row.ts';
import { terminologyRows } from '../terminology/rows.ts';
import { validateInstance, validateType } from './validate.ts';

/** The operations (`$…`), which HTTP requests and the entries of bundles can ask for. */
export const operationRows: readonly InteractionRow[] = [
  ...terminologyRows,
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
];
