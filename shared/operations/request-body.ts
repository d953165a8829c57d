/** A request's body within its limit, decompressed. The limit counts the bytes that arrive and the bytes that come out. */
import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { requestError, UserError } from './errors.ts';

/** What a Function's request offers of its body. */
export interface BodySource {
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | null;
  arrayBuffer(): Promise<ArrayBuffer>;
}

const decoders: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** The whole body. Throws 413 over `maxBytes`, 415 on an unknown content coding, 400 when it breaks off or is corrupt. */
export async function readWhole(source: BodySource, maxBytes: number): Promise<Uint8Array> {
  const encoding = acceptedCoding(source.headers, maxBytes);
  // A declared length is the HTTP parser's to enforce, so it can be read in one go.
  if (!encoding && source.headers.has('content-length') && !source.headers.has('transfer-encoding')) {
    return new Uint8Array(await source.arrayBuffer().catch(brokenOff));
  }
  if (!source.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  for await (const chunk of limitedChunks(source.body, encoding, maxBytes)) chunks.push(chunk);
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

/** The body as a stream that fails with the same errors as `readWhole`. */
export function readStream(source: BodySource, maxBytes: number): ReadableStream<Uint8Array> {
  const encoding = acceptedCoding(source.headers, maxBytes);
  if (!source.body) return ReadableStream.from<Uint8Array>([]);
  return ReadableStream.from(limitedChunks(source.body, encoding, maxBytes));
}

async function* limitedChunks(
  body: ReadableStream<Uint8Array>,
  encoding: string | undefined,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  const arriving = withinLimit(arrivingChunks(body), maxBytes);
  const decoder = encoding === undefined ? undefined : decoders[encoding]?.();
  try {
    if (!decoder) yield* arriving;
    else
      yield* withinLimit(
        pipeline(Readable.from(arriving), decoder, () => {}),
        maxBytes,
      );
  } catch (error) {
    throw error instanceof UserError ? error : brokenBody();
  }
}

async function* withinLimit(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    yield chunk;
  }
}

/** A body that is left early is read to its end and forgotten: to cancel it would break the connection before the answer. */
async function* arrivingChunks(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    void discard(reader);
  }
}

async function discard(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  try {
    while (!(await reader.read()).done);
  } catch {
    // The client has gone; there is nobody left to answer.
  }
}

/** Looks at the headers only: a body that is refused by them must not have been touched, then the server skips it. */
function acceptedCoding(headers: Headers, maxBytes: number): string | undefined {
  if (Number(headers.get('content-length')) > maxBytes) throw tooLarge(maxBytes);
  const coding = headers.get('content-encoding')?.trim().toLowerCase();
  if (!coding || coding === 'identity') return undefined;
  if (coding in decoders) return coding;
  throw requestError('media-type', 'Content-Encoding must be gzip, deflate, br or identity.');
}

function tooLarge(maxBytes: number): UserError {
  return requestError('body-too-large', `The body must not have more than ${maxBytes} bytes.`);
}

function brokenBody(): UserError {
  return requestError('bad-request', 'The body broke off or is not what its Content-Encoding says.');
}

function brokenOff(): never {
  throw brokenBody();
}
