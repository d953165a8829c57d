/**
 * An Event Hubs namespace on this machine, for unmodified clients: `@azure/event-hubs` and its like, over plain AMQP with
 * `Endpoint=sb://localhost:PORT;SharedAccessKeyName=x;SharedAccessKey=y;UseDevelopmentEmulator=true`.
 * Keys are not checked, so it listens on loopback only.
 */
import { createRequire } from 'node:module';
import type { AddressInfo, Server } from 'node:net';
import type { Connection, EventContext, Message, Receiver, Sender } from 'rhea';
import { parseReceiverAddress, parseSenderAddress } from './addresses.ts';
import { batched, bodyBytes, decoded } from './amqp-message.ts';
import type { EventHubs } from './event-hubs.ts';
import { answerManagement } from './management.ts';
import { Reader } from './reader.ts';
import { selectorOf, startPosition } from './start-position.ts';

export interface Broker {
  readonly port: number;
  close(): Promise<void>;
}

/** Event Hubs: 1 MiB for an event or a batch. */
const maxMessageBytes = 1024 * 1024;
const batchFormat = 0x80013700;

export async function startBroker(hubs: EventHubs, host: string, port: number): Promise<Broker> {
  const rhea = createRequire(import.meta.url)('rhea') as typeof import('rhea');
  const container = rhea.create_container({ id: 'event-hubs', enable_sasl_external: false });
  container.sasl_server_mechanisms.enable_anonymous();
  container.sasl_server_mechanisms.enable_plain(() => true);
  const connections = new Set<Connection>();
  const readers = new Map<Sender, Reader>();

  container.on('connection_open', ({ connection }: EventContext) => connections.add(connection));
  container.on('disconnected', ({ connection }: EventContext) => connections.delete(connection));
  container.on('connection_close', ({ connection }: EventContext) => connections.delete(connection));
  // A client that breaks off is its own affair.
  for (const name of [
    'connection_error',
    'session_error',
    'receiver_error',
    'sender_error',
    'protocol_error',
    'error',
  ]) {
    container.on(name, () => {});
  }

  container.on('receiver_open', ({ receiver }: EventContext) => receiver && openReceiver(receiver));
  container.on('sender_open', ({ sender }: EventContext) => sender && openSender(sender));
  container.on('sender_close', ({ sender }: EventContext) => sender && endReader(sender));
  container.on('session_close', ({ session }: EventContext) => {
    for (const sender of readers.keys()) if (sender.session === session) endReader(sender);
  });
  container.on('disconnected', ({ connection }: EventContext) => {
    for (const sender of readers.keys()) if (sender.connection === connection) endReader(sender);
  });
  container.on('sendable', ({ sender }: EventContext) => sender && readers.get(sender)?.pump());
  container.on('message', (context: EventContext) => void receive(context));

  const endReader = (sender: Sender) => {
    readers.get(sender)?.stop();
    readers.delete(sender);
  };

  /** A link on which the client sends. */
  const openReceiver = (receiver: Receiver) => {
    const address = String(receiver.target?.address ?? '');
    receiver.set_target({ address });
    receiver.set_source(receiver.source ?? {});
    if (isControl(address)) return;
    const target = parseSenderAddress(address);
    if (target && hubs.has(target.hub, target.partition)) return;
    receiver.close({ condition: 'amqp:not-found', description: `There is no Event Hub at ${address}.` });
  };

  /** A link on which the client gets messages. */
  const openSender = (sender: Sender) => {
    const address = String(sender.source?.address ?? '');
    sender.set_source({ ...sender.source, address } as never);
    sender.set_target(sender.target ?? {});
    if (isControl(address)) return;
    const source = parseReceiverAddress(address);
    if (!source || !hubs.has(source.hub, source.partition) || !hubs.hasGroup(source.hub, source.group)) {
      sender.close({ condition: 'amqp:not-found', description: `There is nothing to receive at ${address}.` });
      return;
    }
    const from = startPosition(hubs.log, source.hub, source.partition, selectorOf(sender.source));
    if (from === undefined) {
      sender.close({
        condition: 'amqp:invalid-field',
        description: 'The filter of the start position is not understood.',
      });
      return;
    }
    const epoch = epochOf(sender);
    const others = [...readers].filter(([, reader]) => reader.reads(source));
    if (others.some(([, reader]) => reader.epoch !== undefined && (epoch === undefined || reader.epoch > epoch))) {
      sender.close({ condition: 'amqp:link:stolen', description: 'A receiver with a higher epoch has the partition.' });
      return;
    }
    if (epoch !== undefined) {
      for (const [other] of others) {
        endReader(other);
        other.close({ condition: 'amqp:link:stolen', description: `A receiver with epoch ${epoch} has come.` });
      }
    }
    const reader = new Reader(hubs.log, source, from, epoch, sender);
    readers.set(sender, reader);
    reader.pump();
  };

  const receive = async (context: EventContext) => {
    const { receiver, delivery } = context;
    const format = (context as { format?: number }).format;
    const message = context.message as Message | Buffer;
    const address = String(receiver?.target?.address ?? '');
    if (!receiver || !delivery) return;
    if (isControl(address)) {
      delivery.accept();
      answer(context.connection, address, message as Message);
      return;
    }
    try {
      const target = parseSenderAddress(address);
      if (sizeOf(message) > maxMessageBytes) {
        delivery.reject({
          condition: 'amqp:link:message-size-exceeded',
          description: `An event or a batch has at most ${maxMessageBytes} bytes.`,
        });
        return;
      }
      if (!target) throw new RangeError('There is no such Event Hub.');
      const envelope = Buffer.isBuffer(message) ? decoded(message) : message;
      await hubs.append(target, format === batchFormat ? batched(envelope) : [envelope], envelope);
      delivery.accept();
    } catch (error) {
      const reason = error instanceof RangeError ? error.message : 'The event could not be stored.';
      delivery.reject({ condition: 'amqp:internal-error', description: reason });
    }
  };

  /** On the link of the same connection that the request names. */
  const answer = (connection: Connection, address: string, request: Message) => {
    const reply = findSender(connection, String(request.reply_to ?? ''));
    if (!reply) return;
    if (address.endsWith('$management')) {
      reply.send(answerManagement(hubs, request));
      return;
    }
    reply.send({
      ...(request.message_id !== undefined && { correlation_id: request.message_id }),
      application_properties: { 'status-code': 202, 'status-description': 'Accepted' },
      body: '',
    });
  };

  const server = container.listen({
    host,
    port,
    receiver_options: { max_message_size: maxMessageBytes, autoaccept: false, credit_window: 500 },
  } as never) as unknown as Server;
  await new Promise<void>((resolve, reject) => server.once('listening', resolve).once('error', reject));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const connection of connections) connection.close();
      for (const reader of readers.values()) reader.stop();
      setTimeout(() => {
        for (const connection of connections) (connection as { socket?: { destroy(): void } }).socket?.destroy();
      }, 200).unref();
      await closed;
    },
  };
}

function sizeOf(message: Message | Buffer): number {
  return Buffer.isBuffer(message) ? message.length : bodyBytes(message).length;
}

function isControl(address: string): boolean {
  return address === '$cbs' || address.endsWith('$management');
}

/** Clients name a reply link by its target's address or by its own name. */
function findSender(connection: Connection, replyTo: string): Sender | undefined {
  return connection.find_sender((each: Sender) => each.target?.address === replyTo || each.name === replyTo) as
    | Sender
    | undefined;
}

function epochOf(sender: Sender): number | undefined {
  const epoch = (sender.properties as Record<string, unknown> | undefined)?.['com.microsoft:epoch'];
  return epoch === undefined || epoch === null ? undefined : Number(epoch);
}
