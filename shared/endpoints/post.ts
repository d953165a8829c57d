/** One HTTP request to an endpoint. Redirects are not followed, everything has a limit. */
import { request as httpRequest, type IncomingHttpHeaders, Agent as PlainAgent } from 'node:http';
import { request as httpsRequest, Agent as SecureAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { UserError } from '../operations/errors.ts';
import { checkedAddress, type Resolve } from './endpoint-address.ts';

export interface Outgoing {
  readonly method: 'POST' | 'PUT' | 'OPTIONS';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
  readonly timeoutSeconds: number;
}

export interface Taken {
  readonly headers: IncomingHttpHeaders;
  /** The answer's body as far as it was read. */
  readonly text: string;
}

/** Rejects with `NotDelivered`, or a `UserError` for an address that is not allowed, unless the endpoint answers with 2xx in time. */
export type Post = (outgoing: Outgoing) => Promise<Taken>;

/** Bytes of an answer's body that are read before the connection is given up. */
const maxAnswerBytes = 64 * 1024;

/** The endpoint did not take the request. The text may be shown to the subscriber. */
export class NotDelivered extends Error {}

export interface Poster {
  readonly post: Post;
  close(): void;
}

export function openPoster(allow: readonly string[], resolve: Resolve): Poster {
  const options = { keepAlive: true, maxSockets: 4, maxFreeSockets: 4, timeout: 30_000 };
  const agents = { 'http:': new PlainAgent(options), 'https:': new SecureAgent(options) };
  return {
    post: async ({ method, url, headers, body, timeoutSeconds }) => {
      const signal = AbortSignal.timeout(timeoutSeconds * 1000);
      const { address, family } = await within(signal, checkedAddress(url, allow, resolve));
      const lookup: LookupFunction = (_, { all }, found) =>
        all ? found(null, [{ address, family }]) : found(null, address, family);
      const secure = url.protocol === 'https:';
      const send = secure ? httpsRequest : httpRequest;
      const agent = secure ? agents['https:'] : agents['http:'];
      const { status, ...taken } = await new Promise<Taken & { status: number }>((resolved, rejected) => {
        const failed = () => rejected(new NotDelivered(signal.aborted ? tooSlow : 'The endpoint cannot be reached.'));
        const outgoing = send(url, {
          method,
          agent,
          lookup,
          signal,
          headers: { ...headers, 'Content-Length': String(body.length) } as Record<string, string | string[]>,
        });
        outgoing.on('error', failed);
        outgoing.on('response', (answer) => {
          let read = 0;
          const chunks: Uint8Array[] = [];
          answer.on('data', (chunk: Uint8Array) => {
            read += chunk.length;
            if (read > maxAnswerBytes) answer.destroy();
            else chunks.push(chunk);
          });
          answer.on('error', () => {});
          answer.on('close', () => {
            const { statusCode = 0, headers } = answer;
            if (signal.aborted) failed();
            else resolved({ status: statusCode, headers, text: Buffer.concat(chunks).toString() });
          });
        });
        outgoing.end(body);
      });
      if (status < 200 || status > 299) throw new NotDelivered(`The endpoint answered with status ${status}.`);
      return taken;
    },
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

const tooSlow = 'The endpoint did not answer in time.';

/** The name server gets no more time than the endpoint. */
function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolved, rejected) => {
    signal.addEventListener('abort', () => rejected(new NotDelivered(tooSlow)), { once: true });
    work.then(resolved, (error: unknown) =>
      rejected(error instanceof UserError ? error : new NotDelivered('The name of the endpoint cannot be resolved.')),
    );
  });
}
