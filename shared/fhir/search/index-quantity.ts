import type { QuantityValue } from '../../stores/resources/index-entry.ts';
import { isObject } from '../resource/json.ts';
import type { JsonObject, JsonValue } from '../resource/types.ts';
import { textOf } from './element-text.ts';
import type { ElementIndexer, IndexedElement } from './index-element.ts';
import { type BaseUnit, baseUnit, inBaseUnit, ucumSystem } from './ucum.ts';

const quantities = new Set(['Quantity', 'SimpleQuantity', 'MoneyQuantity', 'Age', 'Count', 'Distance', 'Duration']);
const currencySystem = 'urn:iso:std:iso:4217';

/** FHIR R4 3.1.1.4.12. A quantity without a value has nothing to find. AHDS differs: it does not convert units. */
export function quantityIndexer({ type }: IndexedElement): ElementIndexer | undefined {
  if (quantities.has(type)) return (value) => (isObject(value) ? ofQuantity(value) : []);
  if (type === 'Money') return (value) => (isObject(value) ? ofMoney(value) : []);
  return type === 'Range' ? ofRange : undefined;
}

/** The numbers of a Range; a missing end is open, undefined when both are missing. */
export function valueRange(range: JsonValue): { low: number; high: number } | undefined {
  if (!isObject(range)) return undefined;
  const [low, high] = [numberIn(range.low), numberIn(range.high)];
  if (low === undefined && high === undefined) return undefined;
  return { low: low ?? -Number.MAX_VALUE, high: high ?? Number.MAX_VALUE };
}

function ofQuantity({ value, system, code }: JsonObject): QuantityValue[] {
  return typeof value === 'number' ? [quantity(system, code, value, value)] : [];
}

function ofMoney({ value, currency }: JsonObject): QuantityValue[] {
  return typeof value === 'number' ? [quantity(currencySystem, currency, value, value)] : [];
}

function ofRange(value: JsonValue): QuantityValue[] {
  const range = valueRange(value);
  if (!range || !isObject(value)) return [];
  const unit = isObject(value.low) ? value.low : isObject(value.high) ? value.high : {};
  return [quantity(unit.system, unit.code, range.low, range.high)];
}

function quantity(
  system: JsonValue | undefined,
  code: JsonValue | undefined,
  low: number,
  high: number,
): QuantityValue {
  const [ofSystem, unit] = [textOf(system) ?? null, textOf(code) ?? null];
  const base = ofSystem === ucumSystem && unit !== null ? baseUnit(unit) : undefined;
  return {
    kind: 'quantity',
    system: ofSystem,
    code: unit,
    low,
    high,
    ...(base && { canonical: canonical(base, low, high) }),
  };
}

function numberIn(quantity: JsonValue | undefined): number | undefined {
  return isObject(quantity) && typeof quantity.value === 'number' ? quantity.value : undefined;
}

function canonical(base: BaseUnit, low: number, high: number): NonNullable<QuantityValue['canonical']> {
  const least = inBaseUnit(base, low);
  return { unit: base.unit, low: least, high: low === high ? least : inBaseUnit(base, high) };
}
