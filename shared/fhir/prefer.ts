/** The `Prefer` header: comma-separated preferences. AHDS refuses values it does not know with 400. */
import { FhirError } from './outcome.ts';

export interface Preferences {
  readonly return: 'representation' | 'minimal' | 'OperationOutcome';
  readonly handling: 'lenient' | 'strict';
}

const known = {
  return: ['representation', 'minimal', 'OperationOutcome'],
  handling: ['lenient', 'strict'],
} as const;

export function preferencesOf(header: string | undefined): Preferences {
  return {
    return: preference(header, 'return') ?? 'representation',
    handling: preference(header, 'handling') ?? 'lenient',
  };
}

function preference<Name extends keyof typeof known>(
  header: string | undefined,
  name: Name,
): (typeof known)[Name][number] | undefined {
  for (const part of header?.split(/[,;]/) ?? []) {
    const [key, value] = part.split('=').map((text) => text.trim());
    if (key?.toLowerCase() !== name) continue;
    const allowed: readonly (typeof known)[Name][number][] = known[name];
    const found = allowed.find((each) => each.toLowerCase() === value?.toLowerCase());
    if (!found) throw new FhirError('invalid', `Prefer: ${name} must be one of ${allowed.join(', ')}.`);
    return found;
  }
  return undefined;
}
