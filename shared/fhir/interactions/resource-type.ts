import { FhirError } from '../outcome.ts';
import type { Resource } from '../resource/types.ts';
import type { FhirRequest } from './interaction.ts';

const idPattern = /^[A-Za-z0-9\-.]{1,64}$/;

/** FHIR R4 2.24.0.1, type id. */
export function isId(text: unknown): text is string {
  return typeof text === 'string' && idPattern.test(text);
}

/** The resource type in the request's path. A name that is none, or is written in other case, is 404. */
export function typeOf(request: FhirRequest): string {
  const { type = '', service } = request;
  if (service.definitions.isResourceType(type)) return type;
  throw new FhirError('not-found', `Resource type '${type}' is not supported.`);
}

/** Type and id in the request's path; an id that cannot exist is 404. */
export function keyOf(request: FhirRequest): { type: string; id: string } {
  const type = typeOf(request);
  if (isId(request.id)) return { type, id: request.id };
  throw new FhirError('not-found', `Resource type '${type}' with this id couldn't be found: it is not a valid id.`);
}

/** The body of a write to `type`. */
export function resourceOf(request: FhirRequest, type: string): Resource {
  const { resource } = request;
  if (!resource) throw new FhirError('structure', 'The request needs a resource as its body.');
  if (resource.resourceType === type) return resource;
  throw new FhirError('invalid', `The body is a ${resource.resourceType}, the address is one of ${type}.`);
}
