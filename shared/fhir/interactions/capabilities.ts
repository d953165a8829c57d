/** FHIR R4 3.1.0.9 capabilities: made once per address and state of the search parameters and stored profiles. */
import { type StoredProfiles, storedProfiles } from '../conformance/stored-profiles.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { FhirService } from '../service.ts';
import { subscriptionCapability } from '../subscriptions/capability.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';

const made = new WeakMap<FhirService, Map<string, Uint8Array>>();
/** A service has few addresses; a client that invents Host headers must not fill the memory. */
const maxAddresses = 16;

export async function capabilities(request: FhirRequest): Promise<FhirResponse> {
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
    text = Buffer.from(JSON.stringify(capabilityStatement(service.definitions, base, service.now(), profiles)));
    if (texts.size >= maxAddresses) texts.clear();
    texts.set(key, text);
  }
  return { status: 200, body: [text] };
}

const instanceInteractions = ['read', 'vread', 'update', 'delete', 'history-instance'];
const typeInteractions = ['history-type', 'create', 'search-type'];

function capabilityStatement(definitions: Definitions, base: string, now: Date, profiles: StoredProfiles) {
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
    kind: 'instance',
    ...(profiles.instantiates.length > 0 && { instantiates: profiles.instantiates }),
    software: { name: 'Open Health Data Services', version: '0.1.0' },
    implementation: { description: 'FHIR service of Open Health Data Services', url: base },
    fhirVersion: definitions.fhirVersion,
    format: ['application/fhir+json', 'json', 'application/fhir+xml', 'xml'],
    rest: [
      {
        mode: 'server',
        resource: definitions.resourceTypes.map((type) => {
          const capability = resourceCapability(definitions, type, profiles);
          return type === 'Subscription' ? subscriptionCapability(capability, definitions, base) : capability;
        }),
        interaction: ['batch', 'transaction', 'history-system', 'search-system'].map((code) => ({ code })),
        searchParam: [
          { name: '_type', type: 'token' },
          { name: '_count', type: 'number' },
          { name: '_summary', type: 'token' },
        ],
      },
    ],
  };
}

function resourceCapability(definitions: Definitions, type: string, profiles: StoredProfiles) {
  const supported = profiles.byType.get(type);
  const parameters = [...definitions.searchParameters(type).values()].filter(
    ({ expression, code }) => expression !== '' || code.startsWith('_'),
  );
  const references = parameters.filter((parameter) => parameter.type === 'reference');
  return {
    type,
    profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
    ...(supported && { supportedProfile: supported }),
    interaction: [...instanceInteractions, ...typeInteractions].map((code) => ({ code })),
    versioning: 'versioned',
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: 'not-supported',
    conditionalUpdate: true,
    conditionalDelete: 'multiple',
    searchInclude: references.map(({ code }) => `${type}:${code}`),
    searchParam: parameters.map(({ code, url, type: kind }) => ({ name: code, definition: url, type: kind })),
  };
}
