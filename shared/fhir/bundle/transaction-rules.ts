import { operationKey } from '../operations/advertised-operations.ts';
import { operationTable } from '../operations/operation-table.ts';
import { FhirError } from '../outcome.ts';
import type { EntryRequest } from './entry-request.ts';

/** What AHDS refuses inside a transaction, besides what it refuses everywhere. */
export function checkTransactionEntry({ row, request, method, url }: EntryRequest): void {
  if (method === 'DELETE' && url.includes('?')) refuse('A delete with criteria or parameters');
  if (row.name === 'conditional-delete') refuse('A delete without an id');
  if (row.body === 'form') refuse('A search by POST');
  if (row.name.startsWith('validate-') && row.method === 'POST') refuse('$validate by POST');
  if (row.path.includes('$') && !onlyReads(row)) refuse(row.path.slice(row.path.indexOf('$')));
  if (request.resource?.resourceType === 'Bundle') refuse('A nested Bundle');
}

/** An operation is answered beside the commit, so that what it changes could not be undone with the rest. */
function onlyReads({ path, method }: EntryRequest['row']): boolean {
  const operation = operationTable[operationKey(path)];
  return operation ? operation.affectsState !== true : method === 'GET';
}

function refuse(what: string): never {
  throw new FhirError('not-supported', `${what} cannot be part of a transaction.`);
}
