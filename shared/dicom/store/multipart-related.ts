/** The parts of a multipart/related body as they stream in. Source: RFC 2387, DICOM PS3.18, 8.7.1. */
import { Readable } from 'node:stream';
import { Dicer } from '@fastify/busboy';
import { DicomError } from '../errors.ts';

export interface BodyPart {
  /** Lower case, without parameters; empty when the part does not say. */
  readonly contentType: string;
  /** To be read, or left, before the next part is asked for. */
  readonly content: AsyncIterable<Uint8Array>;
}

type PartHeaders = Record<string, string[]>;
type Dicing = InstanceType<typeof Dicer>;
type DicedPart = Readable & { on(event: 'header', listener: (headers: PartHeaders) => void): DicedPart };

/**
 * One part at a time: the next is not read before the one before is. Throws `invalid` for a body that is not framed by
 * `boundary`; one that ends early gives the parts that are whole.
 */
export async function* multipartRelated(body: ReadableStream<Uint8Array>, boundary: string): AsyncGenerator<BodyPart> {
  const dicer = new Dicer({ boundary });
  const events = new PartQueue(dicer);
  const source = Readable.fromWeb(body as import('node:stream/web').ReadableStream);
  source.on('error', (error) => {
    events.fail(error);
    // What is being read of a part ends here too.
    dicer.end();
  });
  source.pipe(dicer);
  try {
    for (let part = await events.next(); part; part = await events.next()) {
      yield { contentType: part.contentType, content: wholeContent(part) };
      // Whoever has not read it to its end does not want the rest.
      part.stream.resume();
      await ended(part.stream);
    }
  } finally {
    source.unpipe(dicer);
    source.resume();
  }
}

interface QueuedPart {
  readonly contentType: string;
  /** Its boundary never came. */
  isCut: boolean;
  readonly stream: Readable;
}

class PartQueue {
  readonly #parts: QueuedPart[] = [];
  #failure: Error | undefined;
  #finished = false;
  #seen = false;
  #wake: (() => void) | undefined;

  constructor(dicer: Dicing) {
    dicer.on('part', (stream) => {
      const part = stream as unknown as DicedPart;
      part.on('header', (headers) => {
        const [type = ''] = headers['content-type'] ?? [];
        this.#seen = true;
        const queued = { contentType: mediaType(type), stream: part, isCut: false };
        part.on('error', () => {
          queued.isCut = true;
        });
        this.#parts.push(queued);
        this.#notify();
      });
      part.on('error', () => {});
    });
    dicer.on('finish', () => {
      this.#finished = true;
      this.#notify();
    });
    dicer.on('error', () => {
      // AHDS: a body that ends early gives what came before.
      if (this.#seen) this.#finished = true;
      else this.fail(new DicomError('invalid', 'The multipart body is not framed as its boundary says.'));
      this.#notify();
    });
  }

  fail(error: Error): void {
    this.#failure ??= error;
    this.#notify();
  }

  async next(): Promise<QueuedPart | undefined> {
    for (;;) {
      const part = this.#parts.shift();
      if (part) return part;
      if (this.#failure) throw this.#failure;
      if (this.#finished) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}

/** Throws behind the last byte of a part that was cut. Whoever stops early leaves the rest to be passed over. */
async function* wholeContent(part: QueuedPart): AsyncGenerator<Uint8Array> {
  yield* part.stream.iterator({ destroyOnReturn: false });
  if (part.isCut) throw new Error('The part ends before its boundary.');
}

function mediaType(text: string): string {
  return (text.split(';')[0] ?? '').trim().toLowerCase();
}

function ended(stream: Readable): Promise<void> {
  if (stream.readableEnded || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once('end', resolve);
    stream.once('close', resolve);
    stream.once('error', () => resolve());
  });
}
