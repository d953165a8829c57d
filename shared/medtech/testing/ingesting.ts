/** A pipeline for tests: events are JSON texts of measurements, so that no device mapping is needed. */
import type { DeviceEvent } from '../device-event.ts';
import { MedtechError } from '../errors.ts';
import { readFhirMapping } from '../fhir-mapping/read-fhir-mapping.ts';
import { openIdentities } from '../identity/resolve-identity.ts';
import { type Ingest, openIngest } from '../ingest/ingest.ts';
import type { Mappings } from '../ingest/mappings.ts';
import { type Metric, MetricLines } from '../metrics.ts';
import type { FhirPort } from '../persist/fhir-port.ts';
import { openObservationSaver } from '../persist/save-observation.ts';
import type { MedtechSettings } from '../service.ts';
import type { Ticks } from '../ticks.ts';
import { at, measurement } from './readings.ts';

/** One measurement, in the short form that an event's body has. */
export interface Sent {
  readonly type: string;
  readonly time: string;
  readonly device: string;
  readonly patient?: string;
  readonly values: Readonly<Record<string, string>>;
}

let sequence = 0;

/** An event with measurements; of a text that is no JSON it is one that cannot be used. */
export function event(body: readonly Sent[] | string, enqueued: Ticks = at('2019-02-01T23:00:00Z')): DeviceEvent {
  sequence += 1;
  return {
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    properties: {},
    systemProperties: {},
    enqueued: enqueued + BigInt(sequence),
    partitionId: '0',
    sequenceNumber: sequence,
    offset: String(sequence),
  };
}

/** Heart rates sampled by the minute, weights one by one, blood pressures by the day. */
export const fhirMapping = JSON.stringify({
  templateType: 'CollectionFhir',
  template: [
    {
      typeName: 'hr',
      periodInterval: 60,
      value: { valueName: 'hr', valueType: 'SampledData', defaultPeriod: 60_000, unit: 'bpm' },
    },
    { typeName: 'weight', value: { valueName: 'kg', valueType: 'Quantity', unit: 'kg' } },
    {
      typeName: 'bp',
      periodInterval: 1440,
      components: ['sys', 'dia'].map((valueName) => ({ codes: [], value: { valueName, valueType: 'Quantity' } })),
    },
  ].map((template) => ({ templateType: 'CodeValueFhir', template: { codes: [], ...template } })),
});

export function mappings(version = 'v1'): Mappings {
  const { mapping, problems } = readFhirMapping(fhirMapping);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return {
    version,
    fhir: mapping,
    normalize: ({ body, enqueued }) => {
      try {
        const sent: Sent[] = JSON.parse(Buffer.from(body).toString());
        return {
          measurements: sent.map(({ type, time, device, patient, values }) =>
            measurement(type, time, values, {
              deviceId: device,
              ingestion: enqueued,
              ...(patient !== undefined && { patientId: patient }),
            }),
          ),
        };
      } catch {
        return { measurements: [], error: new MedtechError('InvalidDataFormatException', 'The body is not JSON.') };
      }
    },
  };
}

export interface Ingesting {
  readonly ingest: Ingest;
  /** The sums of a metric so far, by its dimensions but the operation: `FhirResourceSaved ObservationCreated`. */
  metrics(): Record<string, number>;
}

export function openTestIngest(
  fhir: FhirPort,
  options: Partial<MedtechSettings> & { readonly retries?: number; readonly mappings?: () => Promise<Mappings> } = {},
): Ingesting {
  const { resolution = 'Create', strictIdentity = true, cacheSize = 100, retries = 2 } = options;
  const now = () => new Date('2019-02-01T23:30:00Z');
  const lines: string[] = [];
  const metrics = new MetricLines('medtech', (line) => lines.push(line));
  const onContention = () => metrics.add('FHIRResourceContention', 1, {});
  const ingest = openIngest({
    mappings: options.mappings ?? (async () => mappings()),
    identities: openIdentities({ fhir, resolution, strictIdentity, cacheSize, now }),
    saver: openObservationSaver({ fhir, cacheSize, now, onContention }),
    fhir,
    metrics,
    grouping: {},
    now,
    retry: { retries, pause: async () => {} },
  });
  return {
    ingest,
    metrics: () => {
      metrics.flush(now());
      const sums: Record<string, number> = {};
      for (const line of lines) {
        const { metric, sum, Name } = JSON.parse(line) as { metric: Metric; sum: number; Name?: string };
        const key = Name === undefined ? metric : `${metric} ${Name}`;
        sums[key] = (sums[key] ?? 0) + sum;
      }
      return sums;
    },
  };
}
