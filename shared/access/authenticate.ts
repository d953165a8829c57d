/** Who sent a request. `functions/app.ts` decides which way is in force: open, or by token (`tokens/token-access.ts`). */
import { type CorsRules, isAllowedOrigin } from '../operations/cors.ts';
import { requestError } from '../operations/errors.ts';
import { localPrincipal, type Principal } from './principal.ts';

/**
 * `service`: the instance that the request is for. Rejects with the user error `unauthenticated` when the headers do not prove
 * who calls.
 */
export type Authenticate = (headers: Headers, service: string) => Promise<Principal>;

/**
 * Every caller is the local one, for services that are open on loopback. A web page is not: its browser runs on this machine
 * and takes requests to it from everywhere. Refused is what a browser says another origin has caused, unless the service's
 * `cors` names that origin. Programs send neither of the two headers. Fetch Metadata; RFC 6454, 7.
 */
export function openAccess(cors: (service: string) => CorsRules | undefined): Authenticate {
  return async (headers, service) => {
    if (isOfOtherOrigin(headers) && !isAllowedOrigin(cors(service), headers.get('origin'))) {
      throw requestError(
        'forbidden',
        "A page of another origin may not call this service: its 'cors' does not name it.",
      );
    }
    return localPrincipal;
  };
}

/** Another port is another origin, although the browser calls it the same site. */
function isOfOtherOrigin(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') return true;
  const origin = headers.get('origin');
  if (origin === null) return false;
  return !URL.canParse(origin) || new URL(origin).host !== headers.get('host');
}
