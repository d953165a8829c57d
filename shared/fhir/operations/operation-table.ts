/**
 * The operations as the CapabilityStatement names them (AHDS's names) and as OperationDefinitions describe them. An
 * operation is advertised when a row has its path: the path as far as its `$…`, without the id, is the key here.
 */

export interface OperationEntry {
  readonly name: string;
  readonly description: string;
  /** Where others define it; absent: this service's own OperationDefinition. */
  readonly definition?: string;
  readonly affectsState?: true;
  /** `name use min max type`. */
  readonly parameters?: readonly string[];
}

const hl7 = 'http://hl7.org/fhir/OperationDefinition';
const backport = 'http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition';

export const operationTable: Readonly<Record<string, OperationEntry>> = {
  'Patient/$everything': {
    name: 'patient-everything',
    description: 'All that the service has of a patient.',
    definition: 'https://www.hl7.org/fhir/patient-operation-everything.html',
    parameters: [
      'start in 0 1 date',
      'end in 0 1 date',
      '_since in 0 1 instant',
      '_type in 0 * code',
      '_count in 0 1 integer',
      'return out 1 1 Bundle',
    ],
  },
  'Patient/$member-match': {
    name: 'member-match',
    description: "The member's number for a patient and a coverage that another plan knows.",
    parameters: [
      'MemberPatient in 1 1 Patient',
      'OldCoverage in 1 1 Coverage',
      'NewCoverage in 0 1 Coverage',
      'MemberPatient out 1 1 Patient',
    ],
  },
  'DocumentReference/$docref': {
    name: 'docref',
    description: 'The references to the documents of a patient.',
    parameters: [
      'patient in 1 1 id',
      'start in 0 1 dateTime',
      'end in 0 1 dateTime',
      'type in 0 * CodeableConcept',
      'return out 1 1 Bundle',
    ],
  },
  'Observation/$lastn': {
    name: 'lastn',
    description: 'The latest observations of each code.',
    definition: `${hl7}/Observation-lastn`,
    parameters: ['max in 0 1 positiveInt', 'return out 1 1 Bundle'],
  },
  'Composition/$document': {
    name: 'document',
    description: 'A composition and what it refers to, as a document.',
    definition: `${hl7}/Composition-document`,
    affectsState: true,
    parameters: ['id in 0 1 uri', 'persist in 0 1 boolean', 'return out 1 1 Bundle'],
  },
  'Subscription/$status': {
    name: 'subscription-status',
    description: 'How far subscriptions have come.',
    definition: `${backport}/backport-subscription-status`,
    parameters: ['id in 0 * id', 'status in 0 * code', 'return out 1 1 Bundle'],
  },
  'Subscription/$events': {
    name: 'subscription-events',
    description: 'Events of a subscription, told again.',
    definition: `${backport}/backport-subscription-events`,
    parameters: [
      'eventsSinceNumber in 0 1 string',
      'eventsUntilNumber in 0 1 string',
      'content in 0 1 code',
      'return out 1 1 Bundle',
    ],
  },
  '{type}/$purge-history': {
    name: 'purge-history',
    description: 'Removes every version of a resource but the current one.',
    affectsState: true,
  },
  '{type}/$validate': {
    name: 'validate',
    description: 'Checks a resource, also against a profile.',
    definition: `${hl7}/Resource-validate`,
    parameters: [
      'resource in 0 1 Resource',
      'mode in 0 1 code',
      'profile in 0 1 uri',
      'return out 1 1 OperationOutcome',
    ],
  },
  '{type}/$includes': {
    name: 'includes',
    description: 'The next page of the resources that a search includes.',
    parameters: ['includesCt in 1 1 string', '_includesCount in 0 1 integer', 'return out 1 1 Bundle'],
  },
  'SearchParameter/$status': {
    name: 'search-parameter-status',
    description: 'The states of the search parameters.',
    affectsState: true,
    parameters: ['url in 0 1 uri', 'code in 0 1 code', 'resourceType in 0 1 code', 'searchParameterStatus out 0 *'],
  },
  $reindex: {
    name: 'reindex',
    description: 'Makes the index entries of all resources anew.',
    affectsState: true,
    parameters: [
      'maximumNumberOfResourcesPerQuery in 0 1 integer',
      'maximumNumberOfResourcesPerWrite in 0 1 integer',
      'targetResourceTypes in 0 1 string',
    ],
  },
  '{type}/$reindex': {
    name: 'resource-reindex',
    description: 'Makes the index entries of one resource anew.',
    affectsState: true,
  },
  'ValueSet/$expand': {
    name: 'valueset-expand',
    description: 'The codes of a value set.',
    parameters: [
      'url in 0 1 uri',
      'valueSet in 0 1 ValueSet',
      'filter in 0 1 string',
      'offset in 0 1 integer',
      'count in 0 1 integer',
      'return out 1 1 ValueSet',
    ],
  },
  'ValueSet/$validate-code': {
    name: 'valueset-validate-code',
    description: 'Whether a code is in a value set.',
    definition: `${hl7}/ValueSet-validate-code`,
  },
  'CodeSystem/$validate-code': {
    name: 'codesystem-validate-code',
    description: 'Whether a code is in a code system.',
    definition: `${hl7}/CodeSystem-validate-code`,
  },
  'CodeSystem/$lookup': {
    name: 'lookup',
    description: 'What a code system says of a code.',
    definition: `${hl7}/CodeSystem-lookup`,
  },
  'CodeSystem/$subsumes': {
    name: 'subsumes',
    description: 'How two codes of a code system are related.',
    definition: `${hl7}/CodeSystem-subsumes`,
  },
  'ConceptMap/$translate': {
    name: 'translate',
    description: 'What a code is in another code system.',
    definition: `${hl7}/ConceptMap-translate`,
  },
};

/** `$…` paths that are no operations to advertise: `$versions` is none in AHDS, `$import` is one that it leaves out. */
export const unadvertised: ReadonlySet<string> = new Set(['$versions', '$import']);
