/** The HTTP server of the local host: limits, routing, one way or the other to the Function. */
import { randomUUID } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FunctionRegistry } from '../core/function-registry.ts';
import type { Way } from './exchange.ts';
import type { HttpLimits } from './limits.ts';
import { answerMalformedRequests } from './malformed-requests.ts';
import { plainAnswer } from './plain-answer.ts';
import { RouteTable } from './route-table.ts';

export interface HttpServer {
  /** `http://127.0.0.1:7071` */
  readonly url: string;
  /** Takes no more requests; resolves when those under way have been answered, at the latest after `withinMs`. */
  stop(withinMs: number): Promise<void>;
}

/** Must run before the app subscribes to the same channel: it gives each request its invocation id, whatever the client sent. */
export function markInvocations(): void {
  subscribe('http.server.request.start', (message) => {
    const { request, server } = message as { request: IncomingMessage; server: Server };
    if (localServers.has(server)) request.headers['x-ms-invocation-id'] = randomUUID();
  });
}

const localServers = new WeakSet<Server>();

export async function startHttpServer(options: {
  readonly registry: FunctionRegistry;
  readonly way: Way;
  readonly host: string;
  readonly port: number;
  readonly limits: HttpLimits;
  /** Host names that are this server's own; requests for others are 421. */
  readonly isOwnName: (hostname: string) => boolean;
}): Promise<HttpServer> {
  const { registry, way, host, port, limits, isOwnName } = options;
  const routes = new RouteTable(
    [...registry.functions.values()].filter(({ trigger }) => trigger.type.toLowerCase() === 'httptrigger'),
  );
  const server = createServer({
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: Math.min(5_000, limits.headersMs / 2),
    noDelay: true,
  });
  localServers.add(server);
  // Without this Node drops what is above the count in silence.
  server.maxHeadersCount = limits.headerCount + 1;
  server.timeout = limits.stalledMs;
  answerMalformedRequests(server);
  const open = new Set<ServerResponse>();
  server.on('request', (request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    cutWhenStalled(response);
    if (request.rawHeaders.length / 2 > limits.headerCount) return plainAnswer(response, 431);
    const url = requestUrl(request);
    if (!url) return plainAnswer(response, 400);
    if (!isOwnName(url.hostname)) return plainAnswer(response, 421);
    const match = routes.find(request.method ?? '', url.pathname);
    if (!match) return plainAnswer(response, 404);
    const invocationId = String(request.headers['x-ms-invocation-id']);
    way({ registry, match, request, response, url, invocationId }).catch((error: unknown) => {
      console.error(`${match.called.metadata.name} failed:`, error);
      if (response.headersSent) response.destroy();
      else plainAnswer(response, 500);
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { url: `http://${name}:${address.port}`, stop: (withinMs) => stopServer(server, open, withinMs) };
}

/** Undefined when the Host header or the path does not make a URL. */
function requestUrl({ url = '', headers }: IncomingMessage): URL | undefined {
  const absolute = url.startsWith('/') ? `http://${headers.host ?? ''}${url}` : url;
  const parsed = URL.canParse(absolute) ? new URL(absolute) : undefined;
  return parsed?.protocol === 'http:' ? parsed : undefined;
}

/** A client that does not read what the server has for it is cut; one that waits for a slow handler is not. */
function cutWhenStalled(response: ServerResponse): void {
  response.on('timeout', () => {
    if (response.writableLength > 0 || response.writableNeedDrain) response.destroy();
  });
}

async function stopServer(server: Server, open: ReadonlySet<ServerResponse>, withinMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // A channel of events has no end of its own; whoever listens to one comes again.
  for (const response of open) {
    if (String(response.getHeader('content-type')).startsWith('text/event-stream')) response.destroy();
  }
  // A connection that is kept alive becomes idle only when its last answer has been sent.
  const idle = setInterval(() => server.closeIdleConnections(), 20);
  const limit = setTimeout(() => server.closeAllConnections(), withinMs);
  await closed;
  clearInterval(idle);
  clearTimeout(limit);
}
