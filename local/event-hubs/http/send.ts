/**
 * Event Hubs' REST call to send, so that a device can be `curl`: `POST /{hub}/messages`, or
 * `/{hub}/partitions/{id}/messages`. One event as the body, or several as JSON. `Authorization` is not looked at, as keys are
 * not on the way of AMQP.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { EventHubs } from '../event-hubs.ts';
import { eventsOf, RefusedEvent } from './http-events.ts';

/** Event Hubs: bytes of an event or a batch. */
const mostBytes = 1024 * 1024;
const route = /^\/([^/]+)(?:\/partitions\/([^/]+))?\/messages\/?$/i;

export interface SendRules {
  readonly hubs: EventHubs;
  /** Host names that requests may be for. */
  readonly isOwnName: (hostname: string) => boolean;
}

export async function answerSend(request: IncomingMessage, response: ServerResponse, rules: SendRules): Promise<void> {
  try {
    const { status, detail } = await send(request, rules);
    answer(response, status, detail);
  } catch (error) {
    if (error instanceof RefusedEvent) return answer(response, error.status, error.message);
    if (request.destroyed && !request.complete) return;
    console.error('Events could not be kept:', error);
    answer(response, 500, 'The events could not be kept.');
  }
}

async function send(
  request: IncomingMessage,
  { hubs, isOwnName }: SendRules,
): Promise<{ status: number; detail?: string }> {
  const url = URL.parse(request.url ?? '', `http://${request.headers.host}`);
  if (!url) return { status: 400, detail: 'The request has no proper address.' };
  if (!isOwnName(url.hostname)) return { status: 421, detail: 'This is another server.' };
  // Pages of any origin could send otherwise; devices have no origin.
  if (request.headers.origin !== undefined) return { status: 403, detail: 'Web pages cannot send.' };
  const [, name = '', partitionId] = route.exec(decoded(url.pathname)) ?? [];
  const hub = hubs.hub(name);
  if (!hub) return { status: 404, detail: 'There is no such Event Hub.' };
  if (request.method !== 'POST') return { status: 405, detail: 'Events are sent with POST.' };
  if (partitionId !== undefined && !hub.partition(partitionId)) {
    return { status: 404, detail: `There is no such partition: 0 to ${hub.partitions.length - 1}.` };
  }
  const { partitionKey, events } = eventsOf(request.headers, await readBody(request));
  if (partitionId !== undefined && partitionKey !== undefined) {
    return { status: 400, detail: 'A partition and a partition key exclude each other.' };
  }
  await hub.send({ partitionId, partitionKey }, events);
  return { status: 201 };
}

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    throw new RefusedEvent(400, 'The address is not properly encoded.');
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new RefusedEvent(413, `An event or a batch has at most ${mostBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The connection ends with each answer: how long one may last is how long a request may take. */
function answer(response: ServerResponse, status: number, detail?: string): void {
  const body = detail === undefined ? '' : `<Error><Code>${status}</Code><Detail>${detail}</Detail></Error>`;
  const headers = { 'Content-Type': 'application/xml; charset=utf-8', 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(status, { ...headers, Connection: 'close' }).end(body);
}
