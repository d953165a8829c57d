/**
 * A batch of events to the end: normalize, group, transform, write. What cannot be used goes to the dead letters and keeps
 * nothing else from being written; only a FHIR service that as a whole cannot be reached makes the batch fail, to come again.
 * A batch that comes again changes nothing that it has changed before.
 */
import type { DeviceEvent } from '../device-event.ts';
import { MedtechError, medtechErrors } from '../errors.ts';
import { templateOf } from '../fhir-mapping/fhir-mapping.ts';
import { type MeasurementGroup, measurementGroups } from '../group/measurement-groups.ts';
import { type GroupingSettings, type ObservationGroup, observationGroups } from '../group/observation-groups.ts';
import type { Identities } from '../identity/resolve-identity.ts';
import type { Measurement } from '../measurement.ts';
import type { Metrics } from '../metrics.ts';
import type { FhirPort } from '../persist/fhir-port.ts';
import type { ObservationSaver } from '../persist/save-observation.ts';
import { type Ticks, ticksPerMs } from '../ticks.ts';
import { atMost } from './at-most.ts';
import type { Mappings } from './mappings.ts';
import { type Retry, retrying } from './retry.ts';

export interface IngestParts {
  /** Rejects while there are none. */
  readonly mappings: () => Promise<Mappings>;
  readonly identities: Identities;
  readonly saver: ObservationSaver;
  readonly fhir: FhirPort;
  readonly metrics: Metrics;
  readonly grouping: GroupingSettings;
  readonly now: () => Date;
  readonly retry?: Partial<Retry>;
}

/** What a dead letter tells of an error; the message may quote the event. */
export interface EventError {
  readonly name: string;
  readonly message: string;
}

/** An event that could not be used, or not in all its parts. */
export interface FailedEvent {
  readonly event: DeviceEvent;
  readonly errors: readonly EventError[];
}

export interface Ingested {
  /** Of the mappings that were in force. */
  readonly mappingVersion: string;
  /** In the order of the batch. */
  readonly failed: readonly FailedEvent[];
}

export type Ingest = (events: readonly DeviceEvent[]) => Promise<Ingested>;

/** iomt-fhir: devices whose measurements are written at the same time; those of a device in their order. */
const parallelDevices = 10;
/** Observations of one device that are written at the same time. */
const parallelObservations = 16;

/** Rejects with `FhirUnavailable` when the FHIR service as a whole cannot be reached. */
export function openIngest(parts: IngestParts): Ingest {
  return async (events) => {
    const mappings = await parts.mappings();
    const batch = new Batch(parts, mappings, events);
    await batch.run();
    return { mappingVersion: mappings.version, failed: batch.failed() };
  };
}

/** A measurement that knows the event that it comes from, by its place in the batch. */
type Sourced = Measurement & { readonly source: number };

class Batch {
  readonly #parts: IngestParts;
  readonly #mappings: Mappings;
  readonly #events: readonly DeviceEvent[];
  readonly #errors = new Map<number, EventError[]>();

  constructor(parts: IngestParts, mappings: Mappings, events: readonly DeviceEvent[]) {
    this.#parts = parts;
    this.#mappings = mappings;
    this.#events = events;
  }

  async run(): Promise<void> {
    const measurements = this.#events.flatMap((event, source) => this.#normalize(event, source));
    const devices = new Map<string, MeasurementGroup<Sourced>[]>();
    for (const group of measurementGroups(measurements)) {
      this.#countGroup(group);
      devices.set(group.deviceId, [...(devices.get(group.deviceId) ?? []), group]);
    }
    await atMost(parallelDevices, [...devices.values()], async (groups) => {
      for (const group of groups) await this.#write(group);
    });
  }

