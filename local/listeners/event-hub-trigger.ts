/** A batch in the shape in which the real host hands it to the worker: bodies, and arrays of all else beside them. */
import type { TypedData } from '../core/contract.ts';
import { decodeEvent } from '../event-hubs/amqp/decode-event.ts';
import type { StoredEvent } from '../event-hubs/log/record.ts';

export function eventHubTrigger(
  events: readonly StoredEvent[],
  from: { readonly hub: string; readonly consumerGroup: string; readonly partitionId: string },
): { data: Record<string, unknown>; metadata: Record<string, TypedData> } {
  const decoded = events.map(({ message }) => decodeEvent(message));
  const places = events.map(({ sequenceNumber, position, enqueued }) => ({
    SequenceNumber: sequenceNumber,
    Offset: String(position),
    EnqueuedTimeUtc: new Date(enqueued).toISOString(),
  }));
  const keys = decoded.map(({ systemProperties }) => systemProperties['x-opt-partition-key'] ?? null);
  const values = {
    PartitionKeyArray: keys,
    SequenceNumberArray: places.map(({ SequenceNumber }) => SequenceNumber),
    OffsetArray: places.map(({ Offset }) => Offset),
    EnqueuedTimeUtcArray: places.map(({ EnqueuedTimeUtc }) => EnqueuedTimeUtc),
    PropertiesArray: decoded.map(({ properties }) => properties),
    SystemPropertiesArray: decoded.map(({ systemProperties }, index) => ({
      ...systemProperties,
      ...places[index],
      PartitionKey: keys[index],
    })),
    PartitionContext: {
      FullyQualifiedNamespace: 'localhost',
      EventHubName: from.hub,
      ConsumerGroup: from.consumerGroup,
      PartitionId: from.partitionId,
    },
  };
  return {
    data: { collectionBytes: { bytes: decoded.map(({ body }) => body) } },
    metadata: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, { json: JSON.stringify(value) }])),
  };
}
