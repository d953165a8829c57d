import { describe, expect, it, vi } from 'vitest';
import type { WorkMessage, WorkQueue } from '../../shared/stores/queue/work-queue.ts';
import type { RegisteredFunction } from '../core/function-registry.ts';
import type { Trigger } from '../core/invocation.ts';
import type { ListenerContext } from './listener.ts';
import { makeListeners } from './listeners.ts';

type Stored = { text: string; dequeueCount: number; visibleAt: number };

class MemoryQueue implements WorkQueue {
  readonly queues = new Map<string, Map<string, Stored>>();
  #count = 0;

  of(queue: string): Map<string, Stored> {
    const messages = this.queues.get(queue) ?? new Map<string, Stored>();
    this.queues.set(queue, messages);
    return messages;
  }

  async send(queue: string, text: string, delaySeconds = 0): Promise<void> {
    this.of(queue).set(String(++this.#count), { text, dequeueCount: 0, visibleAt: Date.now() + delaySeconds * 1000 });
  }

  async receive(queue: string, most: number, visibilitySeconds: number): Promise<WorkMessage[]> {
    const now = Date.now();
    const visible = [...this.of(queue)].filter(([, { visibleAt }]) => visibleAt <= now).slice(0, most);
    return visible.map(([id, stored]) => {
      stored.dequeueCount += 1;
      stored.visibleAt = now + visibilitySeconds * 1000;
      const nextVisibleOn = new Date(stored.visibleAt);
      const { text, dequeueCount } = stored;
      return {
        id,
        text,
        dequeueCount,
        insertedOn: new Date(now),
        expiresOn: new Date(now),
        nextVisibleOn,
        popReceipt: id,
      };
    });
  }

  async remove(queue: string, { id }: WorkMessage): Promise<boolean> {
    return this.of(queue).delete(id);
  }

  async release(queue: string, { id }: WorkMessage, delaySeconds: number): Promise<boolean> {
    const stored = this.of(queue).get(id);
    if (stored) stored.visibleAt = Date.now() + delaySeconds * 1000;
    return stored !== undefined;
  }

  async close(): Promise<void> {}
}

function registered(options: { type: string; [option: string]: unknown }): RegisteredFunction {
  const trigger = { direction: 'in' as const, bindingName: 'trigger', ...options };
  return { metadata: { name: 'worker', bindings: { trigger } }, trigger, callback: () => undefined };
}

function world(options: { type: string; [option: string]: unknown }, invoke: (trigger: Trigger) => Promise<unknown>) {
  const queue = new MemoryQueue();
  const context: ListenerContext = {
    invoke: (_, trigger) => invoke(trigger),
    settings: {
      queues: { batchSize: 2, maxDequeueCount: 3, visibilityTimeoutSeconds: 0 },
      eventHubs: { maxEventBatchSize: 2 },
    },
    workQueue: async () => queue,
    eventHubs: () => Promise.reject(new Error('none')),
  };
  const [listener] = makeListeners([registered(options)], context);
  if (!listener) throw new Error('no listener');
  return { queue, listener };
}

const work = { type: 'queueTrigger', queueName: 'steps' };

describe('queue triggers', () => {
  it('each message is delivered with its metadata, then removed', async () => {
    const received: Trigger[] = [];
    const { queue, listener } = world(work, async (trigger) => received.push(trigger));
    await queue.send('steps', '{"step":1}');
    listener.start();
    await vi.waitFor(() => expect(queue.of('steps').size).toBe(0));
    await listener.stop();
    expect(received).toMatchObject([{ data: { string: '{"step":1}' }, metadata: { DequeueCount: { json: '1' } } }]);
  });

  it('a message that fails comes again and ends in the poison queue', async () => {
    const silent = vi.spyOn(console, 'error').mockImplementation(() => {});
    let deliveries = 0;
    const { queue, listener } = world(work, async () => {
      deliveries += 1;
      throw new Error('always');
    });
    await queue.send('steps', 'bad');
    listener.start();
    await vi.waitFor(() => expect([...queue.of('steps-poison').values()]).toMatchObject([{ text: 'bad' }]));
    await listener.stop();
    silent.mockRestore();
    expect(deliveries).toBe(3);
    expect(queue.of('steps').size).toBe(0);
  });

  it('no more than batchSize messages are worked on at a time, and stopping waits for them', async () => {
    let running = 0;
    let most = 0;
    let ended = 0;
    const { queue, listener } = world(work, async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 50));
      running -= 1;
      ended += 1;
    });
    for (let count = 0; count < 5; count++) await queue.send('steps', String(count));
    listener.start();
    await vi.waitFor(() => expect(ended).toBeGreaterThanOrEqual(2));
    await listener.stop();
    expect(most).toBe(2);
    expect(running).toBe(0);
  });

  it('a queue that fails for a moment does not end the polling', async () => {
    const silent = vi.spyOn(console, 'error').mockImplementation(() => {});
    const { queue, listener } = world(work, async () => {});
    const receive = vi.spyOn(queue, 'receive').mockRejectedValueOnce(new Error('busy'));
    await queue.send('steps', 'x');
    listener.start();
    await vi.waitFor(() => expect(queue.of('steps').size).toBe(0), 3000);
    await listener.stop();
    silent.mockRestore();
    expect(receive.mock.calls.length).toBeGreaterThan(1);
  });
});

describe('timer triggers', () => {
  it('come by schedule, one at a time', async () => {
    vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00.500Z') });
    const invocations: unknown[] = [];
    const { listener } = world({ type: 'timerTrigger', schedule: '* * * * * *' }, async ({ data }) => {
      invocations.push(data);
      await new Promise((resolve) => setTimeout(resolve, 1500));
    });
    listener.start();
    await vi.advanceTimersByTimeAsync(5000);
    await vi.advanceTimersByTimeAsync(2000);
    const stopped = listener.stop();
    await vi.advanceTimersByTimeAsync(2000);
    await stopped;
    vi.useRealTimers();
    expect(invocations).toHaveLength(4);
    expect(invocations[0]).toMatchObject({ json: expect.stringContaining('"IsPastDue":false') });
  });

  it('come at start when they ask for it', async () => {
    const invoke = vi.fn(async () => {});
    const { listener } = world({ type: 'timerTrigger', schedule: '0 0 0 1 1 *', runOnStartup: true }, invoke);
    listener.start();
    await listener.stop();
    expect(invoke).toHaveBeenCalledOnce();
  });
});

it('a trigger that the local host cannot serve is refused at start', () => {
  expect(() => world({ type: 'kafkaTrigger' }, async () => {})).toThrow('no listener for kafkaTrigger');
});
