/**
 * A local Event Hubs broker: AMQP 1.0 on plain TCP, as Microsoft's emulator has it, and the REST call to send on the same
 * port. It has no TLS and takes every key, so it listens on this machine alone.
 */
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import rhea, { type Connection, type Container, type EventContext } from 'rhea';
import { parseAddress } from './amqp/address.ts';
import { attachConsumer } from './amqp/attach-consumer.ts';
import { boundArrays } from './amqp/bounded-arrays.ts';
import { linkErrors } from './amqp/link-errors.ts';
import { PendingBytes } from './amqp/pending-bytes.ts';
import { openProducer } from './amqp/producer-link.ts';
import { Receivers } from './amqp/receivers.ts';
import { answerManagement, answerTokens } from './amqp/requests.ts';
import { socketOf } from './amqp/socket.ts';
import { guardFrames, guardTransfers, mostFrameBytes, mostMessageBytes } from './amqp/transfers.ts';
import type { EventHubs } from './event-hubs.ts';
import { answerSend } from './http/send.ts';

export interface BrokerOptions {
  readonly hubs: EventHubs;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Host names that HTTP requests may be for; without it every one. */
  readonly isOwnName?: (hostname: string) => boolean;
}

export interface Broker {
  readonly port: number;
  /** For Azure's own clients. */
  readonly connectionString: string;
  stop(): Promise<void>;
}

const mostConnections = 256;
const mostLinks = 1024;
/** Azure's own. */
const idleMs = 240_000;
const firstByteWithinMs = 30_000;
/** An HTTP connection carries one request. */
const requestWithinMs = 60_000;

/** Rejects with the listener's error: `EADDRINUSE`. */
export async function startBroker({ hubs, host, port, isOwnName = () => true }: BrokerOptions): Promise<Broker> {
  boundArrays();
  const container = rhea.create_container({ id: 'open-health-data-services' });
  const { sasl_server_mechanisms: mechanisms } = container;
  mechanisms.enable_anonymous();
  mechanisms.enable_plain(() => true);
  // Azure's clients in other languages.
  mechanisms.MSSBCBS = mechanisms.ANONYMOUS;
  const server = container.listen({
    host,
    port,
    max_frame_size: mostFrameBytes,
    idle_time_out: idleMs,
    session_buffer_size: { outgoing: 128 },
    receiver_options: { credit_window: 0, autoaccept: false, max_message_size: mostMessageBytes },
  } as never);
  server.maxConnections = mostConnections;
  const http = createHttpServer((request, response) => void answerSend(request, response, { hubs, isOwnName }));
  const sockets = shareWith(server, http);
  const connections = serve(container, hubs);
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));
  const bound = (server.address() as AddressInfo).port;
  return {
    port: bound,
    connectionString: connectionString(bound),
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const connection of connections) connection.close();
      http.closeAllConnections();
      setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, 200).unref();
      await closed;
    },
  };
}

export function connectionString(port: number): string {
  return `Endpoint=sb://localhost:${port};SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true`;
}

/** AMQP's first byte is its name's A; no method of HTTP that is served here begins with it. */
function shareWith(server: Server, http: HttpServer): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  const [accept] = server.listeners('connection') as [(socket: Socket) => void];
  server.removeAllListeners('connection');
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    const timer = setTimeout(() => socket.destroy(), firstByteWithinMs);
    socket.once('close', () => clearTimeout(timer));
    socket.once('readable', () => {
      clearTimeout(timer);
      const first: Buffer | null = socket.read();
      if (!first) return;
      socket.unshift(first);
      if (first[0] !== 'A'.charCodeAt(0)) {
        setTimeout(() => socket.destroy(), requestWithinMs).unref();
        http.emit('connection', socket);
        return;
      }
      socket.setNoDelay(true);
      guardFrames(socket);
      accept.call(server, socket);
    });
  });
  return sockets;
}

/** Returns the connections that are open. */
function serve(container: Container, hubs: EventHubs): ReadonlySet<Connection> {
  const connections = new Set<Connection>();
  const links = new WeakMap<Connection, number>();
  const receivers = new Receivers();
  const pending = new PendingBytes();

  /** Undefined: too many, and the connection is closed. */
  const addressOf = (connection: Connection, address: unknown) => {
    const count = (links.get(connection) ?? 0) + 1;
    links.set(connection, count);
    if (count > mostLinks) connection.close(linkErrors.failed());
    return count > mostLinks ? undefined : parseAddress(address);
  };

  container.on('connection_open', ({ connection }: EventContext) => {
    connections.add(connection);
    socketOf(connection)
      .setMaxListeners(mostLinks)
      .once('close', () => connections.delete(connection));
    guardTransfers(connection);
  });
  // What a client does wrong ends its connection, not the broker; unheard, rhea would throw or print it.
  for (const name of ['error', 'protocol_error', 'connection_error', 'disconnected']) container.on(name, () => {});
  container.on('receiver_open', ({ receiver, connection }: EventContext) => {
    if (!receiver) return;
    const address = addressOf(connection, receiver.target?.address);
    receiver.set_source(receiver.source ?? {});
    receiver.set_target({ address: receiver.target?.address });
    if (address?.kind === 'token') return answerTokens(receiver);
    if (address?.kind === 'management') return answerManagement(receiver, hubs);
    const hub = address && hubs.hub(address.hub);
    if (!hub) return receiver.close(linkErrors.noHub(String(receiver.target?.address)));
    if (address.partitionId !== undefined && !hub.partition(address.partitionId)) {
      return receiver.close(linkErrors.noPartition(address.partitionId, hub.partitions.length));
    }
    openProducer(receiver, hub, address.partitionId, pending);
  });
  container.on('sender_open', ({ sender, connection }: EventContext) => {
    if (!sender) return;
    const address = addressOf(connection, sender.source?.address);
    sender.set_source({ address: sender.source?.address ?? '' });
    sender.set_target(sender.target ?? {});
    if (address?.kind === 'token' || address?.kind === 'management') return;
    const hub = address && hubs.hub(address.hub);
    if (!hub) return sender.close(linkErrors.noHub(String(sender.source?.address)));
    attachConsumer(sender, hub, address, receivers).catch((error) => {
      console.error(`Event Hub ${hub.name} cannot be read:`, error);
      sender.close(linkErrors.failed());
    });
  });
  return connections;
}
