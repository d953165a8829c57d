/** What `$everything` can be asked for. AHDS: `_since _type start end ct`; an unknown parameter is a warning, or 400 when handling is strict. */
import type { FhirRequest } from '../interactions/interaction.ts';
import { FhirError, type Issue } from '../outcome.ts';
import { preferencesOf } from '../prefer.ts';
import { instantRange } from '../search/instant-range.ts';
import { unsupportedIssues } from '../search/parse-search.ts';
import { parseResultParameters } from '../search/result-parameters.ts';
import type { Pair } from '../search/search-context.ts';

export interface EverythingParameters {
  /** Dates as they were given, each a date or an instant. */
  readonly since: string | undefined;
  readonly start: string | undefined;
  readonly end: string | undefined;
  /** Undefined: all types. Names that are no type choose nothing. */
  readonly types: readonly string[] | undefined;
  /** Resources on a page. */
  readonly count: number;
  readonly ct: string | undefined;
  /** What links repeat. */
  readonly accepted: readonly Pair[];
  readonly issues: readonly Issue[];
}

const dates = ['_since', 'start', 'end'];
const known: ReadonlySet<string> = new Set([...dates, '_type', '_count', 'ct']);

export function everythingParameters({ query, header }: FhirRequest): EverythingParameters {
  const strict = preferencesOf(header('prefer')).handling === 'strict';
  const unknown = new Set(query.map(([name]) => name).filter((name) => !known.has(name)));
  const issues = unsupportedIssues([...unknown], strict);
  const given = query.filter(([name, value]) => known.has(name) && value !== '');
  const one = (name: string): string | undefined => {
    const [value, ...more] = given.filter((pair) => pair[0] === name).map((pair) => pair[1]);
    if (more.length > 0) throw new FhirError('invalid', `${name} is given more than once.`);
    if (value !== undefined && dates.includes(name) && !instantRange(value)) {
      throw new FhirError('invalid', `${name} must be a date or an instant.`);
    }
    return value;
  };
  const types = given.filter(([name]) => name === '_type').flatMap(([, value]) => value.split(','));
  const { count } = parseResultParameters(
    given.filter(([name]) => name === '_count'),
    issues,
  );
  if (count === 0) throw new FhirError('invalid', '_count must be 1 or more.');
  return {
    since: one('_since'),
    start: one('start'),
    end: one('end'),
    types: types.length === 0 ? undefined : types,
    count,
    ct: one('ct'),
    accepted: given.filter(([name]) => name !== 'ct'),
    issues,
  };
}
