/** What the server takes of a client. The counts are those of Kestrel, the server in front of a Functions app. */
export interface HttpLimits {
  readonly headerCount: number;
  /** Request line and headers together. */
  readonly headerBytes: number;
  readonly headersMs: number;
  readonly requestMs: number;
  /** How long a connection may stand still while the server has something to send. */
  readonly stalledMs: number;
  readonly keepAliveMs: number;
}

export const httpLimits: HttpLimits = {
  headerCount: 100,
  headerBytes: 40 * 1024,
  headersMs: 30_000,
  requestMs: 300_000,
  stalledMs: 60_000,
  keepAliveMs: 130_000,
};
