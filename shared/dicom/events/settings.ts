/** `"events"` of a DICOM service in workspace.json: who is told of what happens to instances; docs/events.md. */
export interface EventSettings {
  readonly endpoints: readonly EventEndpoint[];
  /** Origins in private networks that may be told. */
  readonly allow: readonly string[];
  /** AHDS: the workspace's Azure resource id. */
  readonly topic: string;
  /** How subjects begin: host, and path where there is one, before `/v1/…`. */
  readonly serviceHostName: string;
  /** How long one attempt may take. */
  readonly timeoutSeconds: number;
  /** The pause after the first failure; it doubles with each further one, up to an hour. */
  readonly retrySeconds: number;
}

export const eventSchemas = ['eventgrid', 'cloudevents'] as const;
export type EventSchema = (typeof eventSchemas)[number];

export interface EventEndpoint {
  readonly url: URL;
  readonly schema: EventSchema;
  /** In one request; Event Grid: 1 unless set. */
  readonly maxEventsPerBatch: number;
}

export const longestRetrySeconds = 3600;
