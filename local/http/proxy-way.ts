/**
 * The way of the real host in streaming mode: the original request is forwarded to the library's own HTTP server with
 * the invocation's id, the invocation itself carries only headers and route values.
 */
import { Agent, type ClientRequest, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { TypedData } from '../core/contract.ts';
import { invoke } from '../core/invocation.ts';
import type { Exchange, Way } from './exchange.ts';
import { plainAnswer } from './plain-answer.ts';

/** `httpUri` is the address of the library's server. */
export function proxyWay(httpUri: string): { way: Way; close: () => void } {
  const agent = new Agent({ keepAlive: true });
  const way: Way = async (exchange) => {
    const upstream = forwardRequest(httpUri, agent, exchange);
    const relayed = relay(upstream, exchange);
    const invoked = invoke(exchange.registry, exchange.match.called, {
      invocationId: exchange.invocationId,
      data: { http: {} },
      metadata: triggerMetadata(exchange),
      answeredByLibrary: true,
    });
    // The host waits for the forwarded answer; what the invocation says comes to nothing once that has begun.
    const failure = invoked.then(
      () => relayed,
      (error) => {
        upstream.destroy();
        throw error;
      },
    );
    await Promise.all([relayed, failure]);
  };
  return { way, close: () => agent.destroy() };
}

const notForwarded = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'te']);

function forwardRequest(httpUri: string, agent: Agent, { request, url, invocationId }: Exchange): ClientRequest {
  const headers: Record<string, string | string[]> = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (values && !notForwarded.has(name)) headers[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  headers['x-ms-invocation-id'] = invocationId;
  headers['x-forwarded-host'] = url.host;
  headers['x-forwarded-proto'] = 'http';
  const chunked = request.headers['transfer-encoding'] !== undefined;
  if (chunked) headers['transfer-encoding'] = 'chunked';
  const { hostname, port } = new URL(httpUri);
  const upstream = forward({ hostname, port, agent, method: request.method, path: url.pathname + url.search, headers });
  if (chunked || request.headers['content-length'] !== undefined) request.pipe(upstream);
  else upstream.end();
  return upstream;
}

function relay(upstream: ClientRequest, { request, response }: Exchange): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', () => {
      upstream.destroy();
      resolve();
    });
    // An answer may come before the body's end: the rest is read and forgotten, so that the connection can go on.
    response.once('finish', () => request.unpipe(upstream).resume());
    upstream.once('response', (answer) => relayAnswer(answer, response));
    upstream.once('error', () => {
      if (response.headersSent) response.destroy();
      else plainAnswer(response, 502);
    });
  });
}

function relayAnswer(answer: IncomingMessage, response: ServerResponse): void {
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    if (values && name !== 'x-ms-invocation-id' && !notForwarded.has(name)) response.setHeader(name, values);
  }
  response.statusCode = answer.statusCode ?? 500;
  answer.once('error', () => response.destroy());
  answer.pipe(response);
}

function triggerMetadata({ request, match, url }: Exchange): Record<string, TypedData> {
  const values = Object.entries(match.values).map(([name, value]) => [name, { string: value }]);
  return {
    ...Object.fromEntries(values),
    Headers: { json: JSON.stringify(request.headers) },
    Query: { json: JSON.stringify(Object.fromEntries(url.searchParams)) },
  };
}
