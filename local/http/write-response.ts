/** What a handler returned, onto the connection: in the direct way the host does what the library's server does. */
import type { ServerResponse } from 'node:http';
import type { HttpResponse, HttpResponseInit } from '@azure/functions';

/** Waits for the client where it reads slowly; stops when it has gone. */
export async function writeResponse(response: ServerResponse, result: HttpResponseInit | HttpResponse): Promise<void> {
  if (response.destroyed) return;
  const { status = 200, headers, body } = result;
  if (result.cookies?.length) throw new Error('The direct way does not send cookies; use the proxy way.');
  response.statusCode = status;
  setHeaders(response, headers);
  if (body === undefined || body === null || status === 204 || status === 304) response.end();
  else if (typeof body === 'string' || body instanceof Uint8Array) response.end(body);
  else
    await writeChunks(response, Symbol.asyncIterator in body ? body : (new Response(body as string | Blob).body ?? []));
}

async function writeChunks(
  response: ServerResponse,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  for await (const chunk of chunks) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await drained(response);
  }
  response.end();
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    if (response.destroyed) resolve();
    else response.on('drain', settle).on('close', settle);
  });
}

function setHeaders(response: ServerResponse, headers: HttpResponseInit['headers']): void {
  if (headers === undefined) return;
  const entries = Symbol.iterator in headers ? headers : Object.entries(headers);
  for (const [name, value] of entries) response.setHeader(name, value);
}
