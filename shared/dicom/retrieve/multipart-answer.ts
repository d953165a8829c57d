/** A multipart/related answer whose parts are made one after the other, while the client takes them. RFC 2387. */
import { randomUUID } from 'node:crypto';
import type { Answer } from '../../operations/operation.ts';

export interface AnswerPart {
  readonly contentType: string;
  readonly content: AsyncIterable<Uint8Array>;
}

export function multipartAnswer(mediaType: string, parts: AsyncIterable<AnswerPart>): Answer {
  const boundary = randomUUID();
  return {
    status: 200,
    headers: { 'Content-Type': `multipart/related; type="${mediaType}"; boundary=${boundary}` },
    body: framed(parts, boundary),
  };
}

async function* framed(parts: AsyncIterable<AnswerPart>, boundary: string): AsyncGenerator<Uint8Array> {
  for await (const { contentType, content } of parts) {
    yield Buffer.from(`--${boundary}\r\nContent-Type: ${contentType}\r\n\r\n`);
    yield* content;
    yield Buffer.from('\r\n');
  }
  yield Buffer.from(`--${boundary}--\r\n`);
}

/** One chunk, or one part. */
export async function* only<T>(one: T): AsyncGenerator<T> {
  yield one;
}
