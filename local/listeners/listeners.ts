import type { RegisteredFunction } from '../core/function-registry.ts';
import { eventHubListener } from './event-hub.ts';
import type { Listener, ListenerContext, ListenerFactory } from './listener.ts';
import { queueListener } from './storage-queue.ts';
import { timerListener } from './timer.ts';

/** By trigger type, in lower case. */
const factories: Readonly<Record<string, ListenerFactory>> = {
  eventhubtrigger: eventHubListener,
  queuetrigger: queueListener,
  timertrigger: timerListener,
};

/** One listener per Function; HTTP Functions are the server's. Throws on a trigger that the local host cannot serve. */
export function makeListeners(functions: Iterable<RegisteredFunction>, context: ListenerContext): Listener[] {
  return [...functions]
    .filter(({ trigger }) => trigger.type.toLowerCase() !== 'httptrigger')
    .map((called) => {
      const factory = factories[called.trigger.type.toLowerCase()];
      if (factory) return factory(called, context);
      throw new Error(`Function ${called.metadata.name}: the local host has no listener for ${called.trigger.type}.`);
    });
}
