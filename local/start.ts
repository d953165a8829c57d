/** `npm start`: the workspace on this machine. `--app <file>` runs a built app, `--proxy` goes the real host's way. */

import path from 'node:path';
import { parseArgs } from 'node:util';
import { openWorkQueue } from '../shared/stores/embedded/open-embedded-stores.ts';
import { isLoopbackHostname, readSettings, type Settings } from '../shared/workspace/settings.ts';
import { StartError } from '../shared/workspace/start-error.ts';
import { readWorkspaceFile, type WorkspaceFile } from '../shared/workspace/workspace-file.ts';
import type { LocalEventHubs } from './event-hubs/local-event-hubs.ts';
import { type LocalHost, startLocalHost } from './host.ts';

const sourceApp = path.resolve(import.meta.dirname, '../functions/app.ts');

try {
  const { values } = parseArgs({ options: { app: { type: 'string' }, proxy: { type: 'boolean', default: false } } });
  const settings = readSettings(process.env);
  const workspace = readWorkspaceFile(settings.workspaceFile);
  let opening: Promise<LocalEventHubs> | undefined;
  /** Requests over HTTP are answered while the Event Hubs are loaded. */
  const eventHubsOnce = () => {
    opening ??= openEventHubs(settings, workspace);
    return opening;
  };
  const host = await startLocalHost({
    app: values.app ?? sourceApp,
    host: settings.host,
    port: settings.port,
    way: values.proxy ? 'proxy' : 'direct',
    isOwnName: (hostname) => isOwnName(hostname, settings),
    openWorkQueue: () => openWorkQueue(path.resolve(settings.dataDir)),
    openEventHubs: async () => (await eventHubsOnce()).hubs,
  });
  // Other workspaces do not load a line of them.
  const eventHubs = workspace.eventHubs.size > 0 ? await eventHubsOnce() : undefined;
  await eventHubs?.listen();
  stopOnSignals(async () => {
    await eventHubs?.stopListening();
    await host.stop();
    await eventHubs?.close();
  });
  console.log(greeting(host, settings, [...workspace.services], eventHubs));
} catch (error) {
  console.error(startFailure(error));
  process.exit(1);
}

/**
 * A web page can give its own host name this machine's address and then read what answers there (DNS rebinding). An open
 * server therefore answers only to the names of this machine and to that of PUBLIC_URL.
 */
function isOwnName(hostname: string, { publicUrl, open }: Settings): boolean {
  if (!open) return true;
  if (isLoopbackHostname(hostname)) return true;
  return publicUrl !== undefined && new URL(publicUrl).hostname === hostname;
}

async function openEventHubs(
  { dataDir, eventHubPort }: Settings,
  { eventHubs }: WorkspaceFile,
): Promise<LocalEventHubs> {
  const { openLocalEventHubs } = await import('./event-hubs/local-event-hubs.ts');
  return openLocalEventHubs(path.resolve(dataDir), eventHubs, eventHubPort);
}

function greeting(
  host: LocalHost,
  settings: Settings,
  services: [string, { kind: string }][],
  eventHubs: LocalEventHubs | undefined,
): string {
  const lines = services.map(([name, { kind }]) => `  ${kind.padEnd(8)} ${host.url}/${name}`);
  return [
    `Open Health Data Services: ${host.functions.length} Functions, ready`,
    ...lines,
    `  health   ${host.url}/health/check`,
    ...(eventHubs ? [`  events   ${eventHubs.connectionString}`] : []),
    `  data     ${path.resolve(settings.dataDir)}`,
    `${accessLine(settings)} Ctrl-C stops.`,
  ].join('\n');
}

function accessLine({ open, localIssuer, issuers }: Settings): string {
  if (open) return 'Open to every program on this machine (loopback only, no sign-in).';
  const names = [...(localIssuer ? ['npm run token'] : []), ...issuers.map(({ issuer }) => issuer)];
  return `Closed: calls need a token of ${names.join(', ')}.`;
}

/** The first signal lets requests finish, the second one does not wait. */
function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = () => {
    if (stopping) process.exit(1);
    stopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error('The host did not stop cleanly:', error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

function startFailure(error: unknown): string {
  const { code, address, port, name, message, stack } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
  };
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${address} is in use. Set PORT to another one (0 takes a free one).`;
  if (code === 'EACCES' && port) return `Port ${port} needs more rights than this process has. Set PORT above 1023.`;
  // A built app has a copy of the class of its own.
  if (name === StartError.name) return message;
  return stack ?? String(error);
}
