/**
 * The background row `subscription-notify`: brings one subscription forward. Its steps each leave a state from which the
 * next run goes on, so a process may die after any of them: an event is numbered, then sent, then noted as delivered. What
 * was sent but not noted is sent again, under the same number.
 *
 * A message says only which subscription: however many changes there are, there is one run at a time for it, and what waits
 * is the version log itself. A run ends with a delayed message, the alarm, for the next time that something is due.
 */
import { randomUUID } from 'node:crypto';
import { NotDelivered } from '../../endpoints/post.ts';
import type {
  KeptState,
  SubscriptionEvent,
  SubscriptionState,
  SubscriptionStore,
} from '../../stores/subscriptions/subscription-store.ts';
import { userErrorOf } from '../outcome.ts';
import { parseStored } from '../resource/text.ts';
import type { FhirService } from '../service.ts';
import { nextEvents, type Recipient, sendEvent, sendNotification } from './delivery.ts';
import { matching } from './matching.ts';
import { setStatus } from './set-status.ts';
import { longestRetrySeconds } from './settings.ts';
import { subscriberOf } from './subscriber.ts';
import { askedSubscription } from './subscription.ts';

export const notifyRow = 'subscription-notify';

export interface NotifyMessage {
  readonly id: string;
  /** Of a delayed message: it counts only while it is the state's own. */
  readonly alarm?: string;
}

/** A run gives way to other subscriptions after this long, and goes on with its next message. */
const runMs = 5_000;
/** How long a run has the subscription for itself: longer than it can take, shorter than a message stays hidden. */
const leaseMs = 120_000;
const busySeconds = 1;
/** A subscription looks at the log this often even if nobody wakes it. */
const sweepMs = 300_000;
const pageSize = 100;
/** Events that are numbered ahead of delivery; what comes behind them waits in the log. */
const mostPending = 200;

export async function notify(service: FhirService, { id, alarm }: NotifyMessage): Promise<void> {
  const states = await service.subscriptions.states();
  const stored = await service.store.read({ type: 'Subscription', id });
  const resource = stored && !stored.deleted ? parseStored(stored) : undefined;
  const subscriber = resource && subscriberOf(resource);
  const kept = await states.read(id);
  if (!stored || !resource || !subscriber || resource.status === 'off') {
    if (kept) await states.remove(id);
    return;
  }
  const now = service.now().getTime();
  if (alarm !== undefined && kept?.alarm && kept.alarm.token !== alarm && kept.alarm.at > now) return;
  if (kept && kept.leasedUntil > now) {
    await service.send(notifyRow, { id }, busySeconds);
    return;
  }
  const anew = resource.status === 'requested' && kept?.request !== stored.version;
  const progress = new Progress(states, id, kept ?? beginning(stored.position));
  const asksAnew = { request: stored.version, activated: false, failures: 0, retryAt: 0 };
  if (!(await progress.save({ leasedUntil: now + leaseMs, ...((anew || !kept) && asksAnew) }))) return;
  const run = new Run(service, progress, subscriber.base, String(resource.status));
  try {
    const due = await run.advance(resource);
    if (due === undefined) await states.remove(id);
    else await run.rest(due);
  } catch (error) {
    if (error instanceof Overtaken) return;
    await progress.save({ leasedUntil: 0 });
    throw error;
  }
}

/** From the version that asked on: nothing that is written after its answer is missed. */
function beginning(read: number): KeptState {
  return {
    request: 0,
    activated: false,
    read,
    numbered: 0,
    delivered: 0,
    failures: 0,
    retryAt: 0,
    lastSent: 0,
    leasedUntil: 0,
    revision: 0,
  };
}

/** Somebody else has moved the state: this worker's lease has run out. */
class Overtaken extends Error {}

/** A client has changed the Subscription meanwhile: what it says now is for the next run. */
class Superseded extends Error {}

class Progress {
  readonly id: string;
  readonly #states: SubscriptionStore;
  state: KeptState;

  constructor(states: SubscriptionStore, id: string, state: KeptState) {
    this.#states = states;
    this.id = id;
    this.state = state;
  }

