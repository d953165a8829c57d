/** FHIR R4 3.1.0.9 capabilities: made once per address and state of the search parameters and stored profiles. */
import { type StoredProfiles, storedProfiles } from '../conformance/stored-profiles.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { advertisedOperations, operationCapability } from '../operations/advertised-operations.ts';
import type { FhirService } from '../service.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';
import type { InteractionRow } from './interaction-row.ts';

const made = new WeakMap<FhirService, Map<string, Uint8Array>>();
/** A service has few addresses; a client that invents Host headers must not fill the memory. */
const maxAddresses = 16;

export async function capabilities(request: FhirRequest, rows: readonly InteractionRow[]): Promise<FhirResponse> {
  const { service, base, query } = request;
  if (query.some(([name, value]) => name === 'mode' && value === 'terminology')) {
    const { terminologyCapabilities } = await import('../terminology/terminology-capabilities.ts');
    return terminologyCapabilities(request);
  }
  const texts = made.get(service) ?? new Map<string, Uint8Array>();
  made.set(service, texts);
  const key = `${service.parameters.version} ${service.canonicals.generation('StructureDefinition')} ${base}`;
  let text = texts.get(key);
  if (!text) {
    const profiles = await storedProfiles(service);
    text = Buffer.from(JSON.stringify(capabilityStatement(service.definitions, base, service.now(), rows, profiles)));
    if (texts.size >= maxAddresses) texts.clear();
    texts.set(key, text);
  }
  return { status: 200, body: [text] };
}

/** In AHDS's order; the rows say which of them there are. */
const resourceInteractions = [
  ...['create', 'read', 'vread', 'history-type', 'history-instance'],
  ...['update', 'patch', 'delete', 'search-type'],
];

function capabilityStatement(
  definitions: Definitions,
  base: string,
  now: Date,
  rows: readonly InteractionRow[],
  profiles: StoredProfiles,
) {
  const names = new Set(rows.map(({ name }) => name));
  const interactions = resourceInteractions.filter((code) => names.has(code));
  const referring = referringParameters(definitions);
  return {
    resourceType: 'CapabilityStatement',
    url: `${base}/metadata`,
    version: '0.1.0',
    name: 'OpenHealthDataServicesFhir',
    title: 'Open Health Data Services, FHIR service',
    status: 'active',
    experimental: true,
    date: now.toISOString(),
    publisher: 'Open Health Data Services',
    kind: 'capability',
    ...(profiles.instantiates.length > 0 && { instantiates: profiles.instantiates }),
    software: { name: 'Open Health Data Services', version: '0.1.0' },
    fhirVersion: definitions.fhirVersion,
    format: ['application/fhir+json', 'json', 'application/fhir+xml', 'xml'],
    ...(names.has('patch') && { patchFormat: ['application/fhir+json', 'application/json-patch+json'] }),
    rest: [
      {
        mode: 'server',
        resource: definitions.resourceTypes
          .filter((type) => type !== 'Parameters')
          .map((type) => resourceCapability(definitions, type, interactions, referring.get(type) ?? [], profiles)),
        interaction: ['batch', 'transaction', 'history-system'].map((code) => ({ code })),
        searchParam: [
          { name: '_type', type: 'token' },
          { name: '_count', type: 'number' },
          { name: '_summary', type: 'token' },
        ],
        operation: advertisedOperations(rows).map((operation) => operationCapability(operation, base)),
      },
    ],
  };
}

/** AHDS: an AuditEvent is not advertised as something that can be changed, although it can. */
const unchangeable = new Set(['update', 'patch', 'delete']);

function resourceCapability(
  definitions: Definitions,
  type: string,
  interactions: readonly string[],
  referring: readonly string[],
  profiles: StoredProfiles,
) {
  const supported = profiles.byType.get(type);
  const changeable = type !== 'AuditEvent';
  const parameters = [...definitions.searchParameters(type).values()].filter(
    ({ expression, code }) => expression !== '' || code.startsWith('_'),
  );
  const references = parameters.filter((parameter) => parameter.type === 'reference');
  return {
    type,
    profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
    ...(supported && { supportedProfile: supported }),
    interaction: interactions.filter((code) => changeable || !unchangeable.has(code)).map((code) => ({ code })),
    versioning: 'versioned',
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: 'not-supported',
    ...(changeable && { conditionalUpdate: true, conditionalDelete: 'multiple' }),
    ...(references.length > 0 && { searchInclude: [...references.map(({ code }) => `${type}:${code}`), '*'] }),
    ...(referring.length > 0 && { searchRevInclude: referring }),
    searchParam: parameters.map(({ code, url, type: kind }) => ({ name: code, definition: url, type: kind })),
  };
}

/** By type, the parameters that can refer to it. */
function referringParameters(definitions: Definitions): ReadonlyMap<string, string[]> {
  const referring = new Map<string, string[]>();
  for (const type of definitions.resourceTypes) {
    for (const { code, expression, targets, type: kind } of definitions.searchParameters(type).values()) {
      if (kind !== 'reference' || expression === '') continue;
      for (const target of targets) {
        const known = referring.get(target);
        if (known) known.push(`${type}:${code}`);
        else referring.set(target, [`${type}:${code}`]);
      }
    }
  }
  return referring;
}
