import type { Socket } from 'node:net';
import type { Connection } from 'rhea';

/** Its `close` always comes; rhea's own events depend on who ends the connection, and how. */
export function socketOf(connection: Connection): Socket {
  return (connection as unknown as { readonly socket: Socket }).socket;
}
