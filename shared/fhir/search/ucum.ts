/**
 * Quantities in the base units of UCUM, so that 5 mg and 0.005 g are found by the same number. FHIR R4 3.1.1.4.12.
 * AHDS differs: it does not convert units.
 */
import { createRequire } from 'node:module';
import type { Bound, Range } from '../../stores/resources/query.ts';

export const ucumSystem = 'http://unitsofmeasure.org';

/** `value × factor + offset` of `unit`. */
export interface BaseUnit {
  /** `g`, `g.m-1.s-2`, `1`. */
  readonly unit: string;
  readonly factor: number;
  readonly offset: number;
}

/** What of the library's units is used here. */
interface LibraryUnit {
  readonly magnitude_?: number;
  readonly dim_?: { readonly dimVec_?: readonly number[] | null } | null;
  readonly cnv_?: string | null;
  readonly cnvPfx_?: number;
  readonly isArbitrary_?: boolean;
}
interface Library {
  getSpecifiedUnit(code: string, action: 'validate'): { unit?: LibraryUnit | null; retMsg?: readonly string[] };
}

const dimensions = ['m', 's', 'g', 'rad', 'K', 'C', 'cd'];
/** Where zero of a temperature scale is in kelvin. Other scales that are no multiples (pH, decibel) are not converted. */
const zeros: Readonly<Record<string, number>> = { Cel: 273.15, degF: (459.67 * 5) / 9, degRe: 273.15 };
/** `m[iU]/L`: a unit that is defined by a procedure converts to multiples of itself only. */
const arbitrary = /^[A-Za-z]{0,2}(\[\w+\])(?:\/[^[\]]*)?$/;
const longestCode = 64;
const mostRemembered = 5000;
/** Digits that survive conversion: sums of decimal and binary rounding do not reach them. */
const digits = 12;

const known = new Map<string, BaseUnit | undefined>();

/** Undefined for a unit that is unknown or cannot be converted: it is compared as it stands. */
export function baseUnit(code: string): BaseUnit | undefined {
  if (known.has(code)) return known.get(code);
  const found = code.length > longestCode || /\s|(?<![\d.])0+(?!\d)/.test(code) ? undefined : converted(code);
  if (known.size >= mostRemembered) known.clear();
  known.set(code, found);
  return found;
}

export function inBaseUnit({ factor, offset }: BaseUnit, value: number): number {
  const converted = Number((value * factor + offset).toPrecision(digits));
  return Math.min(Math.max(converted, -Number.MAX_VALUE), Number.MAX_VALUE);
}

export function rangeInBaseUnit(unit: BaseUnit, { join, bounds }: Range): Range {
  return { join, bounds: bounds.map((bound): Bound => ({ ...bound, value: inBaseUnit(unit, bound.value) })) };
}

function converted(code: string): BaseUnit | undefined {
  const { unit, retMsg = [] } = library().getSpecifiedUnit(code, 'validate');
  const factor = unit?.magnitude_;
  const exponents = unit?.dim_?.dimVec_;
  if (retMsg.length > 0 || !factor || !Number.isFinite(factor) || !exponents) return undefined;
  const offset = unit.cnv_ ? zeros[unit.cnv_] : 0;
  if (offset === undefined || (offset !== 0 && unit.cnvPfx_ !== 1)) return undefined;
  const base = dimensions.flatMap((name, at) => power(name, exponents[at] ?? 0));
  if (unit.isArbitrary_) {
    const [, own] = arbitrary.exec(code) ?? [];
    if (own === undefined) return undefined;
    base.unshift(own.toUpperCase());
  }
  return { unit: base.join('.') || '1', factor, offset };
}

function power(name: string, exponent: number): string[] {
  if (exponent === 0) return [];
  return [exponent === 1 ? name : `${name}${exponent}`];
}

let loaded: Library | undefined;

/** Loaded with the first unit that is asked for: 50 ms and 16 MB that a service without quantities is spared. */
function library(): Library {
  if (loaded) return loaded;
  // In the bundle `require` is there and esbuild resolves it; Node's own modules make it.
  const { UcumLhcUtils } =
    typeof require === 'function' ? require('@lhncbc/ucum-lhc') : createRequire(import.meta.url)('@lhncbc/ucum-lhc');
  const created: Library = UcumLhcUtils.getInstance();
  loaded = created;
  return created;
}
