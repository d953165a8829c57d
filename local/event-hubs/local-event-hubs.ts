/** The Event Hubs that a workspace's MedTech services read from, as `npm start` runs them. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { StartError } from '../../shared/workspace/start-error.ts';
import { type Broker, startBroker } from './broker.ts';
import { EventHubs, type Hub } from './event-hubs.ts';
import { EventLog } from './event-log.ts';

export interface LocalEventHubs {
  readonly hubs: EventHubs;
  /** The broker's; 0 before `listen`. */
  readonly port: number;
  listen(): Promise<void>;
  stopListening(): Promise<void>;
  close(): void;
}

/** Keys are not checked, so that other machines are never listened to. */
const loopback = '127.0.0.1';
const partitions = 4;
const tidyMs = 60 * 60 * 1000;

/** `readers`: who reads from which hub; several may read from one. */
export function openLocalEventHubs(
  dataDir: string,
  readers: readonly { readonly eventHub: string; readonly consumerGroup: string }[],
  port: number,
): LocalEventHubs {
  mkdirSync(dataDir, { recursive: true });
  const log = new EventLog(path.join(dataDir, 'event-hubs.sqlite'));
  const hubs = new EventHubs(log, hubsOf(readers));
  const tidy = setInterval(() => log.removeOld(Date.now()), tidyMs).unref();
  let broker: Broker | undefined;
  return {
    hubs,
    get port() {
      return broker?.port ?? 0;
    },
    listen: async () => {
      broker = await startBroker(hubs, loopback, port).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE') throw error;
        throw new StartError(`Port ${port} is in use. Set EVENT_HUB_PORT to another one (0 takes a free one).`);
      });
    },
    stopListening: async () => broker?.close(),
    close: () => {
      clearInterval(tidy);
      log.close();
    },
  };
}

function hubsOf(readers: readonly { readonly eventHub: string; readonly consumerGroup: string }[]): Hub[] {
  const names = [...new Set(readers.map(({ eventHub }) => eventHub))];
  return names.map((name) => {
    const groups = readers.filter(({ eventHub }) => eventHub === name).map(({ consumerGroup }) => consumerGroup);
    return { name, partitions, groups: [...new Set(['$Default', ...groups])] };
  });
}
