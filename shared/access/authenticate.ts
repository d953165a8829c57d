/** Who sent a request. The one place where a token becomes a principal; `settings.ts` decides which way is in force. */
import { localPrincipal, type Principal } from './principal.ts';

/** Rejects with the user error `unauthenticated` when the headers do not prove who calls. */
export type Authenticate = (headers: Headers) => Promise<Principal>;

/** Every caller is the local one. Only for a service that is open on loopback. */
export const openAccess: Authenticate = async () => localPrincipal;
