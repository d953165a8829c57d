/** For tests: an HTTP server that takes notifications, answers as it is told, and remembers what came. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly at: number;
}

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** What the next requests are answered with: a status, or never. */
  answer: number | 'never' | ((request: Received) => number);
  headers: Record<string, string>;
  /** Resolves when `done` holds of what has been received; rejects after `ms`. */
  until(done: (received: readonly Received[]) => boolean, ms?: number): Promise<readonly Received[]>;
  close(): Promise<void>;
}

export async function startReceiver(port = 0): Promise<Receiver> {
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { method = '', url = '', headers } = request;
    const received = { method, url, headers, text, at: Date.now() };
    const { answer } = receiver;
    const status = typeof answer === 'function' ? answer(received) : answer;
    receiver.received.push(received);
    if (status === 'never') return;
    response.writeHead(status, receiver.headers).end('thank you');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: [],
    answer: 200,
    headers: {},
    until: async (done, ms = 30_000) => {
      const deadline = Date.now() + ms;
      while (!done(receiver.received)) {
        if (Date.now() > deadline) {
          const seen = receiver.received.map(({ method, url, text }) => `${method} ${url} ${text.slice(0, 300)}`);
          throw new Error(`Waited in vain; ${seen.length} requests came:\n${seen.slice(-20).join('\n')}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return receiver.received;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}

/** The status that a backport notification begins with, its events' numbers, and the resources behind them. */
export function notificationOf({ text }: Pick<Received, 'text'>) {
  const bundle = JSON.parse(text);
  const [status, ...entries] = bundle.entry;
  const parameters: { name: string; [value: string]: unknown }[] = status.resource.parameter;
  const value = (name: string) => {
    const found = parameters.find((one) => one.name === name) ?? {};
    return Object.entries(found).find(([key]) => key.startsWith('value'))?.[1];
  };
  const events = parameters
    .filter(({ name }) => name === 'notification-event')
    .map(({ part }) => {
      const parts = part as { name: string; valueString?: string; valueReference?: { reference: string } }[];
      return {
        number: Number(parts.find(({ name }) => name === 'event-number')?.valueString),
        focus: parts.find(({ name }) => name === 'focus')?.valueReference?.reference,
      };
    });
  return {
    bundle,
    entries,
    value,
    type: value('type'),
    status: value('status'),
    events,
    since: Number(value('events-since-subscription-start')),
  };
}
