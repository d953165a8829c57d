/**
 * Validation against profiles on create and update. AHDS: `x-ms-profile-validation: true` asks for it, a setting of the
 * service for all requests; the header goes before the setting. Errors are 400, warnings are not told.
 */
import { FhirError } from '../outcome.ts';
import type { Resource } from '../resource/types.ts';
import type { FhirRequest } from './interaction.ts';

export async function checkProfiles(request: FhirRequest, resource: Resource): Promise<void> {
  if (!isAsked(request)) return;
  const validation = await request.service.fullValidation();
  const issues = await validation.issues(resource, [], 'write');
  const errors = issues.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new FhirError('invalid', errors);
}

function isAsked({ header, service }: FhirRequest): boolean {
  const asked = header('x-ms-profile-validation')?.trim().toLowerCase();
  if (asked === 'true' || asked === 'false') return asked === 'true';
  return service.settings.validateProfiles === true;
}
