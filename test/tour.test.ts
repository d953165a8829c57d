/** The README's tour against a real server. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dicomRequests } from './dicom/dicom-requests.ts';
import { type LocalServer, startLocalServer } from './local-server.ts';
import { sharedData } from './shared-data.ts';
import { expectShown, shownRequests } from './shown-requests.ts';

const root = path.resolve(import.meta.dirname, '..');
const steps = shownRequests('README.md');

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.stop());

describe('README tour', () => {
  it('has all its parts', () => {
    expect(steps.length).toBeGreaterThanOrEqual(22);
  });

  for (const [index, { command, expected }] of steps.entries()) {
    it(`${index + 1}. ${command.slice(0, 100)}`, async () => {
      if (command.startsWith('npm run demo')) await demo();
      else await expectShown(server.url, command, expected);
    });
  }
});

const realCt = sharedData('dicom/pydicom/CT_small.dcm');

describe.skipIf(realCt === undefined)('The way of the tour with a real CT', () => {
  it('store, search, metadata, rendered', async () => {
    const api = dicomRequests(`${server.url}/dicom/v2`);
    const stored = await api.store([readFileSync(realCt as string)]);
    expect(stored.status).toBe(200);
    const url: string = stored.json['00081199'].Value[0]['00081190'].Value[0];
    const address = url.slice(`${server.url}/dicom/v2`.length);
    const found = await api.get('/studies?PatientName=CompressedSamples&fuzzymatching=true');
    expect(found.json.map((study: Record<string, { Value: string[] }>) => study['00100020']?.Value[0])).toEqual([
      '1CT1',
    ]);
    const { json } = await api.get(`${address}/metadata`);
    expect([json[0]['00280010'].Value, json[0]['00080060'].Value]).toEqual([[128], ['CT']]);
    const picture = await api.get(`${address}/rendered`, 'image/png');
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect([picture.bytes.readUInt32BE(16), picture.bytes.readUInt32BE(20)]).toEqual([128, 128]);
  });
});

async function demo(): Promise<void> {
  const child = spawn(
    process.execPath,
    ['test/demo/run.ts', ...['--url', `${server.url}/fhir`, '--dicom-url', `${server.url}/dicom/v2`]],
    {
      cwd: root,
      stdio: 'pipe',
    },
  );
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect([code, output]).toEqual([0, expect.stringMatching(/\/Patient\/demo-1-anna\n.*A CT of 20 slices/s)]);
}
