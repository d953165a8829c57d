import { expect, it } from 'vitest';
import { Instant, PlainText } from '../json/value.ts';
import { ticksFromMs } from '../ticks.ts';
import { envelopeOf } from './envelope.ts';
import { triggerEvents } from './trigger-events.ts';

const enqueued = '2019-02-01T22:46:02.5Z';
const created = '2019-01-30T22:45:02.6073744Z';

/** What the Functions library hands over for two events that IoT Hub has routed, the first letters of keys made small. */
const metadata = {
  partitionContext: { partitionId: '3' },
  partitionKeyArray: ['ev-1', null],
  sequenceNumberArray: [7, 8],
  offsetArray: ['700', '800'],
  enqueuedTimeUtcArray: [enqueued, enqueued],
  propertiesArray: [{ 'iothub-creation-time-utc': created, batch: 60 }, {}],
  systemPropertiesArray: [
    {
      'message-id': '2019-02-01T22:46:01Z',
      'content-type': 'application/json',
      'iothub-connection-device-id': 'ev-1',
      'iothub-enqueuedtime': '2019-02-01T22:46:01.875Z',
      sequenceNumber: 7,
      offset: '700',
      partitionKey: 'ev-1',
      enqueuedTimeUtc: enqueued,
    },
    { 'iothub-enqueuedtime': 1549061161875 },
  ],
};

const [first, second] = triggerEvents([Buffer.from('{"heartRate":72.5}'), Buffer.from('{"a":1}')], metadata);

it('an envelope has the body, the sender’s properties and all of AMQP, and nothing that the host has added (1.2)', () => {
  expect(first && envelopeOf(first)).toEqual({
    Body: { heartRate: 72.5 },
    Properties: { 'iothub-creation-time-utc': new PlainText(created), batch: 60 },
    SystemProperties: {
      'message-id': new PlainText('2019-02-01T22:46:01Z'),
      'content-type': 'application/json',
      'iothub-connection-device-id': 'ev-1',
      'iothub-enqueuedtime': '2019-02-01T22:46:01.875Z',
      'x-opt-sequence-number': 7,
      'x-opt-offset': '700',
      'x-opt-enqueued-time': '2019-02-01T22:46:02.500Z',
      'x-opt-partition-key': 'ev-1',
    },
  });
  expect(first).toMatchObject({ partitionId: '3', sequenceNumber: 7, offset: '700' });
  expect(first?.enqueued).toBe(ticksFromMs(Date.parse(enqueued)));
});

it('a time that came as milliseconds is a date again', () =>
  expect(second?.systemProperties['iothub-enqueuedtime']).toEqual(new Instant(ticksFromMs(1549061161875))));

it('a host that has read the body already', () => {
  const bodies = triggerEvents([{ a: 1 }, 'text', '{"a":1}'], {}).map(({ body }) => Buffer.from(body).toString());
  expect(bodies).toEqual(['{"a":1}', 'text', '{"a":1}']);
});
