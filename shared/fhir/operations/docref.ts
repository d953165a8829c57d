/**
 * `DocumentReference/$docref`: the documents of a patient by period and type. US Core; as AHDS answers it: a search over
 * DocumentReference by `subject`, `period` and `type`, nothing is generated. `on-demand` and `profile` give a Bundle that
 * says they are not supported; other parameters go to the search. AHDS differs: the links of its pages lead back to
 * `$docref`, which then lacks the patient; ours lead to the search.
 */
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { search } from '../interactions/search.ts';
import { FhirError } from '../outcome.ts';
import { searchBundle } from '../search/search-bundle.ts';
import type { Pair } from '../search/search-context.ts';
import { searchUrl } from '../search/search-url.ts';
import { searchPairs } from './parameters.ts';

export async function docref(request: FhirRequest): Promise<FhirResponse> {
  const type = 'DocumentReference';
  request.audit.resourceType = type;
  const given = givenPairs(request);
  checkCardinality(given);
  const unsupported = ['on-demand', 'profile'].find((name) => given.some((pair) => pair[0] === name));
  if (unsupported !== undefined) return notSupported(request, given, unsupported);
  return search({ ...request, query: converted(given) }, [type], type);
}

/** AHDS takes the operation's own names in any case. */
const ownNames = ['patient', 'start', 'end', 'type', 'on-demand', 'profile'];

function givenPairs(request: FhirRequest): Pair[] {
  return searchPairs(request).map(([name, value]): Pair => {
    return [ownNames.find((each) => each === name.toLowerCase()) ?? name, value];
  });
}

function checkCardinality(given: readonly Pair[]): void {
  const valuesOf = (name: string) => given.filter((pair) => pair[0] === name).map((pair) => pair[1]);
  if (valuesOf('patient').length !== 1) throw new FhirError('required', 'The parameter patient is needed, once.');
  for (const name of ['start', 'end']) {
    const values = valuesOf(name);
    if (values.length > 1 || values[0]?.includes(',')) {
      throw new FhirError('invalid', `The parameter ${name} takes one date.`);
    }
  }
}

/** Types that stand in several parameters are alternatives, as if they were one. */
function converted(given: readonly Pair[]): Pair[] {
  const types = given.filter(([name]) => name === 'type').map(([, value]) => value);
  const pairs = given
    .filter(([name]) => name !== 'type')
    .map(([name, value]): Pair => {
      if (name === 'patient') return ['subject', value];
      if (name === 'start') return ['period', `ge${value}`];
      return name === 'end' ? ['period', `le${value}`] : [name, value];
    });
  return types.length === 0 ? pairs : [...pairs, ['type', types.join(',')]];
}

function notSupported({ service, base, requestId }: FhirRequest, given: readonly Pair[], name: string): FhirResponse {
  const diagnostics = `The parameter '${name}' of $docref is not supported.`;
  const result = {
    matches: [],
    included: [],
    total: undefined,
    links: [['self', searchUrl(base, 'DocumentReference/$docref', given)]] as const,
    issues: [{ severity: 'error', code: 'not-supported', diagnostics }] as const,
  };
  const { definitions } = service;
  return {
    status: 200,
    body: searchBundle(result, { base, requestId, now: service.now(), subset: undefined, definitions }),
  };
}
