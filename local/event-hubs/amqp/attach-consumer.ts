/** A client asks for a partition: from where, for which consumer group, with which epoch. */
import type { Sender } from 'rhea';
import type { EventHub } from '../event-hub.ts';
import type { PartitionLog } from '../log/partition-log.ts';
import { earliest, parseStartPosition, type StartPosition } from '../log/start-position.ts';
import type { Address } from './address.ts';
import { Consumer } from './consumer-link.ts';
import { type LinkError, linkErrors } from './link-errors.ts';
import type { Receivers } from './receivers.ts';
import { socketOf } from './socket.ts';

const selector = 'apache.org:selector-filter:string';
const epochProperty = 'com.microsoft:epoch';
const stateCapability = 'com.microsoft:enable-receiver-runtime-metric';

export async function attachConsumer(
  sender: Sender,
  hub: EventHub,
  { consumerGroup = '$Default', partitionId = '' }: Extract<Address, { kind: 'hub' }>,
  receivers: Receivers,
): Promise<void> {
  const partition = hub.partition(partitionId);
  if (!hub.consumerGroups.has(consumerGroup.toLowerCase())) {
    sender.close(linkErrors.noConsumerGroup(hub.name, consumerGroup));
    return;
  }
  if (!partition) {
    sender.close(linkErrors.noPartition(partitionId, hub.partitions.length));
    return;
  }
  const start = startOf(sender, partition);
  if ('condition' in start) {
    sender.close(start);
    return;
  }
  let consumer: Consumer | undefined;
  const entered = receivers.enter(`${hub.name}/${consumerGroup.toLowerCase()}/${partitionId}`, {
    epoch: epochOf(sender),
    disconnect: (error) => {
      close();
      sender.close(error);
    },
  });
  if ('condition' in entered) {
    sender.close(entered);
    return;
  }
  const socket = socketOf(sender.connection);
  let isClosed = false;
  let stopListening: (() => void) | undefined;
  const close = () => {
    isClosed = true;
    entered.leave();
    stopListening?.();
    consumer?.close();
    socket.removeListener('close', close);
  };
  sender.on('sender_close', close);
  sender.session.on('session_close', close);
  socket.on('close', close);
  const position = await partition.find(start);
  if (isClosed) return;
  consumer = new Consumer(sender, partition, position, wantsState(sender));
  stopListening = partition.onAppend(consumer.wake);
  sender.on('sendable', consumer.wake);
  sender.on('sender_draining', consumer.wake);
  consumer.wake();
}

/** Event Hubs: a place behind the last event is an error, for it is that of another hub's events. */
function startOf(sender: Sender, partition: PartitionLog): StartPosition | LinkError {
  const filter = sender.source?.filter as Record<string, unknown> | undefined;
  const given = filter?.[selector];
  if (given === undefined || given === null) return earliest;
  const text = String((given as { value?: unknown }).value ?? given);
  const start = parseStartPosition(text);
  if (!start) return linkErrors.badStart(text.slice(0, 200));
  const { lastSequence, lastPosition } = partition.state();
  if (start.kind === 'sequence-number' && start.value > lastSequence + 1) {
    return linkErrors.behindEnd('sequence number', start.value, lastSequence);
  }
  if (start.kind === 'offset' && start.value > Math.max(lastPosition, partition.end)) {
    return linkErrors.behindEnd('offset', start.value, lastPosition);
  }
  return start;
}

function epochOf(sender: Sender): number | undefined {
  const epoch = sender.properties?.[epochProperty] as unknown;
  return epoch === undefined || epoch === null ? undefined : Number(epoch);
}

function wantsState(sender: Sender): boolean {
  return [sender.desired_capabilities ?? []].flat().includes(stateCapability);
}