  failed(): FailedEvent[] {
    return this.#events.flatMap((event, source) => {
      const errors = this.#errors.get(source);
      return errors ? [{ event, errors }] : [];
    });
  }

  #normalize(event: DeviceEvent, source: number): Sourced[] {
    const { metrics, now } = this.#parts;
    const operation = { Operation: 'Normalization' };
    metrics.add('DeviceEvent', 1, operation);
    metrics.add('DeviceIngressSizeBytes', event.body.length, operation);
    const { measurements, error } = this.#mappings.normalize(event);
    if (error) this.#fail([source], error);
    else if (measurements.length === 0) metrics.add('DroppedEvent', 1, operation);
    if (measurements.length > 0) metrics.add('NormalizedEvent', measurements.length, operation);
    metrics.add('DeviceEventProcessingLatencyMs', msSince(event.enqueued, now()), operation);
    return measurements.map((measurement) => ({ ...measurement, source }));
  }

  #countGroup({ measurements }: MeasurementGroup<Sourced>): void {
    const { metrics, now } = this.#parts;
    const operation = { Operation: 'Grouping' };
    metrics.add('MeasurementGroup', 1, operation);
    metrics.add('Measurement', measurements.length, operation);
    for (const { ingestion } of measurements) {
      metrics.add('MeasurementIngestionLatencyMs', msSince(ingestion, now()), operation);
    }
  }

  /** The windows of a group are written at the same time, but for those of one Observation. */
  async #write(group: MeasurementGroup<Sourced>): Promise<void> {
    const windows = await this.#orFail(group.measurements, async () => this.#windowsOf(group));
    const sequences = Map.groupBy(windows ?? [], ({ segment }) => segment);
    await atMost(parallelObservations, [...sequences.values()], async (sequence) => {
      for (const window of sequence) await this.#writeWindow(group, window);
    });
  }

  #windowsOf(group: MeasurementGroup<Sourced>): ObservationGroup<Sourced>[] {
    return observationGroups(group, this.#templateOf(group.type), this.#parts.grouping);
  }

  /** Where the events together fail, each is tried on its own: those that are right are written. */
  async #writeWindow(group: MeasurementGroup<Sourced>, window: ObservationGroup<Sourced>): Promise<void> {
    const events = [...Map.groupBy(window.measurements, ({ source }) => source).values()];
    if (events.length === 1) {
      await this.#orFail(window.measurements, () => this.#save(group, window));
      return;
    }
    try {
      await this.#save(group, window);
    } catch (error) {
      if (!(error instanceof MedtechError)) throw error;
      for (const measurements of events) {
        const windows = this.#windowsOf({ ...group, measurements });
        for (const each of windows) await this.#orFail(measurements, () => this.#save(group, each));
      }
    }
  }

  async #save(group: MeasurementGroup<Sourced>, window: ObservationGroup<Sourced>): Promise<void> {
    const { identities, saver, fhir, metrics, retry } = this.#parts;
    const template = this.#templateOf(group.type);
    await retrying(fhir, retry, async () => {
      const owner = await identities.resolve(group);
      const savedAs = await saver.save(template, window, owner);
      metrics.add('FhirResourceSaved', 1, { Operation: 'FHIRConversion', Name: savedAs });
    });
  }

  #templateOf(type: string) {
    const template = templateOf(this.#mappings.fhir, type);
    if (template) return template;
    throw new MedtechError('TemplateNotFoundException', `The FHIR mapping has no template for the type ${type}.`);
  }

  /** What `run` gives; where it fails for what is in the measurements, their events fail. */
  async #orFail<T>(measurements: readonly Sourced[], run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof MedtechError)) throw error;
      this.#fail(
        measurements.map(({ source }) => source),
        error,
      );
      return undefined;
    }
  }

  #fail(sources: readonly number[], { code, message }: MedtechError): void {
    const { operation, type, severity } = medtechErrors[code];
    const dimensions = { Operation: operation, Name: code, ErrorType: type, ErrorSeverity: severity };
    this.#parts.metrics.add('TotalErrors', 1, dimensions);
    for (const source of new Set(sources)) {
      const errors = this.#errors.get(source) ?? [];
      if (!errors.some((each) => each.name === code && each.message === message)) errors.push({ name: code, message });
      this.#errors.set(source, errors);
    }
  }
}

function msSince(ticks: Ticks, now: Date): number {
  return now.getTime() - Number(ticks / ticksPerMs);
}
