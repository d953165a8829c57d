/**
 * The connection behind an invocation. In streaming mode the Functions library writes an answer's chunks without waiting
 * and tells nobody that the client has left (a known open issue). Node's diagnostics channel shows every request to the
 * library's server with the invocation's id in a header, so the response can be watched without touching a private API.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface ClientConnection {
  readonly gone: boolean;
  /** Calls back once when the client leaves before its answer is complete, at once when it has. */
  whenGone(callback: () => void): void;
  /** Resolves when the connection takes more bytes, or is gone. */
  writable(): Promise<void>;
  /** Breaks the connection: the only way to tell a client that a body under way is not complete. */
  destroy(): void;
}

const invocationIdHeader = 'x-ms-invocation-id';
const connections = new Map<string, ClientConnection>();

/** Undefined where answers do not travel over a connection of this process. */
export function clientConnection(invocationId: string): ClientConnection | undefined {
  return connections.get(invocationId);
}

/** Call once, before the first request. */
export function watchConnections(): void {
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    const invocationId = request.headers[invocationIdHeader];
    if (typeof invocationId !== 'string') return;
    connections.set(invocationId, new ResponseConnection(response));
    response.once('close', () => connections.delete(invocationId));
  });
}

class ResponseConnection implements ClientConnection {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  get gone(): boolean {
    return this.#response.destroyed && !this.#response.writableFinished;
  }

  whenGone(callback: () => void): void {
    if (this.gone) callback();
    else this.#response.once('close', () => this.gone && callback());
  }

  writable(): Promise<void> {
    const response = this.#response;
    if (!response.writableNeedDrain || response.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      const settle = () => {
        response.off('drain', settle).off('close', settle);
        resolve();
      };
      response.on('drain', settle).on('close', settle);
    });
  }

  destroy(): void {
    this.#response.destroy();
  }
}
