/** Measurements of a batch that belong to one device, type, patient, encounter and correlation id. */
import type { Measurement } from '../measurement.ts';

export interface MeasurementGroup<M extends Measurement = Measurement> {
  readonly type: string;
  readonly deviceId: string;
  readonly patientId: string | undefined;
  readonly encounterId: string | undefined;
  readonly correlationId: string | undefined;
  /** In the order of arrival, at least one. */
  readonly measurements: readonly M[];
}

/** In the order of their first measurements. Names and ids count with their case. */
export function measurementGroups<M extends Measurement>(measurements: Iterable<M>): MeasurementGroup<M>[] {
  const groups = new Map<string, MeasurementGroup<M> & { readonly measurements: M[] }>();
  for (const measurement of measurements) {
    const { type, deviceId, patientId, encounterId, correlationId } = measurement;
    const key = JSON.stringify([deviceId, type, patientId ?? '', encounterId ?? '', correlationId ?? '']);
    const group = groups.get(key) ?? { type, deviceId, patientId, encounterId, correlationId, measurements: [] };
    groups.set(key, group);
    group.measurements.push(measurement);
  }
  return [...groups.values()];
}
