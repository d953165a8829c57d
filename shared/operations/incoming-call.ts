import type { Principal } from '../access/principal.ts';
import type { ClientConnection } from './client-connection.ts';
import type { AuditDetail, Call, Method } from './operation.ts';

/** A call without its service instance. */
export interface IncomingParts extends Omit<Call<unknown>, 'service' | 'signal'> {
  /** First path segment as workspace.json spells it; empty at the workspace's root. */
  readonly serviceName: string;
  readonly connection: ClientConnection | undefined;
}

/** The call that a handler sees. */
export class IncomingCall<Service> implements Call<Service> {
  readonly operation: string;
  readonly method: Method;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Headers;
  readonly body: Uint8Array;
  readonly stream: ReadableStream<Uint8Array> | undefined;
  readonly service: Service;
  readonly base: string;
  readonly principal: Principal;
  readonly requestId: string;
  readonly correlationId: string | undefined;
  readonly audit: AuditDetail;
  readonly #connection: ClientConnection | undefined;
  #signal: AbortSignal | undefined;

  constructor(parts: IncomingParts, service: Service) {
    this.operation = parts.operation;
    this.method = parts.method;
    this.url = parts.url;
    this.params = parts.params;
    this.headers = parts.headers;
    this.body = parts.body;
    this.stream = parts.stream;
    this.service = service;
    this.base = parts.base;
    this.principal = parts.principal;
    this.requestId = parts.requestId;
    this.correlationId = parts.correlationId;
    this.audit = parts.audit;
    this.#connection = parts.connection;
  }

  /** Made when first asked for: most handlers answer before anyone could leave. */
  get signal(): AbortSignal {
    this.#signal ??= this.#connection ? abortWhenGone(this.#connection) : new AbortController().signal;
    return this.#signal;
  }
}

function abortWhenGone(connection: ClientConnection): AbortSignal {
  const controller = new AbortController();
  connection.whenGone(() => controller.abort(new Error('The client has gone.')));
  return controller.signal;
}
