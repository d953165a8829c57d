import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A client that may break every rule of HTTP. */
export class RawClient {
  readonly socket: Socket;
  received = '';

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1').on('data', (text) => {
      this.received += text;
    });
    socket.on('error', () => {});
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  send(text: string | Uint8Array): void {
    this.socket.write(text);
  }

  /** Resolves when what has been received matches; rejects after `ms`. */
  async until(pattern: RegExp, ms = 10_000): Promise<string> {
    const deadline = Date.now() + ms;
    while (!pattern.test(this.received)) {
      if (Date.now() > deadline) throw new Error(`Waited in vain for ${pattern}. Received:\n${this.received}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return this.received;
  }

  /** Resolves with everything received when the server has closed the connection; rejects after `ms`. */
  async untilClosed(ms = 10_000): Promise<string> {
    if (!this.socket.closed) await once(this.socket, 'close', { signal: AbortSignal.timeout(ms) });
    return this.received;
  }

  close(): void {
    this.socket.destroy();
  }
}
