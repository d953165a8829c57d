/** A server with three DICOM services, so that what one contest stores does not slow another, and the requests to it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { CtImages } from './ct-images.ts';
import { type PlainHttp, plainHttp } from './floor.ts';
import { load, type Shot } from './load.ts';

export type Service = 'stored' | 'images' | 'studies';

export const json = { Accept: 'application/dicom+json' };
export const asFile = { ...json, 'Content-Type': 'application/dicom' };
export const asParts = { ...json, 'Content-Type': 'multipart/related; type="application/dicom"; boundary=XX' };

/** Bytes of a request that fills a service. */
const fillBytes = 4 * 1024 * 1024;

export class DicomServer {
  readonly images = new CtImages();
  readonly #server: LocalServer;
  readonly #folder: string;
  readonly #floors: PlainHttp[] = [];

  private constructor(server: LocalServer, folder: string) {
    this.#server = server;
    this.#folder = folder;
  }

  static async start(): Promise<DicomServer> {
    const folder = mkdtempSync(path.join(tmpdir(), 'ohds-bench-'));
    const file = path.join(folder, 'workspace.json');
    const kind = 'dicom';
    writeFileSync(
      file,
      JSON.stringify({ name: 'bench', services: { stored: { kind }, images: { kind }, studies: { kind } } }),
    );
    return new DicomServer(await startLocalServer({ env: { WORKSPACE_FILE: file } }), folder);
  }

  /** Stores `count` images of `bytes`; without a study each has one of its own. */
  async fill(service: Service, count: number, bytes: number, study?: number): Promise<void> {
    const each = Math.max(1, Math.floor(fillBytes / bytes));
    for (let at = 0; at < count; at += each) {
      const files = Array.from({ length: Math.min(each, count - at) }, () => this.images.next(bytes, study));
      const body = new Uint8Array(framed(files));
      const answer = await fetch(this.#url(service, '/studies'), { method: 'POST', headers: asParts, body });
      if (answer.status !== 200) throw new Error(`STOW: ${answer.status} ${await answer.text()}`);
    }
  }

  /** Requests per second of `connections` clients. */
  rate(service: Service, connections: number, next: () => Shot): (seconds: number) => Promise<number> {
    return async (seconds) => (await load(this.#url(service, ''), connections, seconds, next)).rate;
  }

  /** Megabytes per second that one client gets. */
  megabytes(service: Service, next: () => Shot): (seconds: number) => Promise<number> {
    return async (seconds) => (await load(this.#url(service, ''), 1, seconds, next)).megabytes;
  }

  /** Requests per second to plain HTTP that answers as many bytes as the service does. */
  async rateOfSameBytes(service: Service, connections: number, { path: at, headers = {} }: Shot) {
    const answer = await fetch(this.#url(service, at), { headers });
    if (answer.status !== 200) throw new Error(`${at}: ${answer.status}`);
    const { url } = await this.plain((await answer.arrayBuffer()).byteLength);
    return async (seconds: number) =>
      (await load(url, connections, seconds, () => ({ method: 'GET', path: '/' }))).rate;
  }

  async plain(bytes: number, times?: number): Promise<PlainHttp> {
    const floor = await plainHttp(bytes, times);
    this.#floors.push(floor);
    return floor;
  }

  get pid(): number {
    return this.#server.pid;
  }

  rss(): number {
    return this.#server.rss();
  }

  async stop(): Promise<void> {
    for (const floor of this.#floors) floor.stop();
    await this.#server.stop();
    rmSync(this.#folder, { recursive: true });
  }

  #url(service: Service, at: string): string {
    return `${this.#server.url}/${service}/v2${at}`;
  }
}

export function framed(files: readonly Uint8Array[]): Buffer {
  const head = Buffer.from('--XX\r\nContent-Type: application/dicom\r\n\r\n');
  const parts = files.flatMap((file) => [head, file, Buffer.from('\r\n')]);
  return Buffer.concat([...parts, Buffer.from('--XX--\r\n')]);
}
