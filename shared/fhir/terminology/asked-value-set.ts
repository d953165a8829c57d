/** The value set that an operation is about: its instance, the `valueSet` that was sent, `url`, or `context`. */
import type { FhirRequest } from '../interactions/interaction.ts';
import { FhirError } from '../outcome.ts';
import { boundValueSet } from './binding-context.ts';
import type { OperationArguments } from './operation-arguments.ts';
import type { ValueSetResource } from './resources.ts';
import { instanceOf } from './stored-resource.ts';
import type { ChooseVersion } from './terminology-service.ts';
import type { ValueSet } from './value-set.ts';

/** Throws `invalid` when none is named, `not-found` for one that is not here. */
export async function askedValueSet(
  request: FhirRequest,
  given: OperationArguments,
  chooseVersion?: ChooseVersion,
): Promise<ValueSet> {
  const { terminology } = request.service;
  const instance = await instanceOf(request, 'ValueSet');
  if (instance && given.has('valueSet')) throw new FhirError('invalid', "'valueSet': the address names the value set.");
  const sent = instance ?? given.resource('valueSet', 'ValueSet');
  if (sent) return terminology.compile(sent as ValueSetResource, chooseVersion);
  const context = given.text('context');
  const url = given.text('url') ?? (context === undefined ? undefined : await boundValueSet(request.service, context));
  if (url === undefined) throw new FhirError('invalid', 'One of url, valueSet and context is needed.');
  const version = given.text('valueSetVersion');
  const canonical = version === undefined || url.includes('|') ? url : `${url}|${version}`;
  const found = await terminology.valueSet(canonical);
  if (!found) throw new FhirError('not-found', `The value set ${canonical.slice(0, 500)} is not known here.`);
  return chooseVersion ? terminology.compile(found.resource, chooseVersion) : found;
}
