/** The local host: runs an unmodified Functions app without `func`. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { WorkQueue } from '../shared/stores/queue/work-queue.ts';
import { collectFunctions } from './core/functions-core.ts';
import { invoke } from './core/invocation.ts';
import type { EventHubs } from './event-hubs/event-hubs.ts';
import { readHostSettings } from './host-settings.ts';
import { directWay } from './http/direct-way.ts';
import type { Way } from './http/exchange.ts';
import { type HttpLimits, httpLimits } from './http/limits.ts';
import { proxyWay } from './http/proxy-way.ts';
import { markInvocations, startHttpServer } from './http/server.ts';
import { makeListeners } from './listeners/listeners.ts';

export interface LocalHostOptions {
  /** The app's entry file, source or built. */
  readonly app: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** `proxy` goes the real host's way over the library's HTTP server; `direct` saves that hop. */
  readonly way?: 'direct' | 'proxy';
  readonly limits?: Partial<HttpLimits>;
  /** Host names that requests may be for; without it every one. */
  readonly isOwnName?: (hostname: string) => boolean;
  /** Where queue triggers get their messages; called once, when there is such a trigger. */
  readonly openWorkQueue?: () => Promise<WorkQueue>;
  /** Where Event Hub triggers get their events; called once, when there is such a trigger. The caller closes them. */
  readonly openEventHubs?: () => Promise<EventHubs>;
}

export interface LocalHost {
  /** `http://127.0.0.1:7071` */
  readonly url: string;
  /** The Functions' names. */
  readonly functions: readonly string[];
  /** Takes nothing new, finishes what runs (10 s at most), then ends the app. */
  stop(): Promise<void>;
}

const stopWithinMs = 10_000;
const hostFile = path.resolve(import.meta.dirname, '../host.json');
let starts = 0;

/** One host at a time in a process: the Functions library's state is global. Rejects when the app cannot start. */
export async function startLocalHost(options: LocalHostOptions): Promise<LocalHost> {
  if (starts++ === 0) markInvocations();
  const address = `${pathToFileURL(path.resolve(options.app)).href}?start=${starts}`;
  const registry = await collectFunctions(() => import(address));
  await registry.runHooks('appStart', { hookData: {}, appHookData: {} });
  const { way, close } = await openWay(options.way ?? 'direct', registry);
  let workQueue: Promise<WorkQueue> | undefined;
  let eventHubs: Promise<EventHubs> | undefined;
  const listeners = makeListeners(registry.functions.values(), {
    invoke: (called, trigger) => invoke(registry, called, trigger),
    settings: readHostSettings(hostFile),
    workQueue: () => {
      workQueue ??= options.openWorkQueue?.() ?? Promise.reject(new Error('The local host was given no work queue.'));
      return workQueue;
    },
    eventHubs: () => {
      eventHubs ??= options.openEventHubs?.() ?? Promise.reject(new Error('The local host was given no Event Hubs.'));
      return eventHubs;
    },
  });
  const server = await startHttpServer({
    registry,
    way,
    host: options.host,
    port: options.port,
    limits: { ...httpLimits, ...options.limits },
    isOwnName: options.isOwnName ?? (() => true),
  });
  for (const listener of listeners) listener.start();

  return {
    url: server.url,
    functions: [...registry.functions.keys()],
    stop: async () => {
      await Promise.all([server.stop(stopWithinMs), ...listeners.map((listener) => listener.stop())]);
      close();
      await (await workQueue?.catch(() => undefined))?.close();
      await registry.runHooks('appTerminate', { hookData: {}, appHookData: {} });
    },
  };
}

async function openWay(
  name: 'direct' | 'proxy',
  { model }: { model: { getCapabilities(capabilities: Record<string, string>): Promise<Record<string, string>> } },
): Promise<{ way: Way; close: () => void }> {
  if (name === 'direct') return { way: directWay, close: () => {} };
  const { HttpUri } = await model.getCapabilities({});
  if (!HttpUri) throw new Error('The app has not turned on enableHttpStream.');
  return proxyWay(HttpUri);
}
