/** `$cbs` and `$management`: a message in, an answer on the link that the message names. */
import rhea, { type Connection, type EventContext, type Message, type Receiver, type Sender } from 'rhea';
import type { EventHubs } from '../event-hubs.ts';
import { manage, type RequestAnswer } from './management.ts';

/** Requests that a client may have open. */
const credit = 50;

/** Every token is taken: the broker is for this machine alone. */
export function answerTokens(receiver: Receiver): void {
  answerRequests(receiver, () => ({ status: 202, description: 'Accepted' }));
}

export function answerManagement(receiver: Receiver, hubs: EventHubs): void {
  answerRequests(receiver, (request) => manage(request, hubs));
}

function answerRequests(receiver: Receiver, answer: (request: Message) => RequestAnswer): void {
  receiver.on('message', ({ message, delivery }: EventContext) => {
    let request: Message;
    try {
      request = rhea.message.decode(message as unknown as Buffer) as unknown as Message;
    } catch {
      delivery?.reject({ condition: 'amqp:decode-error', description: 'The request cannot be read.' } as never);
      return;
    }
    delivery?.accept();
    receiver.add_credit(1);
    const { status, description, condition, body } = answer(request);
    replyLink(receiver.connection, request.reply_to)?.send({
      correlation_id: request.message_id as string,
      application_properties: {
        'status-code': status,
        'status-description': description,
        ...(condition && { 'error-condition': condition }),
      },
      body: body ?? null,
    });
  });
  receiver.add_credit(credit);
}

/** The client's receiving link: clients name its target, or the link itself, as what to reply to. */
function replyLink(connection: Connection, replyTo: string | undefined): Sender | undefined {
  return connection.find_sender((link: Sender) => link.target?.address === replyTo || link.name === replyTo);
}
