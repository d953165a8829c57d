import type { Principal } from '../../access/principal.ts';
import { linksIn } from '../../stores/resources/meets.ts';
import { FhirError } from '../outcome.ts';
import type { SearchRequest } from '../search/parse-search.ts';

/** AHDS: with granular scopes a search goes no further than the resources themselves: chains and includes are 400. */
export function refuseLinks(
  { smart }: Principal,
  { query, includes }: Pick<SearchRequest, 'query' | 'includes'>,
): void {
  if (!smart?.scopes.some((scope) => scope.query !== undefined)) return;
  if (includes.length === 0 && (!query.where || linksIn(query.where).length === 0)) return;
  throw new FhirError('invalid', 'Scopes with a query do not go together with chains, _has and included resources.');
}
