/**
 * A service's subscriptions: wakes those that a commit may concern. What a write costs is a look into a map, and nothing
 * at all while the service has no subscriptions.
 */

import { type Resolve, resolveName } from '../../endpoints/endpoint-address.ts';
import { openPoster, type Post } from '../../endpoints/post.ts';
import { systemText } from '../../operations/errors.ts';
import type { IndexEntry } from '../../stores/resources/index-entry.ts';
import type { Change, ResourceStore, StoredResource } from '../../stores/resources/resource-store.ts';
import type { SubscriptionStore } from '../../stores/subscriptions/subscription-store.ts';
import { parseStored } from '../resource/text.ts';
import type { Resource } from '../resource/types.ts';
import type { SendWork } from '../send-work.ts';
import type { SubscriptionSettings } from './settings.ts';
import { typeOfCriteria } from './subscription.ts';

export interface Subscriptions {
  readonly settings: SubscriptionSettings;
  readonly post: Post;
  /** Opened when it is first asked for. */
  readonly states: () => Promise<SubscriptionStore>;
  /** The index entries of a version; `base` is the service's absolute URL. */
  readonly entriesOf: (version: StoredResource, base: string) => readonly IndexEntry[];
  /** To be told of every commit. */
  readonly changed: (changes: readonly Change[]) => void;
  /**
   * Wakes every subscription that may have work left from before. Nobody waits for that: a subscription that wakes reads
   * the version log, and so finds what was committed before it was known here.
   */
  readonly start: () => void;
  readonly close: () => Promise<void>;
}

export interface SubscriptionParts {
  readonly settings: SubscriptionSettings;
  readonly store: ResourceStore;
  readonly openStates: () => Promise<SubscriptionStore>;
  readonly send: SendWork;
  readonly index: (resource: Resource, base: string) => IndexEntry[];
  readonly resolve?: Resolve;
}

const row = 'subscription-notify';
/** Commits within this time wake a subscription once. */
const gatherMs = 20;
const pageSize = 100;
/** Index entries of versions just written, which the deliveries will ask for. */
const maxEntriesKept = 1000;

export function openSubscriptions({
  settings,
  store,
  openStates,
  send,
  index,
  resolve,
}: SubscriptionParts): Subscriptions {
  /** Resource type by id, of those that can be woken. */
  const live = new Map<string, string>();
  const entries = new Map<string, readonly IndexEntry[]>();
  const waking = new Set<string>();
  const poster = openPoster(settings.allow, resolve ?? resolveName);
  let states: Promise<SubscriptionStore> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let starting: Promise<void> | undefined;
  let closed = false;

  const reportUnlessClosed = (error: unknown) => {
    if (!closed) console.error(`The subscriptions could not be woken: ${systemText(error)}`);
  };
  const flush = async () => {
    timer = undefined;
    const ids = [...waking];
    waking.clear();
    for (const id of ids) await refresh(id);
    for (const id of ids) await send(row, { id });
  };
  const wake = (id: string) => {
    waking.add(id);
    // What is not woken before the process ends is woken by the next one's `start`.
    timer ??= setTimeout(() => void flush().catch(reportUnlessClosed), gatherMs);
  };
  const refresh = async (id: string) => {
    const stored = await store.read({ type: 'Subscription', id });
    const resource = stored && !stored.deleted ? parseStored(stored) : undefined;
    const type = resource && resource.status !== 'off' ? typeOfCriteria(resource.criteria) : undefined;
    if (type === undefined) live.delete(id);
    else live.set(id, type);
  };

  const wakeAll = async () => {
    const where = {
      kind: 'or',
      of: ['requested', 'active', 'error'].map((code) => {
        return { kind: 'value', param: 'Subscription.status', test: { kind: 'token', code } } as const;
      }),
    } as const;
    let page = await store.search({ types: ['Subscription'], where, sort: [] }, pageSize);
    for (;;) {
      for (const { id } of page.matches) wake(id);
      if (!page.next || closed) return;
      page = await store.search({ types: ['Subscription'], where, sort: [] }, pageSize, page.next);
    }
  };

  return {
    settings,
    post: poster.post,
    states: () => {
      states ??= openStates();
      return states;
    },
    entriesOf: (version, base) => entries.get(nameOf(version, version.version)) ?? index(parseStored(version), base),
    changed: (changes) => {
      for (const change of changes) {
        const { key } = change;
        if (key.type === 'Subscription') wake(key.id);
        if (live.size === 0 || change.kind !== 'put' || !change.body) continue;
        let wanted = false;
        for (const [id, type] of live) {
          if (type !== key.type) continue;
          wanted = true;
          wake(id);
        }
        if (wanted) keep(entries, nameOf(key, change.expected + 1), change.index);
      }
    },
    start: () => {
      starting = wakeAll().catch(reportUnlessClosed);
    },
    close: async () => {
      closed = true;
      await starting;
      clearTimeout(timer);
      poster.close();
      await (await states?.catch(() => undefined))?.close();
    },
  };
}

function nameOf({ type, id }: { type: string; id: string }, version: number): string {
  return `${type}/${id}/${version}`;
}

function keep<V>(map: Map<string, V>, key: string, value: V): void {
  map.set(key, value);
  if (map.size <= maxEntriesKept) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
