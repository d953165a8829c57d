/** SIGKILL while instances are stored, replaced and deleted: what was answered stays, what was not leaves nothing behind. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { attributes } from '../../shared/dicom/attributes.ts';
import { part10File, text } from '../../shared/dicom/testing/part10-file.ts';
import { startLocalServer } from '../local-server.ts';
import { type DicomRequests, dicomRequests } from './dicom-requests.ts';

const dataDir = mkdtempSync(path.join(tmpdir(), 'ohds-dicom-kill-'));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const rounds = 5;
const writers = 4;

function file(study: string, instance: number, content: number): Buffer {
  return part10File({
    transferSyntax: '1.2.840.10008.1.2.1',
    elements: [
      text(attributes.sopClassUid, 'UI', '1.2.840.10008.5.1.4.1.1.7'),
      text(attributes.sopInstanceUid, 'UI', `${study}.1.${instance}`),
      text(attributes.patientId, 'LO', 'P1'),
      text(attributes.studyInstanceUid, 'UI', study),
      text(attributes.seriesInstanceUid, 'UI', `${study}.1`),
      { tag: 0x7fe00010, vr: 'OB', value: Buffer.alloc(100_000, content) },
    ],
  });
}

/** The contents that an instance may have after the kill; undefined: it may be absent. */
type Allowed = Set<number | undefined>;

/** Stores, replaces and deletes one instance after the other until the server is gone. */
async function write(api: DicomRequests, study: string, expected: Map<string, Allowed>): Promise<void> {
  for (let instance = 1; ; instance += 1) {
    const address = `/studies/${study}/series/${study}.1/instances/${study}.1.${instance}`;
    const steps: [() => Promise<{ status: number }>, number | undefined][] = [
      [() => api.store([file(study, instance, 1)]), 1],
      [() => api.store([file(study, instance, 2)], '/studies', 'PUT'), 2],
      ...(instance % 3 === 0 ? [[() => api.send('DELETE', address), undefined] as never] : []),
    ];
    let now: number | undefined;
    for (const [step, result] of steps) {
      expected.set(address, new Set([now, result]));
      const answer = await step().catch(() => undefined);
      if (!answer) return;
      expect(answer.status).toBeLessThan(300);
      expected.set(address, new Set([result]));
      now = result;
    }
  }
}

it(`after each of ${rounds} kills every instance has its bytes, and every file is an instance's`, async () => {
  const expected = new Map<string, Allowed>();
  for (let round = 1; round <= rounds; round += 1) {
    const server = await startLocalServer({ dataDir });
    const api = dicomRequests(`${server.url}/dicom/v2`);
    const working = Array.from({ length: writers }, (_, at) => write(api, `1.${round}.${at + 1}`, expected));
    await delay(300 + 150 * round);
    await server.kill();
    await Promise.all(working);
  }
  const server = await startLocalServer({ dataDir });
  const api = dicomRequests(`${server.url}/dicom/v2`);
  let there = 0;
  for (const [address, allowed] of expected) {
    const { status, bytes } = await api.get(address, 'application/dicom; transfer-syntax=*');
    const found = status === 404 ? undefined : bytes.at(-1);
    expect([address, allowed.has(found)]).toEqual([address, true]);
    if (found === undefined) continue;
    there += 1;
    const frames = bytes.subarray(bytes.length - 100_000);
    expect(frames.every((byte) => byte === found)).toBe(true);
  }
  expect(there).toBeGreaterThan(rounds);
  const feed: { sequence: number }[] = [];
  for (let offset = 0; ; offset += 200) {
    const page = await api.get(`/changefeed?limit=200&offset=${offset}&includemetadata=false`, 'application/json');
    feed.push(...page.json);
    if (page.json.length < 200) break;
  }
  expect(feed.map(({ sequence }) => sequence)).toEqual(feed.map((_, at) => at + 1));
  await server.stop();
  const blobs = path.join(dataDir, 'dicom/dicom/blobs');
  const files = readdirSync(blobs, { recursive: true }).filter((name) => String(name).endsWith('.dcm'));
  expect(files).toHaveLength(there);
});
