/**
 * `Location?near=latitude|longitude|distance|units`. FHIR R4 Location, search parameter `near`.
 * AHDS differs: it does not offer it.
 */
import type { ValueTest } from '../../stores/resources/query.ts';
import { splitEscaped, unescaped } from './escape.ts';
import { badValue } from './search-context.ts';
import { baseUnit, inBaseUnit } from './ucum.ts';

/** Mean radius of the earth in metres. */
const radius = 6_371_008.8;
/** FHIR leaves it to the server how near is near. */
const defaultDistance = { value: 50, unit: 'km' };
const decimal = /^[+-]?\d{1,9}(\.\d{1,20})?$/;

/** The point of the unit sphere. */
export function pointAt(latitude: number, longitude: number): { x: number; y: number; z: number } {
  const [north, east] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
  return { x: Math.cos(north) * Math.cos(east), y: Math.cos(north) * Math.sin(east), z: Math.sin(north) };
}

export function nearTest(text: string, code: string): ValueTest {
  const [latitude = '', longitude = '', distance = '', unit = '', ...more] = splitEscaped(text, '|').map(unescaped);
  const wrong = () => badValue(code, 'latitude|longitude|distance|units, such as 52.5|13.4|10|km');
  const [north, east] = [latitude, longitude].map((part) => (decimal.test(part) ? Number(part) : Number.NaN)) as [
    number,
    number,
  ];
  if (!(Math.abs(north) <= 90) || !(Math.abs(east) <= 180) || more.length > 0) throw wrong();
  if (distance !== '' && !decimal.test(distance)) throw wrong();
  const metres = inMetres(
    distance === '' ? defaultDistance.value : Number(distance),
    unit === '' ? defaultDistance.unit : unit,
  );
  if (metres === undefined || metres < 0) throw wrong();
  return { kind: 'point', ...pointAt(north, east), chord: chordOf(metres) };
}

/** The straight line through the earth between points that are so far apart on its surface. */
function chordOf(metres: number): number {
  return 2 * Math.sin(Math.min(metres / (2 * radius), Math.PI / 2));
}

function inMetres(value: number, unit: string): number | undefined {
  const base = baseUnit(unit);
  return base?.unit === 'm' ? inBaseUnit(base, value) : undefined;
}
