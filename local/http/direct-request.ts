/** The request that a Function gets in the direct way: the library's interface over Node's request, nothing copied. */
import type { IncomingMessage } from 'node:http';
import type { HttpRequest, HttpRequestUser } from '@azure/functions';

export class DirectRequest implements HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly params: Record<string, string>;
  readonly user: HttpRequestUser | null = null;
  readonly #message: IncomingMessage;
  #body: ReadableStream<Uint8Array> | null | undefined;

  constructor(message: IncomingMessage, url: string, params: Readonly<Record<string, string>>) {
    this.#message = message;
    this.method = message.method ?? 'GET';
    this.url = url;
    this.params = { ...params };
    this.headers = headersOf(message);
  }

  get query(): URLSearchParams {
    return new URL(this.url).searchParams;
  }

  /** Null for GET and HEAD, whose bodies the library drops. */
  get body(): ReadableStream<Uint8Array> | null {
    const none = this.method === 'GET' || this.method === 'HEAD' || hasNoBody(this.#message);
    this.#body ??= none ? null : ReadableStream.from<Uint8Array>(this.#message);
    return this.#body;
  }

  get bodyUsed(): boolean {
    return this.#message.readableDidRead;
  }

  readonly arrayBuffer = async (): Promise<ArrayBuffer> => {
    const chunks: Buffer[] = [];
    for await (const chunk of this.#message) chunks.push(chunk);
    const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
    let length = 0;
    for (const chunk of chunks) {
      whole.set(chunk, length);
      length += chunk.length;
    }
    return whole.buffer;
  };

  readonly text = async (): Promise<string> => Buffer.from(await this.arrayBuffer()).toString();
  readonly json = async (): Promise<unknown> => JSON.parse(await this.text());
  readonly blob = async () => this.#native().blob();
  readonly formData = async () => this.#native().formData();
  readonly clone = (): HttpRequest => {
    throw new Error('A request cannot be cloned in the local host: its body is not kept.');
  };

  #native(): Request {
    return new Request(this.url, { method: this.method, headers: this.headers, body: this.body, duplex: 'half' });
  }
}

/** Of several fields with one name, all are kept, as in the host. */
export function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  return headers;
}

function hasNoBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
}
