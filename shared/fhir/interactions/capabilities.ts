/**
 * FHIR R4 3.1.0.9 capabilities: made once per address and state of the search parameters and stored profiles; `_summary`
 * and `_elements` as on a read.
 */
import { type StoredProfiles, storedProfiles } from '../conformance/stored-profiles.ts';
import type { Definitions } from '../definitions/definitions.ts';
import { FhirError } from '../outcome.ts';
import { askedSubset } from '../resource/asked-subset.ts';
import { formatJson, parseJsonObject } from '../resource/json.ts';
import { type Subset, subset } from '../resource/subset.ts';
import type { Resource } from '../resource/types.ts';
import type { FhirService } from '../service.ts';
import type { FhirRequest, FhirResponse } from './interaction.ts';
import { versioningOf } from './versioning.ts';

const made = new WeakMap<FhirService, Map<string, Uint8Array>>();
/** A service has few addresses; a client that invents Host headers must not fill the memory. */
const maxAddresses = 16;

export async function capabilities(request: FhirRequest): Promise<FhirResponse> {
  const { service, base, query } = request;
  const asked = new Map(query);
  const mode = asked.get('mode') ?? 'full';
  if (!modes.includes(mode)) throw new FhirError('invalid', `mode must be one of ${modes.join(', ')}.`);
  if (mode === 'terminology') {
    const { terminologyCapabilities } = await import('../terminology/terminology-capabilities.ts');
    return terminologyCapabilities(request);
  }
  const wanted = askedSubset(asked);
  const texts = made.get(service) ?? new Map<string, Uint8Array>();
  made.set(service, texts);
  const key = `${service.parameters.version} ${service.canonicals.generation('StructureDefinition')} ${base}`;
  let text = texts.get(key);
  if (!text) {
    const profiles = await storedProfiles(service);
    text = Buffer.from(JSON.stringify(capabilityStatement(service, base, profiles)));
    if (texts.size >= maxAddresses) texts.clear();
    texts.set(key, text);
  }
  return { status: 200, body: wanted ? [subsetOfText(text, wanted, service.definitions)] : [text] };
}

function subsetOfText(text: Uint8Array, wanted: Subset, definitions: Definitions): Uint8Array {
  return Buffer.from(formatJson(subset(parseJsonObject(text) as Resource, wanted, definitions)));
}

const modes = ['full', 'normative', 'terminology'];
const instanceInteractions = ['read', 'vread', 'update', 'patch', 'delete', 'history-instance'];
const typeInteractions = ['history-type', 'create', 'search-type'];

/** AHDS: an AuditEvent is not changed. */
const notOffered: ReadonlyMap<string, readonly string[]> = new Map([['AuditEvent', ['update', 'patch', 'delete']]]);

function capabilityStatement(service: FhirService, base: string, profiles: StoredProfiles) {
  const { definitions } = service;
  return {
    resourceType: 'CapabilityStatement',
    url: `${base}/metadata`,
    version: '0.1.0',
    name: 'OpenHealthDataServicesFhir',
    title: 'Open Health Data Services, FHIR service',
    status: 'active',
    experimental: true,
    date: service.now().toISOString(),
    publisher: 'Open Health Data Services',
    kind: 'instance',
    ...(profiles.instantiates.length > 0 && { instantiates: profiles.instantiates }),
    software: { name: 'Open Health Data Services', version: '0.1.0' },
    implementation: { description: 'FHIR service of Open Health Data Services', url: base },
    fhirVersion: definitions.fhirVersion,
    format: ['application/fhir+json', 'json', 'application/fhir+xml', 'xml'],
    patchFormat: ['application/fhir+json', 'application/fhir+xml', 'application/json-patch+json'],
    rest: [
      {
        mode: 'server',
        resource: definitions.resourceTypes.map((type) => resourceCapability(service, type, profiles)),
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

function resourceCapability(service: FhirService, type: string, profiles: StoredProfiles) {
  const { definitions } = service;
  const versioning = versioningOf(service, type);
  const interactions = [...instanceInteractions, ...typeInteractions];
  const supported = profiles.byType.get(type);
  const parameters = [...definitions.searchParameters(type).values()].filter(
    ({ expression, code }) => expression !== '' || code.startsWith('_'),
  );
  const references = parameters.filter((parameter) => parameter.type === 'reference');
  return {
    type,
    profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
    ...(supported && { supportedProfile: supported }),
    interaction: interactions.filter((code) => !notOffered.get(type)?.includes(code)).map((code) => ({ code })),
    versioning,
    readHistory: versioning !== 'no-version',
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: 'full-support',
    conditionalUpdate: true,
    conditionalDelete: 'multiple',
    searchInclude: references.map(({ code }) => `${type}:${code}`),
    searchParam: parameters.map(({ code, url, type: kind }) => ({ name: code, definition: url, type: kind })),
  };
}
