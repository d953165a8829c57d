/** An answer's body in the form that travels: one piece where it is small, chunks with backpressure where it is not. */
import type { ClientConnection } from './client-connection.ts';
import type { Answer } from './operation.ts';

export type TravellingBody = string | Uint8Array | AsyncIterable<Uint8Array>;

/** Bytes that are worth copying together rather than sending apart. */
const pieceBytes = 64 * 1024;

/** The body's length in bytes; undefined when only its end will tell. */
export function bodyLength(body: Answer['body']): number | undefined {
  if (body === undefined) return 0;
  if (typeof body === 'string') return Buffer.byteLength(body);
  if (body instanceof Uint8Array) return body.byteLength;
  if (isList(body)) return body.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  return undefined;
}

/** `onFailure` gets what the body's source threw: by then the status has been sent, so the connection is broken off. */
export function travellingBody(
  body: NonNullable<Answer['body']>,
  connection: ClientConnection | undefined,
  onFailure: (error: unknown) => void,
): TravellingBody {
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  if (!isList(body)) return paced(body, connection, onFailure);
  const length = bodyLength(body) ?? 0;
  return length <= pieceBytes ? Buffer.concat(body, length) : paced(pieces(body), connection, onFailure);
}

async function* paced(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  connection: ClientConnection | undefined,
  onFailure: (error: unknown) => void,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of chunks) {
      if (connection?.gone) return;
      yield chunk;
      await connection?.writable();
    }
  } catch (error) {
    onFailure(error);
    if (!connection) throw error;
    connection.destroy();
  }
}

/** Joins small chunks to pieces of about `pieceBytes`: fewer travel, each with a turn of its own. */
export function* pieces(chunks: readonly Uint8Array[]): Generator<Uint8Array> {
  let piece: Uint8Array[] = [];
  let length = 0;
  for (const chunk of chunks) {
    piece.push(chunk);
    length += chunk.byteLength;
    if (length < pieceBytes) continue;
    yield piece.length === 1 ? chunk : Buffer.concat(piece, length);
    piece = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(piece, length);
}

function isList(body: NonNullable<Answer['body']>): body is readonly Uint8Array[] {
  return Array.isArray(body);
}
