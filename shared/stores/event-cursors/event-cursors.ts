/**
 * The port behind the delivery of events: how far each endpoint has come in a log that is kept elsewhere. Events have no log
 * of their own.
 */
export interface EventCursor {
  /** Of the last entry of the log that the endpoint has taken, or need not be told. */
  readonly sequence: number;
  /** The endpoint has said that it wants events. */
  readonly confirmed: boolean;
  /** Failed attempts in a row. */
  readonly failures: number;
  /** No attempt before; milliseconds since 1970. */
  readonly retryAt: number;
}

export interface EventCursors {
  /** Adds endpoints that are not known yet, at `sequence`, and forgets those that are not among them. */
  keep(endpoints: readonly string[], sequence: number): Promise<void>;
  /** Undefined for an endpoint that is not kept. */
  read(endpoint: string): Promise<EventCursor | undefined>;
  /** Durable once it answers. One that is not kept is not saved. */
  save(endpoint: string, cursor: EventCursor): Promise<void>;
  close(): Promise<void>;
}
