/**
 * What the service counts, in the names that AHDS gives to Azure Monitor. A metric is a name, a number, and dimensions whose
 * values are words of the service's own: nothing of an event is in them.
 */
export type Metric =
  | 'DeviceEvent'
  | 'NormalizedEvent'
  | 'DroppedEvent'
  | 'Measurement'
  | 'MeasurementGroup'
  | 'FhirResourceSaved'
  | 'DeviceEventProcessingLatencyMs'
  | 'MeasurementIngestionLatencyMs'
  | 'DeviceIngressSizeBytes'
  | 'FHIRResourceContention'
  | 'TotalErrors';

export type Dimensions = Readonly<Partial<Record<'Operation' | 'Name' | 'ErrorType' | 'ErrorSeverity', string>>>;

export interface Metrics {
  add(metric: Metric, value: number, dimensions: Dimensions): void;
}

interface Sum {
  readonly metric: Metric;
  readonly dimensions: Dimensions;
  count: number;
  sum: number;
  min: number;
  max: number;
}

/** Adds up what comes, and writes each metric and set of dimensions as one line of JSON when asked to. */
export class MetricLines implements Metrics {
  readonly #resource: string;
  readonly #write: (line: string) => void;
  #sums = new Map<string, Sum>();

  /** `resource`: the service's name. */
  constructor(resource: string, write: (line: string) => void) {
    this.#resource = resource;
    this.#write = write;
  }

  add(metric: Metric, value: number, dimensions: Dimensions): void {
    const key = `${metric} ${JSON.stringify(dimensions)}`;
    const known = this.#sums.get(key) ?? { metric, dimensions, count: 0, sum: 0, min: value, max: value };
    this.#sums.set(key, known);
    known.count += 1;
    known.sum += value;
    known.min = Math.min(known.min, value);
    known.max = Math.max(known.max, value);
  }

  flush(now: Date): void {
    const sums = this.#sums;
    this.#sums = new Map();
    for (const { metric, dimensions, ...numbers } of sums.values()) {
      const line = { time: now.toISOString(), metric, ...numbers, ResourceName: this.#resource, ...dimensions };
      this.#write(JSON.stringify(line));
    }
  }
}
