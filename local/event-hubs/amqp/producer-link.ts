/** A link over which a client sends: each message is on the disk before it is accepted. */
import type { EventContext, Receiver } from 'rhea';
import type { EventHub } from '../event-hub.ts';
import { incomingMessage } from './incoming-message.ts';
import { linkErrors } from './link-errors.ts';
import type { PendingBytes } from './pending-bytes.ts';
import { mostMessageBytes } from './transfers.ts';
import { MalformedMessage } from './values.ts';

/** Messages that a client may send before the first is accepted. */
const credit = 300;

export function openProducer(
  receiver: Receiver,
  hub: EventHub,
  partitionId: string | undefined,
  pending: PendingBytes,
): void {
  receiver.on('message', (context: EventContext) => void take(context));
  receiver.add_credit(credit);

  const take = async ({ message, delivery }: EventContext) => {
    if (!delivery) return;
    const bytes = message as unknown as Buffer;
    const done = pending.add(bytes.length, receiver.connection);
    try {
      if (bytes.length > mostMessageBytes) {
        delivery.reject(linkErrors.tooLarge(mostMessageBytes));
        return;
      }
      const { partitionKey, events } = incomingMessage(bytes, delivery.format);
      await hub.send({ partitionId, partitionKey }, events);
      delivery.accept();
    } catch (error) {
      if (error instanceof MalformedMessage) {
        delivery.reject(linkErrors.malformed(error.message));
        return;
      }
      console.error(`Event Hub ${hub.name} could not keep events:`, error);
      delivery.reject(linkErrors.failed());
    } finally {
      done();
      if (receiver.is_open()) receiver.add_credit(1);
    }
  };
}
