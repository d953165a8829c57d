/** A closed-loop load: `connections` clients, each sending its next request when the last one is answered. */
import { Agent, request } from 'node:http';

export interface Shot {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: string | Uint8Array;
  /** Default: FHIR JSON where there is a body. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Measured {
  /** Requests per second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly median: number;
  readonly p99: number;
  /** Of the answers' bodies, per second. */
  readonly megabytes: number;
}

/** Runs for `seconds`; an answer that is not 2xx ends the run with an error. */
export async function load(
  baseUrl: string,
  connections: number,
  seconds: number,
  next: (count: number) => Shot,
): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  let [count, bytes] = [0, 0];
  const started = performance.now();
  const end = started + seconds * 1000;
  const client = async () => {
    while (performance.now() < end) {
      const shot = next(count++);
      const sent = performance.now();
      bytes += await send(agent, baseUrl, shot);
      times.push(performance.now() - sent);
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  const elapsed = (performance.now() - started) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  return {
    rate: times.length / elapsed,
    median: quantile(times, 0.5),
    p99: quantile(times, 0.99),
    megabytes: bytes / elapsed / 1e6,
  };
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** The length of the answer's body. */
function send(agent: Agent, baseUrl: string, { method, path, body, headers }: Shot): Promise<number> {
  return new Promise((resolve, reject) => {
    const own = body === undefined ? {} : { 'Content-Type': 'application/fhir+json' };
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const call = request(
      `${baseUrl}${path}`,
      { method, agent, headers: { ...own, ...headers, ...length } },
      (response) => {
        const ok = response.statusCode !== undefined && response.statusCode < 300;
        let [bytes, text] = [0, ''];
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (!ok) text += chunk;
        });
        response.on('end', () => {
          if (ok) resolve(bytes);
          else reject(new Error(`${method} ${path}: ${response.statusCode} ${text.slice(0, 300)}`));
        });
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}
