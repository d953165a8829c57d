/** The phases of `$everything` and what each finds, in AHDS's order. */
import type { Condition, Include } from '../../stores/resources/query.ts';
import type { Cursor, StoredResource } from '../../stores/resources/resource-store.ts';
import type { Definitions } from '../definitions/definitions.ts';
import type { FhirRequest } from '../interactions/interaction.ts';
import { type Compartment, compartmentCondition, memberTypes } from '../search/compartment.ts';
import { allOf, anyOf } from '../search/conditions.ts';
import { instantRange } from '../search/instant-range.ts';
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
  return search(input, ['Device'], [['patient', `Patient/${input.patient}`]]);
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
  return search(input, types, pairs, membership(input, compartment, types));
}

/** Patients in the compartment that have a turn of their own are left to it. */
function membership(
  { request: { service, base }, elsewhere }: PhaseInput,
  compartment: Compartment,
  types: readonly string[],
): Condition {
  const context = { definitions: service.definitions, base, now: 0, issues: [], values: 0 };
  const others = types.filter((type) => type !== 'Patient');
  const members = others.length === 0 ? [] : [compartmentCondition(context, compartment, others)];
  if (others.length === types.length) return anyOf(members);
  const patients = compartmentCondition(context, compartment, ['Patient']);
  return anyOf([...members, allOf([patients, { kind: 'not', of: { kind: 'id', ids: elsewhere } }])]);
}

async function search(
  { request, asked, after }: PhaseInput,
  types: readonly string[],
  pairs: readonly Pair[],
  membership?: Condition,
): Promise<Found> {
  const { service, base } = request;
  const since: Pair[] = asked.since === undefined ? [] : [['_lastUpdated', `ge${asked.since}`]];
  const { query } = parseSearch({
    definitions: service.definitions,
    types,
    pairs: [...pairs, ...since],
    base,
    strict: true,
    now: service.now().getTime(),
  });
  const where = allOf([membership, query.where].filter((condition) => condition !== undefined));
  const { matches, next } = await service.store.search({ ...query, where }, asked.count, after);
  return { resources: matches, next };
}

const clinicalDate = 'http://hl7.org/fhir/SearchParameter/clinical-date';

function hasClinicalDate(definitions: Definitions, type: string): boolean {
  return definitions.searchParameters(type).get('date')?.url === clinicalDate;
}
