/**
 * `Patient/{id}/$everything`: all that the service has of a patient, phase by phase (`everything-phases.ts`), then of the
 * patients that it links to as `seealso`, page by page. FHIR R4 Patient-everything; the order and the pages are AHDS's: a
 * phase is never on a page with the next one, and a phase with nothing in it is passed over, so that only the last page
 * can be empty. AHDS differs: it has no `_count`.
 */

import type { Cursor, StoredResource } from '../../stores/resources/resource-store.ts';
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { isId } from '../interactions/resource-type.ts';
import { FhirError, type Issue } from '../outcome.ts';
import { notePatient } from '../patients-touched.ts';
import { preferencesOf } from '../prefer.ts';
import { readContinuation, writeContinuation } from '../search/continuation.ts';
import { searchBundle } from '../search/search-bundle.ts';
import { searchUrl } from '../search/search-url.ts';
import { type EverythingParameters, everythingParameters } from './everything-parameters.ts';
import { type Found, type PhaseInput, phases } from './everything-phases.ts';
import { linksOf, type PatientLinks } from './patient-links.ts';

/** Where a page starts. */
interface Place {
  readonly phase: number;
  /** The linked patient whose turn it is; null: the patient that was asked for. */
  readonly link: string | null;
  /** Of the patient asked for, as the first page saw it: its links are followed, whatever becomes of it. Null: there was none. */
  readonly version: number | null;
  /** In the phase; undefined: at its start. */
  readonly inside: Cursor | undefined;
}

/** Steps that find nothing and that one request takes; the next request goes on. */
const maxEmptySteps = 200;

export async function everything(request: FhirRequest): Promise<FhirResponse> {
  const { service, base, requestId, id } = request;
  if (!isId(id)) throw new FhirError('not-found', 'There is no patient with this id: it is not a valid id.');
  request.audit.resourceType = 'Patient';
  request.audit.resourceId = id;
  notePatient(request.audit, id);
  const asked = everythingParameters(request);
  const path = `Patient/${id}/$everything`;
  const scope = searchUrl('', path, asked.accepted);
  const { ct } = asked;
  const place =
    ct === undefined ? await start(request, id) : readPlace(readContinuation(service.signingKey, scope, ct));
  const links = await linksAt(request, id, place.version);
  const issues = [...asked.issues, ...(ct === undefined ? replacedBy(request, id, links) : [])];
  const { resources, next } = await pageFrom(request, id, asked, links, place);
  const link = (token: string) => searchUrl(base, path, [...asked.accepted, ['ct', token]]);
  const result = {
    matches: resources,
    included: [],
    total: undefined,
    links: [
      ...(next ? [['next', link(writeContinuation(service.signingKey, scope, cursorOf(next)))] as const] : []),
      ['self', ct === undefined ? searchUrl(base, path, asked.accepted) : link(ct)] as const,
    ],
    issues,
  };
  const { definitions } = service;
  return {
    status: 200,
    body: searchBundle(result, { base, requestId, now: service.now(), subset: undefined, definitions }),
  };
}

async function start({ service }: FhirRequest, id: string): Promise<Place> {
  const patient = await service.store.read({ type: 'Patient', id });
  const version = patient && !patient.deleted ? patient.version : null;
  return { phase: 0, link: null, version, inside: undefined };
}

async function linksAt({ service, base }: FhirRequest, id: string, version: number | null): Promise<PatientLinks> {
  const patient = version === null ? undefined : await service.store.readVersion({ type: 'Patient', id }, version);
  return linksOf(patient, base, service.definitions);
}

/** AHDS: a patient that was replaced is a warning, or with strict handling 301 to the one that replaces it. */
function replacedBy(request: FhirRequest, id: string, links: PatientLinks): Issue[] {
  const strict = preferencesOf(request.header('prefer')).handling === 'strict';
  return links.replacedBy.map((other) => {
    const diagnostics = `Patient '${id}' is replaced by patient '${other}', whose record is the one to use.`;
    if (!strict) return { severity: 'warning', code: 'conflict', diagnostics };
    throw new FhirError('moved', diagnostics, {
      'Content-Location': `${request.base}/Patient/${other}/$everything`,
    });
  });
}

async function pageFrom(
  request: FhirRequest,
  id: string,
  asked: EverythingParameters,
  links: PatientLinks,
  first: Place,
): Promise<{ resources: readonly StoredResource[]; next: Place | undefined }> {
  let place = first;
  for (let step = 0; step < maxEmptySteps; step += 1) {
    const { resources, next } = await find(request, id, asked, links, place);
    const behind = next ? { ...place, inside: next } : placeBehind(place, links);
    if (resources.length > 0 || !behind) return { resources, next: behind };
    place = behind;
  }
  return { resources: [], next: place };
}

async function find(
  request: FhirRequest,
  id: string,
  asked: EverythingParameters,
  links: PatientLinks,
  { phase, link, inside }: Place,
): Promise<Found> {
  const input: PhaseInput = { request, asked, patient: link ?? id, elsewhere: [id, ...links.seeAlso], after: inside };
  return phases[phase]?.(input) ?? { resources: [], next: undefined };
}

/** The next phase, else the first of the next linked patient. Links are followed once: not those of a linked patient. */
function placeBehind({ phase, link, version }: Place, { seeAlso }: PatientLinks): Place | undefined {
  if (phase + 1 < phases.length) return { phase: phase + 1, link, version, inside: undefined };
  const next = seeAlso[link === null ? 0 : seeAlso.indexOf(link) + 1];
  return next === undefined ? undefined : { phase: 0, link: next, version, inside: undefined };
}

function cursorOf({ phase, link, version, inside = [] }: Place): Cursor {
  return [phase, link, version, ...inside];
}

function readPlace([phase, link, version, ...inside]: Cursor): Place {
  return {
    phase: Number(phase),
    link: typeof link === 'string' ? link : null,
    version: typeof version === 'number' ? version : null,
    inside: inside.length === 0 ? undefined : inside,
  };
}
