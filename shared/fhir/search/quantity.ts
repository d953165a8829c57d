import type { ValueTest } from '../../stores/resources/query.ts';
import { parseDecimal } from './decimal.ts';
import { splitEscaped, unescaped } from './escape.ts';
import { numberRange, splitPrefix } from './prefix.ts';
import { badValue } from './search-context.ts';
import { baseUnit, rangeInBaseUnit, ucumSystem } from './ucum.ts';

/**
 * FHIR R4 3.1.1.4.12: `number`, `number|system|code`, `number||code`.
 * A unit of UCUM finds equal quantities in its other units. AHDS differs: units are not converted. As AHDS, the
 * human-readable `unit` is not searched.
 */
export function quantityTest(text: string, parameter: string): ValueTest {
  const [value = '', system = '', code = '', ...more] = splitEscaped(text, '|').map(unescaped);
  const { prefix, rest } = splitPrefix(value);
  const number = parseDecimal(rest);
  if (!number || more.length > 0) throw badValue(parameter, 'a number, number|system|code or number||code');
  const range = numberRange(prefix, number);
  const base = system === ucumSystem ? baseUnit(code) : undefined;
  if (base) return { kind: 'canonical-quantity', unit: base.unit, range: rangeInBaseUnit(base, range) };
  return {
    kind: 'quantity',
    ...(system !== '' && { system }),
    ...(code !== '' && { code }),
    range,
  };
}
