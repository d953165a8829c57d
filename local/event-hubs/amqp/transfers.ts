/** Guards what comes over a connection: frames and messages have a limit, and messages stay the bytes that they were. */
import type { Socket } from 'node:net';
import type { Connection } from 'rhea';
import { linkErrors } from './link-errors.ts';

/** Event Hubs: bytes of an event or a batch. */
export const mostMessageBytes = 1024 * 1024;
export const mostFrameBytes = 64 * 1024;

/** A client may take what it is offered for the size of the events alone. */
const allowance = 64 * 1024;

/** Any format but 0 will do: rhea decodes messages of format 0 and forgets their bytes. */
export const plainFormat = 1;

interface TransferFrame {
  readonly channel: number;
  readonly payload?: Buffer;
  readonly performative: { readonly handle: number; message_format: number | null; readonly more: boolean };
}

export function guardTransfers(connection: Connection): void {
  const guarded = connection as unknown as { on_transfer: (frame: TransferFrame) => void };
  const forward = guarded.on_transfer.bind(connection);
  /** Bytes of messages that have come in part, by their link. */
  const partial = new Map<string, number>();
  guarded.on_transfer = (frame) => {
    const { performative, payload } = frame;
    const link = `${frame.channel}/${performative.handle}`;
    const before = partial.get(link);
    const bytes = (before ?? 0) + (payload?.length ?? 0);
    if (bytes > mostMessageBytes + allowance) {
      connection.close(linkErrors.tooLarge(mostMessageBytes));
      partial.clear();
      guarded.on_transfer = () => {};
      return;
    }
    if (before === undefined && !performative.message_format) performative.message_format = plainFormat;
    if (performative.more) partial.set(link, bytes);
    else partial.delete(link);
    forward(frame);
  };
}

/** rhea keeps what it has of a frame until it is whole, however long it says that it is. */
export function guardFrames(socket: Socket): void {
  let head = Buffer.alloc(0);
  let rest = 0;
  const isHeader = () => head.toString('latin1', 0, 4) === 'AMQP';
  socket.on('data', (chunk: Buffer) => {
    for (let at = 0; at < chunk.length; ) {
      const skipped = Math.min(rest, chunk.length - at);
      rest -= skipped;
      at += skipped;
      if (at === chunk.length) return;
      const taken = Math.min(4 - head.length, chunk.length - at);
      head = Buffer.concat([head, chunk.subarray(at, at + taken)]);
      at += taken;
      if (head.length < 4) return;
      const length = isHeader() ? 8 : head.readUInt32BE(0);
      if (length < 8 || length > mostFrameBytes) {
        socket.destroy();
        return;
      }
      rest = length - 4;
      head = Buffer.alloc(0);
    }
  });
}
