import type { DataAction } from './data-actions.ts';
import type { SmartLimits } from './smart/smart-limits.ts';

/** Who calls, and what the caller may do. */
export interface Principal {
  /** For the audit record: the object id of a token, or `local` in the open local mode. */
  readonly id: string;
  /** The app through which it calls, as its token names it. */
  readonly client?: string;
  readonly allows: (action: DataAction) => boolean;
  /** Which resources, for a principal with the data action `smart` (`withinLimits` of `smart/smart-limits.ts`). Undefined: all. */
  readonly smart?: SmartLimits;
}

/** The caller of a service that runs open on loopback. */
export const localPrincipal: Principal = { id: 'local', allows: () => true };

/** True when one of the alternatives is allowed whole. */
export function mayDo(principal: Principal, access: 'public' | readonly (readonly DataAction[])[]): boolean {
  return access === 'public' || access.some((all) => all.every((action) => principal.allows(action)));
}
