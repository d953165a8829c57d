import type { Ticks } from './ticks.ts';

/** What a device mapping finds in an event: one match of one template. */
export interface Measurement {
  /** The template's `typeName`. */
  readonly type: string;
  readonly occurrence: Ticks;
  /** When the event reached the Event Hub. */
  readonly ingestion: Ticks;
  readonly deviceId: string;
  readonly patientId?: string;
  readonly encounterId?: string;
  readonly correlationId?: string;
  /** In the mapping's order. */
  readonly properties: readonly { readonly name: string; readonly value: string }[];
}
