/** `system-version`, `check-system-version`, `force-system-version` (R4, $expand): which version of a code system is taken. */
import { FhirError } from '../outcome.ts';
import type { OperationArguments } from './operation-arguments.ts';
import type { ChooseVersion } from './terminology-service.ts';

export const systemVersionNames = ['system-version*', 'check-system-version*', 'force-system-version*'];

/** Undefined where the request says nothing of versions. */
export function chosenVersions(given: OperationArguments): ChooseVersion | undefined {
  const [preferred, checked, forced] = ['system-version', 'check-system-version', 'force-system-version'].map(
    (name) => new Map(given.texts(name).map((canonical) => [canonical.split('|')[0] ?? '', canonical])),
  );
  if (!preferred?.size && !checked?.size && !forced?.size) return undefined;
  return (canonical) => {
    const [url = '', version] = canonical.split('|');
    const force = forced?.get(url);
    if (force) return force;
    const check = checked?.get(url);
    if (check && version !== undefined && check !== canonical) {
      throw new FhirError('invalid', `'check-system-version': the value set takes ${canonical}.`);
    }
    return version === undefined ? (check ?? preferred?.get(url) ?? canonical) : canonical;
  };
}
