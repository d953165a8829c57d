/** Requests that are larger than anybody would hold: made while they are sent, and read slowly; and what the server's memory does. */
import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { attributes } from '../../shared/dicom/attributes.ts';
import type { LocalServer } from '../local-server.ts';
import { instanceFile, newUids, type Uids } from './instance-file.ts';

const chunk = Buffer.alloc(64 * 1024, 7);

/** One file of `bytes` of pixel data. */
export function* largeFile(uids: Uids, bytes: number): Generator<Uint8Array> {
  const head = instanceFile(uids);
  const pixelData = Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x57, 0, 0, 0, 0, 0, 0]);
  pixelData.writeUInt32LE(bytes, 8);
  yield Buffer.concat([head, pixelData]);
  for (let left = bytes; left > 0; left -= chunk.length) yield left < chunk.length ? chunk.subarray(0, left) : chunk;
}

/** `count` small files, each a part, in one study and series. */
export function* manyParts({ study, series }: Uids, count: number): Generator<Uint8Array> {
  const digits = 9;
  const pattern = instanceFile({ study, series, instance: `1.4.1${'0'.repeat(digits)}` });
  const place = pattern.indexOf(`1.4.1${'0'.repeat(digits)}`) + '1.4.1'.length;
  for (let at = 0; at < count; at += 1) {
    const file = Buffer.from(pattern);
    file.write(String(at).padStart(digits, '0'), place, 'latin1');
    yield Buffer.concat([Buffer.from('--XX\r\nContent-Type: application/dicom\r\n\r\n'), file, Buffer.from('\r\n')]);
  }
  yield Buffer.from('--XX--\r\n');
}

export async function stow(base: string, contentType: string, body: Iterable<Uint8Array>): Promise<Response> {
  return fetch(`${base}/studies`, {
    method: 'POST',
    headers: { Accept: 'application/dicom+json', 'Content-Type': contentType },
    body: ReadableStream.from(body),
    duplex: 'half',
  } as RequestInit);
}

/** Reads an answer, but for `pauseMs` behind its first bytes; how many bytes came. */
export function readSlowly(url: string, pauseMs: number): Promise<number> {
  const headers = { Accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' };
  return new Promise((resolve, reject) => {
    get(url, { headers }, (answer) => {
      let bytes = 0;
      answer.on('data', (data: Buffer) => {
        if (bytes === 0) {
          answer.pause();
          setTimeout(() => answer.resume(), pauseMs);
        }
        bytes += data.length;
      });
      answer.on('end', () => resolve(bytes));
      answer.on('error', reject);
    }).on('error', reject);
  });
}

/** What `work` gives, and by how many MB the server's memory was greater meanwhile than before. */
export async function growth<T>(
  server: LocalServer,
  work: () => Promise<T>,
): Promise<{ result: T; megabytes: number }> {
  const before = server.rss();
  let [most, done] = [before, false];
  const watching = (async () => {
    while (!done) {
      most = Math.max(most, server.rss());
      await delay(20);
    }
  })();
  try {
    return { result: await work(), megabytes: most - before };
  } finally {
    done = true;
    await watching;
  }
}

/** An instance that goes the whole way, so that what is measured later is not what is loaded once. */
export async function warmUp(base: string): Promise<void> {
  const uids = newUids();
  const body = instanceFile(uids, [{ tag: attributes.patientName, vr: 'PN', value: 'Warm^Up' }]);
  await (await stow(base, 'application/dicom', [body])).text();
  await readSlowly(`${base}/studies/${uids.study}`, 0);
}