  /** False when somebody else has moved the state. */
  async save(change: Partial<SubscriptionState>, events: readonly SubscriptionEvent[] = []): Promise<boolean> {
    const { revision, ...state } = { ...this.state, ...change };
    if (!(await this.#states.save(this.id, state, revision, events))) return false;
    this.state = { ...state, revision: revision + 1 };
    return true;
  }

  async mustSave(change: Partial<SubscriptionState>, events: readonly SubscriptionEvent[] = []): Promise<void> {
    if (!(await this.save(change, events))) throw new Overtaken();
  }

  pending(limit: number): Promise<SubscriptionEvent[]> {
    return this.#states.events(this.id, this.state.delivered + 1, limit);
  }
}

class Run {
  readonly #service: FhirService;
  readonly #progress: Progress;
  readonly #base: string;
  readonly #until: number;
  #status: string;

  constructor(service: FhirService, progress: Progress, base: string, status: string) {
    this.#service = service;
    this.#progress = progress;
    this.#base = base;
    this.#status = status;
    this.#until = this.#now() + runMs;
  }

  /** Does what is due. When to look again, in milliseconds since 1970; undefined: never, the subscription has ended. */
  async advance(resource: Parameters<typeof askedSubscription>[0]): Promise<number | undefined> {
    const { state } = this.#progress;
    if (state.retryAt > this.#now()) return state.retryAt;
    const { definitions, subscriptions } = this.#service;
    try {
      const asked = askedSubscription(resource, { definitions, settings: subscriptions.settings, base: this.#base });
      const { end = Number.POSITIVE_INFINITY } = asked;
      if (end <= this.#now()) return await this.#end();
      const recipient = { service: this.#service, id: this.#progress.id, base: this.#base, asked };
      if (!(await this.#deliverAll(recipient))) return this.#now();
      return Math.min(this.#heartbeatDue(recipient), end, this.#now() + sweepMs);
    } catch (error) {
      if (error instanceof Superseded) return this.#now();
      const failure = error instanceof NotDelivered ? error : userErrorOf(error);
      if (failure) return this.#failed(failure.message);
      throw error;
    }
  }

  /** Lets go of the subscription and sets the alarm: the message first, so that none is noted which does not come. */
  async rest(due: number): Promise<void> {
    const { alarm } = this.#progress.state;
    const now = this.#now();
    if (alarm && alarm.at > now && alarm.at <= due) {
      await this.#progress.save({ leasedUntil: 0 });
      return;
    }
    const next = { at: Math.max(due, now), token: randomUUID() };
    const message: NotifyMessage = { id: this.#progress.id, alarm: next.token };
    await this.#service.send(notifyRow, message, (next.at - now) / 1000);
    await this.#progress.save({ leasedUntil: 0, alarm: next });
  }

  /** False when there may be more, but the run's time is over. */
  async #deliverAll(recipient: Recipient): Promise<boolean> {
    await this.#activate(recipient);
    for (;;) {
      const more = await this.#number(recipient);
      const delivered = await this.#deliver(recipient);
      if (!more && !delivered) break;
      if (this.#now() > this.#until) return false;
    }
    if (this.#heartbeatDue(recipient) <= this.#now()) {
      await sendNotification(recipient, 'heartbeat', this.#progress.state);
      await this.#taken({});
    }
    return true;
  }

  async #activate(recipient: Recipient): Promise<void> {
    const { state } = this.#progress;
    if (state.activated) return;
    if (recipient.asked.topic) await sendNotification(recipient, 'handshake', state);
    await this.#taken({});
    await this.#progress.mustSave({ activated: true });
  }

  /** Numbers the events of one page of the log; true when there may be more. */
  async #number({ asked, id }: Recipient): Promise<boolean> {
    const { state } = this.#progress;
    if (state.numbered - state.delivered >= mostPending) return false;
    const { store, subscriptions } = this.#service;
    const query = { type: asked.type, behind: state.read, oldestFirst: true };
    const { matches: page } = await store.history(query, pageSize);
    const last = page.at(-1);
    if (!last) return false;
    const others = page.filter((version) => version.type !== 'Subscription' || version.id !== id);
    const matches = await matching(store, asked, others, (version) => subscriptions.entriesOf(version, this.#base));
    const events = matches.map(({ type, id: of, version, updated }, at) => {
      return { number: state.numbered + at + 1, type, id: of, version, updated, created: version === 1 };
    });
    await this.#progress.mustSave({ read: last.position, numbered: state.numbered + events.length }, events);
    return page.length === pageSize;
  }

  /** One attempt at the next events; true when there may be more. */
  async #deliver(recipient: Recipient): Promise<boolean> {
    const { topic } = recipient.asked;
    const events = await nextEvents(recipient, await this.#progress.pending(topic?.maxCount ?? plainEvents));
    const [first] = events;
    if (!first) return false;
    if (topic) {
      await sendNotification(recipient, 'event-notification', this.#progress.state, events);
      await this.#taken({ delivered: events.at(-1)?.event.number ?? 0 });
      return true;
    }
    let delivered = this.#progress.state.delivered;
    try {
      for (const each of events) {
        await sendEvent(recipient, each);
        delivered = each.event.number;
      }
    } finally {
      if (delivered > this.#progress.state.delivered) await this.#taken({ delivered });
    }
    return true;
  }

  /** The endpoint has taken something: failures are over. */
  async #taken(change: Partial<SubscriptionState>): Promise<void> {
    await this.#progress.mustSave({ ...change, failures: 0, retryAt: 0, lastSent: this.#now() });
    if (this.#status === 'active') return;
    if (!(await this.#setStatus('active'))) throw new Superseded();
    this.#status = 'active';
  }

  async #failed(reason: string): Promise<number | undefined> {
    const { settings } = this.#service.subscriptions;
    const failures = this.#progress.state.failures + 1;
    if (failures >= settings.offAfter) {
      await this.#setStatus('off', reason);
      return undefined;
    }
    const pause = Math.min(settings.retrySeconds * 2 ** (failures - 1), longestRetrySeconds);
    const retryAt = this.#now() + pause * 1000 * (0.75 + Math.random() / 2);
    await this.#progress.mustSave({ failures, retryAt });
    if (failures >= settings.errorAfter && !(await this.#setStatus('error', reason))) return this.#now();
    return retryAt;
  }

  async #end(): Promise<undefined> {
    await this.#setStatus('off');
  }

  #setStatus(status: 'active' | 'error' | 'off', error?: string): Promise<boolean> {
    const { id, state } = this.#progress;
    return setStatus(this.#service, { id, request: state.request }, status, error);
  }

  #heartbeatDue({ asked }: Recipient): number {
    const seconds = asked.topic?.heartbeatSeconds;
    return seconds === undefined ? Number.POSITIVE_INFINITY : this.#progress.state.lastSent + seconds * 1000;
  }

  #now(): number {
    return this.#service.now().getTime();
  }
}

/** Requests of a plain subscription between two notes of what was delivered: so many may be sent twice. */
const plainEvents = 20;
