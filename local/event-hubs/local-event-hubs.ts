/** The Event Hubs of a workspace, as `npm start` runs them: its MedTech services' and those of its file. */
import type { EventHubSettings } from '../../shared/workspace/event-hubs-setting.ts';
import { isLoopbackHostname } from '../../shared/workspace/settings.ts';
import { StartError } from '../../shared/workspace/start-error.ts';
import { type Broker, startBroker } from './broker.ts';
import { EventHubs } from './event-hubs.ts';

export interface LocalEventHubs {
  readonly hubs: EventHubs;
  /** For Azure's own clients; of the broker that `listen` has started. */
  readonly connectionString: string;
  listen(): Promise<void>;
  stopListening(): Promise<void>;
  close(): Promise<void>;
}

/** Keys are not checked, so that other machines are never listened to. */
const loopback = '127.0.0.1';
/** No token protects it from a web page that has given its own name this address (DNS rebinding). */
const isOwnName = isLoopbackHostname;

export async function openLocalEventHubs(
  dataDir: string,
  settings: ReadonlyMap<string, EventHubSettings>,
  port: number,
): Promise<LocalEventHubs> {
  const hubs = await EventHubs.open(dataDir, settings);
  let broker: Broker | undefined;
  return {
    hubs,
    get connectionString() {
      return broker?.connectionString ?? '';
    },
    listen: async () => {
      broker = await startBroker({ hubs, host: loopback, port, isOwnName }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EADDRINUSE') throw error;
        throw new StartError(`Port ${port} is in use. Set EVENT_HUB_PORT to another one (0 takes a free one).`);
      });
    },
    stopListening: async () => broker?.stop(),
    close: () => hubs.close(),
  };
}
