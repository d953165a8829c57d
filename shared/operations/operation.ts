/**
 * An API operation as one row: what it is called, which requests are its own, what a caller must be allowed, what answers.
 * From the rows come the Functions (`register.ts`), the access matrix, the CapabilityStatement, and the tests over them.
 */
import type { DataAction } from '../access/data-actions.ts';
import type { Principal } from '../access/principal.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

/** What an operation accepts as request body. Every body has a limit in bytes, after decompression too. */
export type BodyRule =
  | { readonly kind: 'none' }
  /** Read whole before the handler runs. */
  | { readonly kind: 'whole'; readonly maxBytes: number }
  /** Handed to the handler as a stream. */
  | { readonly kind: 'stream'; readonly maxBytes: number };

/**
 * One row. `Service` is the service instance that the first path segment names.
 * `route` continues behind that segment (`{type}/{id}`); it is a Functions route template.
 */
export interface Operation<Service> {
  /** `fhir-search-type`: kind, then the spec's word. Also the Function's name. */
  readonly name: string;
  readonly methods: readonly Method[];
  readonly route: string;
  /** `public`, or alternatives of which one must be allowed whole: `[['read'], ['search']]` is read or search. */
  readonly access: 'public' | readonly (readonly DataAction[])[];
  readonly body: BodyRule;
  readonly handler: (call: Call<Service>) => Promise<Answer>;
}

/** One request to one operation, in web-standard parts. */
export interface Call<Service> {
  readonly operation: string;
  readonly method: Method;
  /** As the client sent it, with the public scheme and host. */
  readonly url: URL;
  /** Values of the route's parameters, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Headers;
  /** The body where the rule is `whole`; empty otherwise. */
  readonly body: Uint8Array;
  /** The body where the rule is `stream`; reading past its limit throws. */
  readonly stream: ReadableStream<Uint8Array> | undefined;
  readonly service: Service;
  /** Absolute URL of the service instance without a trailing slash: `http://localhost:7071/fhir`. */
  readonly base: string;
  readonly principal: Principal;
  /** Ours, a GUID; the answer's `X-Request-Id`. */
  readonly requestId: string;
  /** The caller's `X-Request-Id`, echoed as `X-Correlation-Id`. */
  readonly correlationId: string | undefined;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /** What the audit record says besides the request itself; handlers fill it in. */
  readonly audit: AuditDetail;
}

export interface AuditDetail {
  resourceType?: string;
  resourceId?: string;
  /** Ids of the patients whose data were touched. */
  patients?: string[];
  /** How many, where that is all there is to tell. */
  count?: number;
  /** Of a bundle's entries and the like: each has a record of its own. */
  entries?: AuditEntry[];
}

/** One of the things that a request has done. */
export interface AuditEntry {
  /** `create`, `store-instance`. */
  readonly interaction: string;
  readonly resourceType?: string | undefined;
  readonly resourceId?: string | undefined;
  readonly patients?: readonly string[] | undefined;
  /** An entry's status, or what came of it in a word. */
  readonly outcome?: string | undefined;
}

/** An answer before it becomes a Function's response. Chunks are written in order, with backpressure. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | readonly Uint8Array[] | AsyncIterable<Uint8Array>;
}
