/**
 * FHIR R4 Resource-validate. AHDS: always 200 with an OperationOutcome, "All OK" when there is nothing to say; 400 for a
 * profile that is no canonical or is given twice, 404 for an absent resource. `mode=delete` looks at no resource.
 */
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { keyOf, typeOf } from '../interactions/resource-type.ts';
import { FhirError, type Issue, operationOutcome } from '../outcome.ts';
import { parseStored } from '../resource/text.ts';
import type { Resource } from '../resource/types.ts';
import { type InParameter, parametersIn } from './parameters.ts';

/** `POST {type}/$validate` with a resource, or with Parameters that have it. */
export async function validateType(request: FhirRequest): Promise<FhirResponse> {
  const type = typeOf(request);
  request.audit.resourceType = type;
  const asked = askedOf(request, type);
  if (asked.mode === 'delete') return outcome(request, []);
  if (!asked.resource) throw new FhirError('invalid', 'The Parameters have no resource to validate.');
  return validated(request, type, asked.resource, asked.profiles);
}

/** `GET` or `POST {type}/{id}/$validate`: the stored resource, or the one that is sent. */
export async function validateInstance(request: FhirRequest): Promise<FhirResponse> {
  const key = keyOf(request);
  request.audit.resourceType = key.type;
  request.audit.resourceId = key.id;
  const asked = askedOf(request, key.type);
  const stored = await request.service.store.read(key);
  if (!stored || stored.deleted) {
    throw new FhirError('not-found', `Resource type '${key.type}' with id '${key.id}' couldn't be found.`);
  }
  if (asked.mode === 'delete') return outcome(request, []);
  return validated(request, key.type, asked.resource ?? parseStored(stored), asked.profiles);
}

interface Asked {
  readonly resource: Resource | undefined;
  readonly profiles: readonly string[];
  readonly mode: string | undefined;
}

/** What is in the query and in the body. A profile may be in one of them. */
function askedOf({ query, resource }: FhirRequest, type: string): Asked {
  const isWrapped = resource?.resourceType === 'Parameters' && type !== 'Parameters';
  const isParameters = isWrapped || (resource?.resourceType === 'Parameters' && hasResource(resource));
  const sent = isParameters ? parametersIn(resource) : [];
  const named = query.map(([name, value]): InParameter => ({ name, value, part: [] }));
  const profiles = [named, sent].map((parameters) => valuesOf(parameters, 'profile'));
  if (profiles.every((values) => values.length > 0)) {
    throw new FhirError('invalid', 'The profile is given in the query and in the body.');
  }
  const mode = [...valuesOf(named, 'mode'), ...valuesOf(sent, 'mode')][0];
  return {
    resource: isParameters ? sent.find(({ name }) => name === 'resource')?.resource : resource,
    profiles: profiles.flat().map(canonicalOf),
    mode,
  };
}

function hasResource(parameters: Resource): boolean {
  return parametersIn(parameters).some(({ name, resource }) => name === 'resource' && resource !== undefined);
}

function valuesOf(parameters: readonly InParameter[], name: string): string[] {
  return parameters.filter((one) => one.name === name).map(({ value }) => (typeof value === 'string' ? value : ''));
}

function canonicalOf(text: string): string {
  if (/^(https?|urn):\S+$/.test(text)) return text;
  throw new FhirError('invalid', 'The profile must be an absolute URL.');
}

async function validated(
  request: FhirRequest,
  type: string,
  resource: Resource,
  profiles: readonly string[],
): Promise<FhirResponse> {
  if (resource.resourceType !== type) {
    const diagnostics = `The resource is a ${resource.resourceType}, the address is one of ${type}.`;
    return outcome(request, [{ severity: 'error', code: 'invalid', diagnostics, expression: ['resourceType'] }]);
  }
  const validation = await request.service.fullValidation();
  return outcome(request, await validation.issues(resource, profiles));
}

const allOk: Issue = { severity: 'information', code: 'informational', diagnostics: 'All OK' };

function outcome(request: FhirRequest, issues: readonly Issue[]): FhirResponse {
  const told = operationOutcome(issues.length > 0 ? issues : [allOk], request.requestId, request.service.now());
  return { status: 200, body: [Buffer.from(JSON.stringify(told))] };
}
