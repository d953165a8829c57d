/** What the service offers, as FHIR R4's CapabilityStatement, in AHDS's form: from the definitions and the rows. */
import type { StoredProfiles } from '../conformance/stored-profiles.ts';
import type { Definitions, SearchParameter } from '../definitions/definitions.ts';
import { advertisedOperations, operationCapability } from '../operations/advertised-operations.ts';
import type { FhirService } from '../service.ts';
import { subscriptionCapability } from '../subscriptions/capability.ts';
import type { InteractionRow } from './interaction-row.ts';
import { versioningOf } from './versioning.ts';

/** In AHDS's order; the rows say which of them there are. */
const resourceInteractions = [
  ...['create', 'read', 'vread', 'history-type', 'history-instance'],
  ...['update', 'patch', 'delete', 'search-type'],
];

export function capabilityStatement(
  service: FhirService,
  base: string,
  rows: readonly InteractionRow[],
  { profiles, security }: { readonly profiles: StoredProfiles; readonly security: object | undefined },
) {
  const { definitions } = service;
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
    date: service.now().toISOString(),
    publisher: 'Open Health Data Services',
    kind: 'capability',
    ...(profiles.instantiates.length > 0 && { instantiates: profiles.instantiates }),
    software: { name: 'Open Health Data Services', version: '0.1.0' },
    fhirVersion: definitions.fhirVersion,
    format: ['application/fhir+json', 'json', 'application/fhir+xml', 'xml'],
    patchFormat: ['application/fhir+json', 'application/fhir+xml', 'application/json-patch+json'],
    rest: [
      {
        mode: 'server',
        ...(security && { security }),
        resource: definitions.resourceTypes
          .filter((type) => type !== 'Parameters')
          .map((type) => {
            const capability = resourceCapability(service, type, interactions, referring.get(type) ?? [], profiles);
            return type === 'Subscription' ? subscriptionCapability(capability, definitions, base) : capability;
          }),
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
  service: FhirService,
  type: string,
  interactions: readonly string[],
  referring: readonly string[],
  profiles: StoredProfiles,
) {
  const supported = profiles.byType.get(type);
  const changeable = type !== 'AuditEvent';
  const versioning = versioningOf(service, type);
  const parameters = [...service.definitions.searchParameters(type).values()].filter((each) =>
    isOffered(service, each),
  );
  const references = parameters.filter((parameter) => parameter.type === 'reference');
  return {
    type,
    profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
    ...(supported && { supportedProfile: supported }),
    interaction: interactions.filter((code) => changeable || !unchangeable.has(code)).map((code) => ({ code })),
    versioning,
    readHistory: versioning !== 'no-version',
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: 'full-support',
    ...(changeable && { conditionalUpdate: true, conditionalDelete: 'multiple' }),
    ...(references.length > 0 && { searchInclude: [...references.map(({ code }) => `${type}:${code}`), '*'] }),
    ...(referring.length > 0 && { searchRevInclude: referring }),
    searchParam: parameters.map(({ code, url, type: kind }) => ({ name: code, definition: url, type: kind })),
  };
}

/** Parameters without an expression are those that no single element feeds. */
function isOffered({ settings }: FhirService, { code, expression }: SearchParameter): boolean {
  if (code === '_text' || code === '_content') return settings.fullText === true;
  return expression !== '' || code === 'near' || (code.startsWith('_') && code !== '_query');
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
