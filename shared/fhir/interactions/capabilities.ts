/**
 * FHIR R4 3.1.0.9 capabilities: what this service offers, made from its definitions once per address. `mode` is taken and
 * changes nothing, which R4 allows; `_summary` and `_elements` as on a read.
 */
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

export async function capabilities({ service, base, query }: FhirRequest): Promise<FhirResponse> {
  const asked = new Map(query);
  if (!modes.includes(asked.get('mode') ?? 'full')) {
    throw new FhirError('invalid', `mode must be one of ${modes.join(', ')}.`);
  }
  const wanted = askedSubset(asked);
  const texts = made.get(service) ?? new Map<string, Uint8Array>();
  made.set(service, texts);
  let text = texts.get(base);
  if (!text) {
    text = Buffer.from(JSON.stringify(capabilityStatement(service, base)));
    if (texts.size >= maxAddresses) texts.clear();
    texts.set(base, text);
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

function capabilityStatement(service: FhirService, base: string) {
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
    software: { name: 'Open Health Data Services', version: '0.1.0' },
    implementation: { description: 'FHIR service of Open Health Data Services', url: base },
    fhirVersion: definitions.fhirVersion,
    format: ['application/fhir+json', 'json', 'application/fhir+xml', 'xml'],
    patchFormat: ['application/fhir+json', 'application/fhir+xml', 'application/json-patch+json'],
    rest: [
      {
        mode: 'server',
        resource: definitions.resourceTypes.map((type) => resourceCapability(service, type)),
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

function resourceCapability(service: FhirService, type: string) {
  const { definitions } = service;
  const versioning = versioningOf(service, type);
  const interactions = [...instanceInteractions, ...typeInteractions];
  const parameters = [...definitions.searchParameters(type).values()].filter(
    ({ expression, code }) => expression !== '' || code.startsWith('_'),
  );
  const references = parameters.filter((parameter) => parameter.type === 'reference');
  return {
    type,
    profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
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
