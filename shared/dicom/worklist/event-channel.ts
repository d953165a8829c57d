/**
 * The channel of a subscriber's events: `GET /subscribers/{aeTitle}`. The standard opens a WebSocket (PS3.18, 11.12 and
 * 11.13), which an HTTP Function cannot; Server-Sent Events need an answer that streams, and nothing else (WHATWG HTML, 9.2).
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from '../../operations/operation.ts';
import type { Subscriber, WorkitemEvent } from '../../stores/worklist/worklist-subscriptions.ts';
import type { DicomCall } from '../call.ts';
import { DicomError } from '../errors.ts';
import { notSubscribed, subscriberOf } from './subscriptions.ts';

/** The worklist is asked for events so often. */
const pollMs = 500;
/** Something is sent so often, so that nobody on the way takes the connection for dead. */
const heartbeatMs = 15_000;
/** Azure ends an answer after 230 s; the client comes again and says what it has. */
const channelMs = 200_000;
const pageSize = 100;
const mostChannels = 100;
let channels = 0;

export async function eventChannel(call: DicomCall): Promise<Answer> {
  const subscriber = subscriberOf(call);
  const accept = call.headers.get('accept') ?? '*/*';
  if (!/\*\/\*|text\/(\*|event-stream)/i.test(accept)) {
    throw new DicomError('not-acceptable', 'Events come as text/event-stream.');
  }
  const after = lastEventId(call.headers.get('last-event-id'));
  const { worklist } = call.service;
  const first = await worklist.nextEvents(subscriber, after, pageSize);
  if (!first) throw notSubscribed();
  if (after > 0) await worklist.forgetEvents(subscriber, after);
  if (channels >= mostChannels) throw new DicomError('busy', `At most ${mostChannels} channels are open at a time.`);
  const headers = { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' };
  return { status: 200, headers, body: channel(call, subscriber, first, after) };
}

async function* channel(
  { service, signal }: DicomCall,
  subscriber: Subscriber,
  first: readonly WorkitemEvent[],
  from: number,
): AsyncGenerator<Uint8Array> {
  channels += 1;
  try {
    yield Buffer.from('retry: 1000\n\n');
    let events: readonly WorkitemEvent[] | undefined = first;
    let [after, sent] = [from, performance.now()];
    const until = performance.now() + channelMs;
    while (events && !signal.aborted) {
      const last = events.at(-1);
      if (last) {
        after = last.number;
        sent = performance.now();
        yield Buffer.concat(events.map(eventText));
      } else {
        if (performance.now() > until) return;
        if (performance.now() - sent > heartbeatMs) {
          sent = performance.now();
          yield Buffer.from(':\n\n');
        }
        await delay(pollMs, undefined, { signal }).catch(() => {});
      }
      events = await service.worklist.nextEvents(subscriber, after, pageSize);
    }
  } finally {
    channels -= 1;
  }
}

/** The message ID of DIMSE is the number of the event, as far as it has room. */
function eventText({ number, data }: WorkitemEvent): Buffer {
  const { '00000002': affectedClass, ...rest } = JSON.parse(Buffer.from(data).toString());
  const dataSet = { '00000002': affectedClass, '00000110': { vr: 'US', Value: [number & 0xffff] }, ...rest };
  return Buffer.from(`id: ${number}\nevent: workitem\ndata: ${JSON.stringify(dataSet)}\n\n`);
}

function lastEventId(text: string | null): number {
  return text !== null && /^\d{1,15}$/.test(text.trim()) ? Number(text) : 0;
}
