/** The phases of `$everything` and what each finds, in AHDS's order. */
import type { Condition, Include } from '../../stores/resources/query.ts';
import type { Cursor, StoredResource } from '../../stores/resources/resource-store.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { FhirRequest } from '../interactions/interaction.ts';
import { type Compartment, compartmentCondition, memberTypes } from '../search/compartment.ts';
import { allOf, anyOf } from '../search/conditions.ts';
import { instantRange } from '../search/instant-range.ts';
import { pageBytes } from '../search/page.ts';
import { parseSearch } from '../search/parse-search.ts';
import type { Pair } from '../search/search-context.ts';
import type { EverythingParameters } from './everything-parameters.ts';

export interface PhaseInput {
  readonly request: FhirRequest;
  readonly asked: EverythingParameters;
  /** The patient whose turn it is; it need not exist. */
  readonly patient: string;
  /** Patients that have a turn of their own, so that no compartment needs to show them. */
  readonly elsewhere: readonly string[];
  readonly after: Cursor | undefined;
}

export interface Found {
  readonly resources: readonly StoredResource[];
  readonly next: Cursor | undefined;
}

const nothing: Found = { resources: [], next: undefined };

export const phases: readonly ((input: PhaseInput) => Promise<Found>)[] = [
  patientItself,
  compartmentWithDate,
  compartmentRest,
  devices,
];

const included: readonly Include[] = [
  { kind: 'include', param: 'Patient.general-practitioner' },
  { kind: 'include', param: 'Patient.organization' },
];
const maxIncluded = 1000;

/** The patient, its general practitioners and its managing organization. */
async function patientItself({ request, asked, patient }: PhaseInput): Promise<Found> {
  const { store } = request.service;
  const stored = await store.read({ type: 'Patient', id: patient });
  if (!stored || stored.deleted) return nothing;
  const { resources } = await store.include([stored], included, maxIncluded);
  const since = instantRange(asked.since ?? '')?.low ?? Number.NEGATIVE_INFINITY;
  const wanted = ({ type, updated }: StoredResource) => (asked.types?.includes(type) ?? true) && updated >= since;
  return { resources: [stored, ...resources].filter(wanted), next: undefined };
}

/** Types with a clinical date, within `start` and `end`; only when one of them is given. */
async function compartmentWithDate(input: PhaseInput): Promise<Found> {
  const { start, end } = input.asked;
  if (start === undefined && end === undefined) return nothing;
  const within: Pair[] = [];
  if (start !== undefined) within.push(['date', `ge${start}`]);
  if (end !== undefined) within.push(['date', `le${end}`]);
  const { definitions } = input.request.service;
  return inCompartment(input, (type) => hasClinicalDate(definitions, type), within);
}

/** The other types, or all of them when there are no dates to be within. */
async function compartmentRest(input: PhaseInput): Promise<Found> {
  const { start, end } = input.asked;
  const { definitions } = input.request.service;
  const dated = start !== undefined || end !== undefined;
  return inCompartment(input, (type) => !dated || !hasClinicalDate(definitions, type), []);
}

/** Devices are in no patient's compartment in R4, but belong to the record. */
async function devices(input: PhaseInput): Promise<Found> {
  if (input.asked.types && !input.asked.types.includes('Device')) return nothing;
  return search(input, ['Device'], conditionOf(input, ['Device'], [['patient', `Patient/${input.patient}`]]));
}

async function inCompartment(
  input: PhaseInput,
  ofPhase: (type: string) => boolean,
  pairs: readonly Pair[],
): Promise<Found> {
  const { request, asked } = input;
  const definition = request.service.definitions.compartments.get('Patient');
  if (!definition) return nothing;
  const compartment = { definition, id: input.patient };
  const types = memberTypes(compartment).filter((type) => ofPhase(type) && (asked.types?.includes(type) ?? true));
  if (types.length === 0) return nothing;
  // Type by type, so that a store can go along each reference to the patient and test what it finds there.
  return search(input, types, anyOf(types.map((type) => memberCondition(input, compartment, type, pairs))));
}

/** Patients in the compartment that have a turn of their own are left to it. */
function memberCondition(input: PhaseInput, compartment: Compartment, type: string, pairs: readonly Pair[]): Condition {
  const { service, base } = input.request;
  const context = { definitions: service.definitions, base, now: 0, issues: [], values: 0 };
  const refers = compartmentCondition(context, compartment, [type]);
  if (type === 'Patient') return allOf([refers, { kind: 'not', of: { kind: 'id', ids: input.elsewhere } }]);
  return pairs.length === 0 ? refers : allOf([refers, conditionOf(input, [type], pairs)]);
}

/** What a search of `types` by `pairs` asks for. */
function conditionOf({ request }: PhaseInput, types: readonly string[], pairs: readonly Pair[]): Condition {
  const { service, base } = request;
  const now = service.now().getTime();
  const { query } = parseSearch({ definitions: service.definitions, types, pairs, base, strict: true, now });
  return query.where ?? allOf([]);
}

async function search(input: PhaseInput, types: readonly string[], condition: Condition): Promise<Found> {
  const { request, asked, after } = input;
  const since: Pair[] = asked.since === undefined ? [] : [['_lastUpdated', `ge${asked.since}`]];
  const where = since.length === 0 ? condition : allOf([condition, conditionOf(input, types, since)]);
  const query = { types, where, sort: [] };
  const { matches, next } = await request.service.store.search(query, asked.count, after, pageBytes);
  return { resources: matches, next };
}

const clinicalDate = 'http://hl7.org/fhir/SearchParameter/clinical-date';

function hasClinicalDate(definitions: Definitions, type: string): boolean {
  return definitions.searchParameters(type).get('date')?.url === clinicalDate;
}
