/** What every adapter of the work queue port must do. `tick` lets the queue's time go on. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MOST_MESSAGE_BYTES, type WorkMessage, type WorkQueue } from './work-queue.ts';

export interface OpenedQueue {
  readonly queue: WorkQueue;
  tick(seconds: number): Promise<void>;
  /** Closes the queue and opens it again on the same data; absent where an adapter keeps nothing of its own. */
  reopen?(): Promise<WorkQueue>;
  dispose(): Promise<void>;
}

export function workQueueContract(name: string, open: () => Promise<OpenedQueue>): void {
  describe(`${name} keeps the contract of work queues`, () => {
    let opened: OpenedQueue;
    let queue: WorkQueue;
    beforeEach(async () => {
      opened = await open();
      queue = opened.queue;
    });
    afterEach(() => opened.dispose());

    const receiveOne = async (visibilitySeconds = 30): Promise<WorkMessage> => {
      const [message] = await queue.receive('jobs', 1, visibilitySeconds);
      if (message === undefined) throw new Error('There is no message.');
      return message;
    };
    const texts = (messages: readonly WorkMessage[]) => messages.map(({ text }) => text).toSorted();

    it('a message is received as it was sent, once', async () => {
      await queue.send('jobs', '{"job":"ä 𝄞"}');
      const message = await receiveOne();
      expect(message).toMatchObject({ text: '{"job":"ä 𝄞"}', dequeueCount: 1 });
      expect(message.expiresOn.getTime()).toBeGreaterThan(message.insertedOn.getTime());
      expect(message.nextVisibleOn.getTime()).toBe(message.insertedOn.getTime() + 30_000);
      expect(await queue.receive('jobs', 10, 30)).toEqual([]);
    });

    it('queues do not share messages', async () => {
      await queue.send('jobs', 'a');
      expect(await queue.receive('others', 10, 30)).toEqual([]);
    });

    it('no more than the asked number is received', async () => {
      for (const text of ['a', 'b', 'c']) await queue.send('jobs', text);
      const two = await queue.receive('jobs', 2, 30);
      const rest = await queue.receive('jobs', 2, 30);
      expect(two).toHaveLength(2);
      expect(texts([...two, ...rest])).toEqual(['a', 'b', 'c']);
    });

    it('receivers at the same time do not get the same message', async () => {
      for (let at = 0; at < 20; at += 1) await queue.send('jobs', String(at));
      const all = await Promise.all(Array.from({ length: 10 }, () => queue.receive('jobs', 4, 30)));
      expect(new Set(texts(all.flat())).size).toBe(20);
      expect(all.flat()).toHaveLength(20);
    });

    it('a delayed message is hidden until its time has come', async () => {
      await queue.send('jobs', 'late', 60);
      expect(await queue.receive('jobs', 1, 30)).toEqual([]);
      await opened.tick(61);
      expect(texts(await queue.receive('jobs', 1, 30))).toEqual(['late']);
    });

    it('a message that is not removed comes again, counted', async () => {
      await queue.send('jobs', 'again');
      await receiveOne(30);
      await opened.tick(31);
      expect(await receiveOne()).toMatchObject({ text: 'again', dequeueCount: 2 });
    });

    it('a removed message does not come again', async () => {
      await queue.send('jobs', 'once');
      expect(await queue.remove('jobs', await receiveOne())).toBe(true);
      await opened.tick(31);
      expect(await queue.receive('jobs', 1, 30)).toEqual([]);
    });

    it('a released message comes again after its delay', async () => {
      await queue.send('jobs', 'back');
      expect(await queue.release('jobs', await receiveOne(), 10)).toBe(true);
      expect(await queue.receive('jobs', 1, 30)).toEqual([]);
      await opened.tick(11);
      expect(await receiveOne()).toMatchObject({ text: 'back', dequeueCount: 2 });
    });

    it('who was overtaken by another receiver can neither remove nor release', async () => {
      await queue.send('jobs', 'slow');
      const slow = await receiveOne(30);
      await opened.tick(31);
      const fast = await receiveOne(30);
      expect(await queue.remove('jobs', slow)).toBe(false);
      expect(await queue.release('jobs', slow, 0)).toBe(false);
      expect(await queue.remove('jobs', fast)).toBe(true);
      expect(await queue.remove('jobs', fast)).toBe(false);
    });

    it('a message is gone after it expired', async () => {
      await queue.send('jobs', 'old');
      const message = await receiveOne(1);
      await opened.tick((message.expiresOn.getTime() - message.insertedOn.getTime()) / 1000 + 1);
      expect(await queue.receive('jobs', 1, 30)).toEqual([]);
    });

    it('a text of 48 KiB fits and one byte more does not', async () => {
      await queue.send('jobs', 'x'.repeat(MOST_MESSAGE_BYTES));
      expect((await receiveOne()).text).toHaveLength(MOST_MESSAGE_BYTES);
      await expect(queue.send('jobs', `${'x'.repeat(MOST_MESSAGE_BYTES - 1)}ä`)).rejects.toThrow(RangeError);
    });

    it('messages outlive the process', async ({ skip }) => {
      if (opened.reopen === undefined) return skip('the adapter keeps nothing of its own');
      await queue.send('jobs', 'kept');
      queue = await opened.reopen();
      expect(await receiveOne()).toMatchObject({ text: 'kept', dequeueCount: 1 });
    });
  });
}
