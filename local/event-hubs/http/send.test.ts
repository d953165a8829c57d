import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeEvent } from '../amqp/decode-event.ts';
import { type Broker, startBroker } from '../broker.ts';
import { EventHubs } from '../event-hubs.ts';
import { partitionOfKey } from '../log/partition-key.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ohds-rest-'));
const settings = { partitions: 4, consumerGroups: ['$Default'], retentionHours: 1, maxMegabytes: 10 };
let hubs: EventHubs;
let broker: Broker;
beforeAll(async () => {
  hubs = await EventHubs.open(folder, new Map([['devicedata', settings]]));
  const isOwnName = (name: string) => name === '127.0.0.1';
  broker = await startBroker({ hubs, host: '127.0.0.1', port: 0, isOwnName });
});
afterAll(async () => {
  await broker.stop();
  await hubs.close();
  rmSync(folder, { recursive: true, force: true });
});

const post = (address: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${broker.port}${address}`, { method: 'POST', body: Buffer.from(body), headers });

async function newest(partitionId: string) {
  const partition = hubs.hub('devicedata')?.partition(partitionId);
  const [event] = (await partition?.read(partition.state().lastPosition, 1)) ?? [];
  return event && decodeEvent(event.message);
}
const count = () =>
  hubs.hub('devicedata')?.partitions.reduce((sum, partition) => sum + partition.state().lastSequence + 1, 0);

describe('POST /{hub}/messages', () => {
  it('201: the body is the event, byte for byte, in the partition of its key', async () => {
    const bytes = new Uint8Array([0, 255, 128, 10]);
    const answer = await post('/devicedata/messages?timeout=60&api-version=2014-01', bytes, {
      Authorization: 'SharedAccessSignature sr=x',
      'Content-Type': 'application/atom+xml;type=entry;charset=utf-8',
      BrokerProperties: JSON.stringify({ PartitionKey: 'device-1', MessageId: 'm1' }),
      Alert: '"Strong Wind"',
      Priority2: '3',
    });
    expect(answer.status).toBe(201);
    expect(await answer.text()).toBe('');
    const event = await newest(String(partitionOfKey('device-1', 4)));
    expect([...(event?.body ?? [])]).toEqual([...bytes]);
    expect(event?.properties).toEqual({ alert: 'Strong Wind', priority2: 3 });
    expect(event?.systemProperties).toMatchObject({
      'x-opt-partition-key': 'device-1',
      'message-id': 'm1',
      'content-type': 'application/atom+xml;type=entry;charset=utf-8',
    });
  });

  it('201: a partition by its id', async () => {
    expect((await post('/devicedata/partitions/2/messages', '{"hr":72}')).status).toBe(201);
    expect(Buffer.from((await newest('2'))?.body ?? []).toString()).toBe('{"hr":72}');
  });

  it('201: a batch as JSON', async () => {
    const before = count() ?? 0;
    const batch = [
      { Body: '{"hr":1}', UserProperties: { unit: 'bpm', count: 3, large: 1e300, half: 0.5, ok: true } },
      { Body: '{"hr":2}', BrokerProperties: { CorrelationId: 'c' } },
    ];
    const headers = { 'Content-Type': 'application/vnd.microsoft.servicebus.json' };
    expect((await post('/DeviceData/partitions/3/messages', JSON.stringify(batch), headers)).status).toBe(201);
    expect(count()).toBe(before + 2);
    const partition = hubs.hub('devicedata')?.partition('3');
    const [first] = (await partition?.read(0, 1)) ?? [];
    const properties = first && decodeEvent(first.message).properties;
    expect(properties).toEqual({ unit: 'bpm', count: 3, large: 1e300, half: 0.5, ok: true });
    const last = await newest('3');
    expect(Buffer.from(last?.body ?? []).toString()).toBe('{"hr":2}');
    expect(last?.systemProperties).toMatchObject({ 'correlation-id': 'c' });
  });

  it.each([
    [404, '/other/messages', 'x', {}],
    [404, '/devicedata', 'x', {}],
    [404, '/devicedata/partitions/9/messages', 'x', {}],
    [400, '/devicedata/messages', 'x', { BrokerProperties: 'no json' }],
    [400, '/devicedata/messages', 'x', { BrokerProperties: '[1]' }],
    [400, '/devicedata/messages', 'x', { BrokerProperties: '{"PartitionKey":1}' }],
    [400, '/devicedata/messages', 'x', { BrokerProperties: JSON.stringify({ PartitionKey: 'k'.repeat(129) }) }],
    [400, '/devicedata/partitions/0/messages', 'x', { BrokerProperties: '{"PartitionKey":"k"}' }],
    [400, '/devicedata/messages', '{}', { 'Content-Type': 'application/vnd.microsoft.servicebus.json' }],
    [400, '/devicedata/messages', '[{"Body":1}]', { 'Content-Type': 'application/vnd.microsoft.servicebus.json' }],
    [413, '/devicedata/messages', 'x'.repeat(1024 * 1024 + 1), {}],
    [403, '/devicedata/messages', 'x', { Origin: 'http://evil.example' }],
    [400, '/%E0%A4%A/messages', 'x', {}],
  ])('%i: %s', async (status, address, body, headers) => {
    const before = count();
    const answer = await post(address, body, headers as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(`<Code>${status}</Code>`);
    expect(count()).toBe(before);
  });

  it('421: for a name that is not this server, which a web page may have given this address', async () => {
    const answer = await new Promise<IncomingMessage>((resolve) => {
      const headers = { Host: 'rebound.example' };
      request({ port: broker.port, method: 'POST', path: '/devicedata/messages', headers }, resolve).end('x');
    });
    answer.resume();
    expect(answer.statusCode).toBe(421);
  });

  it('405: events are read over AMQP', async () => {
    expect((await fetch(`http://127.0.0.1:${broker.port}/devicedata/messages`)).status).toBe(405);
  });
});
