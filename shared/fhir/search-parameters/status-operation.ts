/** `SearchParameter/$status`: in which state search parameters are, and to turn them on and off. AHDS. */
import type { ParameterRecord } from '../../stores/resources/parameter-status.ts';
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { type InParameter, parametersIn, resourceResponse } from '../operations/parameters.ts';
import { FhirError, operationOutcome } from '../outcome.ts';
import type { JsonObject } from '../resource/types.ts';
import { typesOf } from './custom-parameter.ts';
import type { ParameterRegistry } from './parameter-registry.ts';
import { publishedParameters } from './published-parameters.ts';

interface Listed {
  readonly url: string;
  readonly code: string;
  readonly types: ReadonlySet<string>;
}

const filters = new Set(['url', 'code', 'resourceType']);
/** Statuses of one request. */
const mostUpdates = 2000;

/** GET, and the search by POST: lists of values between commas, all filters must be met. Nothing found is 404. */
export async function readStatus(request: FhirRequest): Promise<FhirResponse> {
  const { parameters } = request.service;
  const asked = request.query.filter(([name]) => filters.has(name));
  const wanted = asked.map(([name, value]) => [name, new Set(value.split(','))] as const);
  const found = listed(parameters).filter(({ url, code, types }) =>
    wanted.every(([name, values]) => {
      if (name === 'url') return values.has(url);
      return name === 'code' ? values.has(code) : [...values].some((type) => types.has(type));
    }),
  );
  if (found.length === 0) throw new FhirError('not-found', 'No search parameter is like that.');
  const states = found.map(({ url }) => [url, parameters.state(url) ?? ''] as const);
  return resourceResponse(statusParameters(states));
}

function listed(parameters: ParameterRegistry): Listed[] {
  const published = [...publishedParameters(parameters.published)].map(([url, { code, types }]) => ({
    url,
    code,
    types,
  }));
  const custom = [...parameters.custom].map(({ url, code, byBase }) => {
    const types = [...byBase.keys()].flatMap((base) => [base, ...typesOf(parameters.published, base)]);
    return { url, code, types: new Set(types) };
  });
  return [...published, ...custom];
}

/** AHDS: a Bundle with the parameters that were changed, and an OperationOutcome about those that could not be. */
export async function updateStatus(request: FhirRequest): Promise<FhirResponse> {
  const asked = askedStates(request);
  const { parameters, commit, now } = request.service;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    await parameters.refresh();
    const at = parameters.version;
    const failures: string[] = [];
    const set: ParameterRecord[] = [];
    for (const [url, state] of asked) {
      const before = parameters.state(url);
      if (before === undefined || before === 'Deleted') failures.push(`There is no search parameter ${url}.`);
      else if (before === 'Unsupported' || before === 'PendingDelete') {
        failures.push(`The search parameter ${url} is ${before}: its status cannot be changed.`);
      } else {
        const stored = state === 'Disabled' ? 'PendingDisable' : 'Supported';
        set.push({ url, state: stored, resource: parameters.record(url)?.resource ?? null });
      }
    }
    if (set.length > 0 && !(await commit([], [], { at, set })).done) continue;
    const changed = set.map(({ url, state }) => [url, state] as const);
    const issues = failures.map((diagnostics) => ({ severity: 'error', code: 'invalid', diagnostics }) as const);
    const outcome = { ...operationOutcome(issues, request.requestId, now()), id: 'FailedSearchParameterUpdates' };
    const resources = [
      ...(changed.length > 0 ? [statusParameters(changed)] : []),
      ...(issues.length > 0 ? [outcome] : []),
    ];
    return resourceResponse({
      resourceType: 'Bundle',
      type: 'batch-response',
      entry: resources.map((resource) => ({ resource: resource as unknown as JsonObject })),
    });
  }
  throw new FhirError('conflict', 'The search parameters are being changed by others at once. Try again.');
}

const attempts = 10;

function askedStates({ resource }: FhirRequest): ReadonlyMap<string, string> {
  const list = resource ? parametersIn(resource) : [];
  if (list.length === 0) throw new FhirError('invalid', 'The body has no searchParameterStatus.');
  if (list.length > mostUpdates)
    throw new FhirError('too-costly', `At most ${mostUpdates} statuses can be set at once.`);
  return new Map(list.map(askedState));
}

function askedState({ name, part }: InParameter): [url: string, state: string] {
  const text = (wanted: string) => part.find((each) => each.name === wanted)?.value;
  const [url, status] = [text('url'), text('status')];
  if (name !== 'searchParameterStatus' || typeof url !== 'string' || typeof status !== 'string') {
    throw new FhirError('invalid', 'Each parameter must be a searchParameterStatus with the parts url and status.');
  }
  if (status === 'Supported' || status === 'Disabled') return [url, status];
  throw new FhirError('invalid', 'The status of a search parameter can be set to Supported or Disabled.');
}

function statusParameters(states: readonly (readonly [url: string, state: string])[]): JsonObject {
  return {
    resourceType: 'Parameters',
    parameter: states.map(([url, state]) => ({
      name: 'searchParameterStatus',
      part: [
        { name: 'url', valueUrl: url },
        { name: 'status', valueString: state },
      ],
    })),
  };
}
