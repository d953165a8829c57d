/** Clients on AMQP itself, without Azure's library: what it never sends, and what it would hide. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import rhea, { type Connection, type EventContext, type Message, type Receiver } from 'rhea';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Broker, startBroker } from '../broker.ts';
import { EventHubs } from '../event-hubs.ts';
import { startChildBroker } from '../testing/child-broker.ts';
import { decodeEvent } from './decode-event.ts';
import { socketOf } from './socket.ts';

const { types, message } = rhea;
const folder = mkdtempSync(path.join(tmpdir(), 'ohds-amqp-'));
const settings = { partitions: 1, consumerGroups: ['$Default'], retentionHours: 1, maxMegabytes: 100 };
const address = 'devicedata/ConsumerGroups/$Default/Partitions/0';
let hubs: EventHubs;
let broker: Broker;
const connections: Connection[] = [];
beforeAll(async () => {
  hubs = await EventHubs.open(folder, new Map([['devicedata', settings]]));
  broker = await startBroker({ hubs, host: '127.0.0.1', port: 0 });
});
afterEach(() => {
  for (const connection of connections.splice(0)) connection.close();
});
afterAll(async () => {
  await broker.stop();
  await hubs.close();
  rmSync(folder, { recursive: true, force: true });
});

function connected(port = broker.port): Connection {
  const container = rhea.create_container();
  container.on('error', () => {});
  container.on('disconnected', () => {});
  const connection = container.connect({ host: '127.0.0.1', port, username: 'local', reconnect: false });
  connections.push(connection);
  return connection;
}

const partition = () => hubs.hub('devicedata')?.partitions[0] ?? raise();
const raise = (): never => {
  throw new Error('no partition');
};
async function newest() {
  const [event] = await partition().read(partition().state().lastPosition, 1);
  return event ?? raise();
}

async function send(bytes: Buffer, format: number): Promise<string> {
  const sender = connected().open_sender('devicedata');
  await once(sender, 'sendable');
  const ended = Promise.race(
    ['accepted', 'rejected', 'released'].map((name) => once(sender, name).then(([context]) => ({ name, context }))),
  );
  sender.send(bytes as never, undefined, format);
  const { name, context } = await ended;
  const error = (context as EventContext).delivery?.remote_state as { error?: { condition: string } } | undefined;
  return error?.error?.condition ?? name;
}

const encode = (value: object): Buffer => message.encode(value as Message) as unknown as Buffer;

describe('a message', () => {
  it('keeps its bytes: kinds of numbers, and annotations but for those of the broker', async () => {
    const sent = encode({
      message_annotations: {
        'iothub-connection-device-id': 'd1',
        'x-opt-sequence-number': types.wrap_long(77),
        'x-opt-partition-key': 'k',
      },
      content_type: 'application/json',
      application_properties: { whole: types.wrap_double(72), count: types.wrap_int(3), at: types.wrap_timestamp(5) },
      body: message.data_section(Buffer.from('{"a":1}')),
    });
    expect(await send(sent, 0)).toBe('accepted');
    const { message: stored, sequenceNumber } = await newest();
    const behindAnnotations = (bytes: Buffer) => bytes.subarray(bytes.indexOf(Buffer.from([0x00, 0x53, 0x73])));
    expect(behindAnnotations(stored).equals(behindAnnotations(sent))).toBe(true);
    expect(decodeEvent(stored).systemProperties).toMatchObject({
      'iothub-connection-device-id': 'd1',
      'x-opt-partition-key': 'k',
      'x-opt-sequence-number': sequenceNumber,
    });
  });

  it.each([
    ['no sections', Buffer.from('hello')],
    ['a section that is cut', encode({ body: message.data_section(Buffer.alloc(100)) }).subarray(0, 50)],
    // 4 billion trues in an array of 10 bytes.
    [
      'an array that claims to be endless',
      Buffer.from([0x00, 0x53, 0x77, 0xf0, 0, 0, 0, 5, 0xff, 0xff, 0xff, 0xff, 0x41]),
    ],
    ['nesting without end', Buffer.concat([Buffer.from([0x00, 0x53, 0x77]), Buffer.alloc(5000, 0x00)])],
  ])('of %s is refused', async (_, bytes) => {
    const { lastSequence } = partition().state();
    expect(await send(bytes, 0)).toBe('amqp:decode-error');
    expect(partition().state().lastSequence).toBe(lastSequence);
  });

  it('of a batch with one bad event is refused as a whole', async () => {
    const { lastSequence } = partition().state();
    const good = encode({ body: message.data_section(Buffer.from('good')) });
    const batch = encode({ body: message.data_sections([good, Buffer.from('bad')]) });
    expect(await send(batch, 0x80013700)).toBe('amqp:decode-error');
    expect(partition().state().lastSequence).toBe(lastSequence);
  });

  it('of more than a megabyte is refused', async () => {
    const large = encode({ body: message.data_section(Buffer.alloc(1024 * 1024)) });
    expect(await send(large, 0)).toBe('amqp:link:message-size-exceeded');
  });

  it('that never ends costs the client its connection', async () => {
    const connection = connected();
    const sender = connection.open_sender('devicedata');
    await once(sender, 'sendable');
    const closed = once(connection, 'connection_error');
    sender.send(Buffer.alloc(8 * 1024 * 1024) as never, undefined, 0);
    const [{ error }] = (await closed) as [EventContext & { error: { condition: string } }];
    expect(error.condition).toBe('amqp:link:message-size-exceeded');
  });
});

describe('a connection', () => {
  it.each([
    ['a frame of 4 GB', Buffer.concat([Buffer.from('AMQP\x03\x01\x00\x00'), Buffer.from([0xff, 0xff, 0xff, 0xff])])],
    ['garbage', Buffer.concat([Buffer.from('AMQP\x00\x01\x00\x00'), Buffer.alloc(64, 0x20)])],
    ['TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])],
  ])('that begins with %s is closed, and the broker goes on', async (_, bytes) => {
    const socket = connect(broker.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    socket.write(bytes);
    await once(socket, 'close', { signal: AbortSignal.timeout(10_000) });
    expect(await send(encode({ body: message.data_section(Buffer.from('x')) }), 0)).toBe('accepted');
  });
});

it('a frame with an array that claims to be endless costs the client its connection', async () => {
  const own = mkdtempSync(path.join(tmpdir(), 'ohds-array-'));
  const child = await startChildBroker(own);
  try {
    // An open whose container id is an array of 4 billion trues.
    const array = [0xf0, 0, 0, 0, 5, 0xff, 0xff, 0xff, 0xff, 0x41];
    const open = [0x00, 0x53, 0x10, 0xc0, array.length + 1, 1, ...array];
    const frame = Buffer.from([0, 0, 0, open.length + 8, 2, 0, 0, 0, ...open]);
    const socket = connect(child.port, '127.0.0.1');
    socket.on('error', () => {}).resume();
    socket.write(Buffer.concat([Buffer.from('AMQP\x00\x01\x00\x00'), frame]));
    await once(socket, 'close', { signal: AbortSignal.timeout(5000) });
    const sender = connected(child.port).open_sender('devicedata');
    await once(sender, 'sendable', { signal: AbortSignal.timeout(5000) });
  } finally {
    await child.kill();
    rmSync(own, { recursive: true, force: true });
  }
});

describe('receivers of one partition and group', () => {
  const attach = (): Promise<string | undefined> =>
    new Promise((resolve) => {
      const receiver: Receiver = connected().open_receiver({ source: { address }, autoaccept: false });
      receiver.on('receiver_error', () => resolve((receiver.error as { condition?: string }).condition));
      receiver.on('receiver_open', () => setTimeout(() => resolve(undefined), 200));
    });

  it('without an epoch are five at most', async () => {
    expect(await Promise.all(Array.from({ length: 5 }, attach))).toEqual(Array(5).fill(undefined));
    expect(await attach()).toBe('amqp:resource-limit-exceeded');
    for (const connection of connections.splice(0)) connection.close();
    await vi.waitFor(async () => expect(await attach()).toBeUndefined());
  });
});

it('a receiver that takes nothing costs the broker no memory', async () => {
  const own = mkdtempSync(path.join(tmpdir(), 'ohds-slow-'));
  const filled = await startChildBroker(own);
  const sender = connected(filled.port).open_sender('devicedata/Partitions/0');
  await once(sender, 'sendable');
  const body = encode({ body: message.data_section(Buffer.alloc(1_000_000)) });
  for (let sent = 0; sent < 50; sent++) {
    sender.send(body as never, undefined, 0);
    await once(sender, 'accepted');
  }
  await filled.kill();
  const child = await startChildBroker(own);
  try {
    const before = child.rss();
    // Each has credit for everything, and none reads.
    for (let count = 0; count < 5; count++) {
      const slow = connected(child.port);
      const receiver = slow.open_receiver({ source: { address }, credit_window: 0, autoaccept: false });
      await once(receiver, 'receiver_open');
      receiver.add_credit(1000);
      await new Promise((resolve) => setImmediate(resolve));
      socketOf(slow).pause();
    }
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(child.rss() - before).toBeLessThan(90);
  } finally {
    await child.kill();
    rmSync(own, { recursive: true, force: true });
  }
});
