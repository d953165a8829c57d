/** Requests that the HTTP parser gives up on: 400, 408 when they came too slowly, 431 when their headers are too large. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { plainAnswerOnSocket } from './plain-answer.ts';

const statusOfCode: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export function answerMalformedRequests(server: Server): void {
  const latest = new WeakMap<Duplex, Exchange>();
  server.on('request', (request, response) => latest.set(request.socket, { request, response }));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const exchange = latest.get(socket);
    const refuse = () => {
      if (!socket.writable) socket.destroy();
      else plainAnswerOnSocket(socket, statusOfCode[error.code ?? ''] ?? 400);
    };
    if (!exchange || exchange.response.writableFinished) refuse();
    else if (exchange.request.complete) exchange.response.once('finish', refuse);
    else if (exchange.response.headersSent) socket.destroy();
    else refuseUnderWay(exchange, refuse);
  });
}

/** The broken part is the body of the request that is being handled: its handler must not wait for the rest. */
function refuseUnderWay({ request }: Exchange, refuse: () => void): void {
  refuse();
  request.destroy();
}
