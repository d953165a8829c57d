import type { DataAction } from '../../access/data-actions.ts';
import { mayDo } from '../../access/principal.ts';
import { FhirError } from '../outcome.ts';
import type { FhirRequest } from './interaction.ts';

/** What others are validated and interpreted by. */
const definitionTypes = ['StructureDefinition', 'ValueSet', 'CodeSystem', 'ConceptMap'];

/** AHDS: a write or delete of a definition needs the right to edit profile definitions besides its own. */
export function requireDefinitionAccess(request: FhirRequest, type: string): void {
  if (definitionTypes.includes(type)) requireAccess(request, [['editProfileDefinitions']]);
}

/** For what a request turns out to need beyond its operation's row, e.g. hard delete. Alternatives as in `Operation.access`. */
export function requireAccess(request: FhirRequest, access: readonly (readonly DataAction[])[]): void {
  if (!mayDo(request.principal, access)) throw new FhirError('forbidden', 'The caller may not do this.');
}
