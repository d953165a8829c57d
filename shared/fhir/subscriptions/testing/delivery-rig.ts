/**
 * For tests: deliveries on a real store with a clock, a queue and an endpoint of the test's own, in which the process can
 * die before or after any of its steps (a send, a save, a commit, a request).
 */
import path from 'node:path';
import { localPrincipal } from '../../../access/principal.ts';
import { NotDelivered } from '../../../endpoints/post.ts';
import { EmbeddedSubscriptionStore } from '../../../stores/embedded/subscription-store.ts';
import { temporaryFolder } from '../../../stores/embedded/testing/temporary-folder.ts';
import type { SubscriptionStore } from '../../../stores/subscriptions/subscription-store.ts';
import type { Resource } from '../../resource/types.ts';
import { openTestService, testBase } from '../../search/testing/test-service.ts';
import type { FhirService } from '../../service.ts';
import { type NotifyMessage, notify } from '../notify.ts';
import { markSubscriber } from '../subscriber.ts';

export class Killed extends Error {}

export interface Told {
  readonly method: string;
  readonly url: string;
  readonly text: string;
  readonly at: number;
}

export async function openDeliveryRig() {
  const test = await openTestService();
  const folder = temporaryFolder();
  const file = path.join(folder.path, 'subscriptions.db');
  let states = new EmbeddedSubscriptionStore(file, () => {});
  const told: Told[] = [];
  let queue: { message: NotifyMessage; due: number }[] = [];
  let time = Date.now();
  let steps = 0;
  let killAt = Number.POSITIVE_INFINITY;
  const refused = { status: 0 };

  /** Each side of a step is a place to die; who is dead does nothing more. */
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    steps += 1;
    if (steps >= killAt) throw new Killed();
    const result = await work();
    steps += 1;
    if (steps >= killAt) throw new Killed();
    return result;
  };
  const mortalStates: SubscriptionStore = {
    read: (id) => states.read(id),
    save: (...all) => step(() => states.save(...all)),
    events: (...all) => states.events(...all),
    remove: (id) => step(() => states.remove(id)),
    close: async () => {},
  };
  const service: FhirService = {
    ...test.service,
    now: () => new Date(time),
    commit: (...all) => step(() => test.service.commit(...all)),
    send: (_, message, delaySeconds = 0) =>
      step(async () => void queue.push({ message: message as NotifyMessage, due: time + delaySeconds * 1000 })),
    subscriptions: {
      ...test.service.subscriptions,
      states: async () => mortalStates,
      post: ({ method, url, body }) =>
        step(async () => {
          if (refused.status > 0) throw new NotDelivered(`The endpoint answered with status ${refused.status}.`);
          told.push({ method, url: url.href, text: Buffer.from(body).toString(), at: time });
          return { headers: {}, text: '' };
        }),
    },
  };

  return {
    service,
    told,
    /** A status other than 0 is what the endpoint answers with, and takes nothing. */
    refused,
    states: () => states,
    put: test.put,
    queue: () => queue,
    time: () => time,
    pass: (ms: number) => {
      time += ms;
    },
    killAt: (at: number) => {
      killAt = steps + at;
    },
    subscription: (resource: Partial<Resource>): Resource & { id: string } => {
      const whole = { resourceType: 'Subscription', status: 'requested', id: 's', reason: 'test', ...resource };
      markSubscriber(whole, { principal: localPrincipal, base: testBase });
      return whole;
    },
    wake: (message: NotifyMessage) => queue.push({ message, due: time }),
    /** Works on the messages that are due, and on those that come of it, until `most` have been taken. */
    async work(most = 1000): Promise<void> {
      for (let taken = 0; taken < most; taken += 1) {
        const at = queue.findIndex(({ due }) => due <= time);
        const [next] = at < 0 ? [] : queue.slice(at, at + 1);
        if (!next) return;
        await notify(service, next.message);
        queue = queue.filter((each) => each !== next);
      }
      throw new Error('There is no end of messages.');
    },
    /** Nothing was told and nothing is waiting. */
    forget(): void {
      told.length = 0;
      queue = [];
    },
    /** The process is gone and another begins: what was being worked on comes again. */
    async restart(): Promise<void> {
      killAt = Number.POSITIVE_INFINITY;
      await states.close();
      states = new EmbeddedSubscriptionStore(file, () => {});
    },
    async close(): Promise<void> {
      await states.close();
      await test.close();
      folder.remove();
    },
  };
}

export type DeliveryRig = Awaited<ReturnType<typeof openDeliveryRig>>;
