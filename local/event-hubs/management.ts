/** What clients ask a hub's `$management` node: its partitions, and how far each of them is. */
import { createRequire } from 'node:module';
import type { Message } from 'rhea';
import type { EventHubs, Hub } from './event-hubs.ts';

const { types } = createRequire(import.meta.url)('rhea') as typeof import('rhea');

export function answerManagement(hubs: EventHubs, request: Message): Message {
  const { name = '', type = '', partition = '' } = (request.application_properties ?? {}) as Record<string, unknown>;
  const hub = hubs.find(String(name));
  const answered = hub && read(hubs, hub, String(type), String(partition));
  return {
    ...(request.message_id !== undefined && { correlation_id: request.message_id }),
    application_properties: {
      'status-code': answered ? 200 : 404,
      'status-description': answered ? 'OK' : 'The Event Hub or partition does not exist.',
    },
    body: answered ?? '',
  };
}

function read(hubs: EventHubs, hub: Hub, type: string, partition: string): Record<string, unknown> | undefined {
  if (type === 'com.microsoft:eventhub') {
    const ids = Array.from({ length: hub.partitions }, (_, index) => String(index));
    return {
      name: hub.name,
      type,
      created_at: types.wrap_timestamp(hubs.created),
      partition_count: types.wrap_int(hub.partitions),
      partition_ids: types.wrap_array(ids, 0xa1, undefined),
      georeplication_factor: types.wrap_int(1),
    };
  }
  if (type !== 'com.microsoft:partition' || !/^\d{1,4}$/.test(partition) || !hubs.has(hub.name, Number(partition))) {
    return undefined;
  }
  const { first, last, lastEnqueued } = hubs.log.state(hub.name, Number(partition));
  return {
    name: hub.name,
    type,
    partition,
    begin_sequence_number: types.wrap_long(first),
    last_enqueued_sequence_number: types.wrap_long(last),
    last_enqueued_offset: String(last),
    last_enqueued_time_utc: types.wrap_timestamp(lastEnqueued),
    is_partition_empty: last < first,
  };
}
