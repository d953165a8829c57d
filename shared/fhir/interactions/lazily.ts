import type { Interaction } from './interaction.ts';

/** An interaction whose code is loaded when it is first asked for: a service that nobody asks for it does not pay for it. */
export function lazily(load: () => Promise<Interaction>): Interaction {
  return async (request) => (await load())(request);
}
