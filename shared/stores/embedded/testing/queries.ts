/** Searches as a FHIR service asks them, by short names. */
import type { ParameterKey } from '../../resources/index-entry.ts';
import type { Condition, Query, SortKey, ValueTest } from '../../resources/query.ts';

export const LOINC = 'http://loinc.org';

export function value(param: ParameterKey, test: ValueTest): Condition {
  return { kind: 'value', param, test };
}

export function and(...of: Condition[]): Condition {
  return { kind: 'and', of };
}

export function or(...of: Condition[]): Condition {
  return { kind: 'or', of };
}

export function not(of: Condition): Condition {
  return { kind: 'not', of };
}

export function starts(param: ParameterKey, folded: string): Condition {
  return value(param, { kind: 'string', match: 'starts', folded });
}

export function code(code: string): Condition {
  return value('Observation.code', { kind: 'token', system: LOINC, code });
}

export function patient(id: string): Condition {
  return value('Observation.patient', { kind: 'reference', base: null, type: 'Patient', id });
}

/** A date that overlaps the period, as `date=2020` asks. */
export function overlapping(low: number, high: number): Condition {
  const bounds = [
    { end: 'low', is: '<=', value: high },
    { end: 'high', is: '>=', value: low },
  ] as const;
  return value('Observation.date', { kind: 'date', range: { join: 'every', bounds } });
}

export function ofPatient(where: Condition): Condition {
  return { kind: 'chain', param: 'Observation.patient', types: ['Patient'], where };
}

export function hasObservation(where: Condition): Condition {
  return { kind: 'referenced-by', source: 'Observation', param: 'Observation.patient', where };
}

/** What `code:in=…` asks. */
export function oneOf(...codes: string[]): Condition {
  return value('Observation.code', { kind: 'token-set', system: LOINC, codes });
}

/** A quantity in base units, as `value-quantity=gt5|http://unitsofmeasure.org|/min` asks. */
export function canonical(unit: string, low: number, high: number): Condition {
  const bounds = [
    { end: 'low', is: '<=', value: high },
    { end: 'high', is: '>=', value: low },
  ] as const;
  return value('Observation.value-quantity', { kind: 'canonical-quantity', unit, range: { join: 'every', bounds } });
}

export const near: Condition = value('Location.near', { kind: 'point', x: 0.5, y: 0.5, z: 0.7, chord: 0.001 });

export const newestFirst: SortKey = { by: 'param', param: 'Observation.date', of: 'date', descending: true };
export const byFamily: SortKey = { by: 'param', param: 'Patient.family', of: 'string', descending: false };

export function observations(where?: Condition, ...sort: SortKey[]): Query {
  return { types: ['Observation'], where, sort };
}

export function patients(where?: Condition, ...sort: SortKey[]): Query {
  return { types: ['Patient'], where, sort };
}
