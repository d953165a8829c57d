import type { Definitions } from '../definitions/definitions.ts';
import type { Terminology } from './terminology.ts';

/** The terminology of R4's definitions. */
export function openTerminology(definitions: Definitions): Terminology {
  return {
    valueSet: async (canonical) => {
      const [url = ''] = canonical.split('|');
      const codes = definitions.codes(url);
      if (!codes) return undefined;
      return {
        url,
        has: (system, code) =>
          system === undefined
            ? [...codes.values()].some((all) => all.has(code))
            : codes.get(system)?.has(code) === true,
        list: () => [...codes].flatMap(([system, all]) => [...all].map((code) => ({ system, code }))),
      };
    },
    codeSystem: async () => undefined,
  };
}
