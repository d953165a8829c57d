import type { DataAction } from '../../access/data-actions.ts';
import { mayDo } from '../../access/principal.ts';
import { FhirError } from '../outcome.ts';
import type { FhirRequest } from './interaction.ts';

/** For what a request turns out to need beyond its operation's row, e.g. hard delete. Alternatives as in `Operation.access`. */
export function requireAccess(request: FhirRequest, access: readonly (readonly DataAction[])[]): void {
  if (!mayDo(request.principal, access)) throw new FhirError('forbidden', 'The caller may not do this.');
}
