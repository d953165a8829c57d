/** Bytes that have been received and are not on the disk yet. When they are too many, clients are not read from. */
import type { Socket } from 'node:net';
import type { Connection } from 'rhea';
import { socketOf } from './socket.ts';

const most = 64 * 1024 * 1024;

export class PendingBytes {
  readonly #paused = new Set<Socket>();
  #bytes = 0;

  /** Returns what to call when they are on the disk. */
  add(bytes: number, connection: Connection): () => void {
    this.#bytes += bytes;
    if (this.#bytes > most) {
      const socket = socketOf(connection);
      socket.pause();
      this.#paused.add(socket);
    }
    return () => {
      this.#bytes -= bytes;
      if (this.#bytes > most / 2) return;
      for (const socket of this.#paused) socket.resume();
      this.#paused.clear();
    };
  }
}
