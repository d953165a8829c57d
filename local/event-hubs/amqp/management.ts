/** What `$management` tells of hubs and partitions. */
import rhea, { type Message } from 'rhea';
import type { EventHub } from '../event-hub.ts';
import type { EventHubs } from '../event-hubs.ts';
import type { PartitionLog } from '../log/partition-log.ts';

export interface RequestAnswer {
  readonly status: number;
  readonly description: string;
  readonly condition?: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** .NET's `DateTime.MinValue`, the time of the last event where there is none. */
const never = Date.parse('0001-01-01T00:00:00Z');

const { types } = rhea;

export function manage({ application_properties: asked }: Message, hubs: EventHubs): RequestAnswer {
  const name = String(asked?.name ?? '');
  const hub = hubs.hub(name);
  if (asked?.operation !== 'READ') {
    return { status: 501, description: 'Only READ is supported.', condition: 'amqp:not-implemented' };
  }
  if (!hub) {
    const description = `The messaging entity '${name}' could not be found.`;
    return { status: 404, description, condition: 'amqp:not-found' };
  }
  if (asked.type === 'com.microsoft:eventhub') return { status: 200, description: 'OK', body: ofHub(hub) };
  const partition = hub.partition(String(asked.partition));
  if (asked.type !== 'com.microsoft:partition' || !partition) {
    const description = `The specified partition is invalid. It should be between 0 and ${hub.partitions.length - 1}.`;
    return { status: 400, description, condition: 'com.microsoft:argument-out-of-range' };
  }
  return { status: 200, description: 'OK', body: ofPartition(hub, partition) };
}

function ofHub({ name, created, partitions }: EventHub) {
  return {
    name,
    type: 'com.microsoft:eventhub',
    created_at: types.wrap_timestamp(created.getTime()),
    partition_count: types.wrap_int(partitions.length),
    partition_ids: types.wrap_array(
      partitions.map(({ id }) => id),
      0xb1,
      undefined,
    ),
    georeplication_factor: types.wrap_int(1),
  };
}

function ofPartition({ name }: EventHub, partition: PartitionLog) {
  const { firstSequence, lastSequence, lastPosition, lastEnqueued, isEmpty } = partition.state();
  return {
    name,
    type: 'com.microsoft:partition',
    partition: partition.id,
    begin_sequence_number: types.wrap_long(firstSequence),
    last_enqueued_sequence_number: types.wrap_long(lastSequence),
    last_enqueued_offset: String(lastPosition),
    last_enqueued_time_utc: types.wrap_timestamp(lastSequence === -1 ? never : lastEnqueued),
    is_partition_empty: isEmpty,
  };
}
