/** One HTTP request to an endpoint. Redirects are not followed, the answer's body is not used, everything has a limit. */
import { request as httpRequest, Agent as PlainAgent } from 'node:http';
import { request as httpsRequest, Agent as SecureAgent } from 'node:https';
import type { LookupFunction } from 'node:net';
import { FhirError } from '../outcome.ts';
import { checkedAddress, type Resolve } from './endpoint-address.ts';

export interface Outgoing {
  readonly method: 'POST' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
  readonly timeoutSeconds: number;
}

/** Rejects with `NotDelivered`, or a `FhirError` for an address that is not allowed, unless the endpoint answers with 2xx in time. */
export type Post = (outgoing: Outgoing) => Promise<void>;

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
      const status = await new Promise<number>((resolved, rejected) => {
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
          answer.on('data', (chunk: Uint8Array) => {
            read += chunk.length;
            if (read > maxAnswerBytes) answer.destroy();
          });
          answer.on('error', () => {});
          answer.on('close', () => (signal.aborted ? failed() : resolved(answer.statusCode ?? 0)));
        });
        outgoing.end(body);
      });
      if (status < 200 || status > 299) throw new NotDelivered(`The endpoint answered with status ${status}.`);
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
      rejected(error instanceof FhirError ? error : new NotDelivered('The name of the endpoint cannot be resolved.')),
    );
  });
}
