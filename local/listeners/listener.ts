/** What turns events of one kind into invocations of the Functions that wait for them; every trigger but HTTP has one. */
import type { WorkQueue } from '../../shared/stores/queue/work-queue.ts';
import type { RegisteredFunction } from '../core/function-registry.ts';
import type { Trigger } from '../core/invocation.ts';
import type { EventHubs } from '../event-hubs/event-hubs.ts';
import type { HostSettings } from '../host-settings.ts';

export interface Listener {
  start(): void;
  /** Takes nothing new; resolves when the invocations under way have ended. */
  stop(): Promise<void>;
}

/** What a listener works with. */
export interface ListenerContext {
  /** Rejects with what the Function threw. */
  readonly invoke: (called: RegisteredFunction, trigger: Trigger) => Promise<unknown>;
  readonly settings: HostSettings;
  /** Opened when the first listener asks for it. */
  readonly workQueue: () => Promise<WorkQueue>;
  /** Opened when the first listener asks for them. */
  readonly eventHubs: () => Promise<EventHubs>;
}

export type ListenerFactory = (called: RegisteredFunction, context: ListenerContext) => Listener;
