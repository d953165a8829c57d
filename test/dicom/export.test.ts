/** Export: files by study, series and instance, into a container of development storage. AHDS's documentation of export. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type DicomRequests, dicomRequests } from './dicom-requests.ts';
import { instanceFile } from './instance-file.ts';

let server: LocalServer;
let api: DicomRequests;
const uids = ['1.1.1', '1.1.2', '1.2.1', '2.1.1', '3.1.1'].map((instance) => ({
  study: `9.${instance.slice(0, 1)}`,
  series: `9.${instance.slice(0, 3)}`,
  instance: `9.${instance}`,
}));
const files = new Map(uids.map((each) => [each.instance, instanceFile(each)]));
beforeAll(async () => {
  server = await startLocalServer();
  api = dicomRequests(`${server.url}/dicom/v2`);
  expect((await api.store([...files.values()])).status).toBe(200);
});
afterAll(() => server.stop());

const headers = { 'Content-Type': 'application/json' };
const start = (body: unknown) => api.send('POST', '/export', { body: JSON.stringify(body), headers });
const destination = {
  type: 'azureblob',
  settings: { connectionString: 'UseDevelopmentStorage=true', blobContainerName: 'exports-1' },
};
const source = (...values: unknown[]) => ({ type: 'identifiers', settings: { values } });

async function exported(body: unknown) {
  const { status, json, headers: sent } = await start(body);
  expect([status, sent.get('location')]).toEqual([202, json.href]);
  for (;;) {
    const operation = await api.get(`/operations/${json.id}`);
    if (operation.status === 200)
      return { operation: operation.json, folder: path.join(server.dataDir, 'exports', 'exports-1', json.id) };
    await delay(50);
  }
}

describe('Export', () => {
  it('of a study, a series and an instance: the files as stored; what is not there is in the log', async () => {
    const values = ['9.1', '9.2/9.2.1', '9.3/9.3.1/9.3.1.1', '9.4', '9.2/9.9'];
    const { operation, folder } = await exported({ source: source(...values), destination });
    expect(operation).toMatchObject({
      type: 'export',
      status: 'succeeded',
      percentComplete: 100,
      results: {
        errorHref: `http://127.0.0.1:10000/devstoreaccount1/exports-1/${operation.operationId}/errors.log`,
        exported: 5,
        skipped: 2,
      },
    });
    for (const { study, series, instance } of uids) {
      const file = readFileSync(path.join(folder, 'results', study, series, `${instance}.dcm`));
      expect(file.equals(files.get(instance) as Buffer)).toBe(true);
    }
    const log = readFileSync(path.join(folder, 'errors.log'), 'utf8').trim().split('\n');
    expect(log.map((line) => JSON.parse(line).Identifier)).toEqual(['9.4', '9.2/9.9']);
  });

  it('without a source is everything; a container by its address; two at the same time', async () => {
    const settings = { blobContainerUri: 'http://127.0.0.1:10000/devstoreaccount1/exports-1' };
    const body = { destination: { type: 'AzureBlob', settings } };
    const both = await Promise.all([exported(body), exported(body)]);
    for (const { operation, folder } of both) {
      expect(operation.results).toMatchObject({ exported: 5, skipped: 0 });
      const names = readdirSync(path.join(folder, 'results'), { recursive: true }).map(String);
      expect(names.filter((name) => name.endsWith('.dcm'))).toHaveLength(5);
      expect(existsSync(path.join(folder, 'errors.log'))).toBe(false);
    }
  });

  const to = (settings: object) => ({ source: source('9.1'), destination: { type: 'azureblob', settings } });
  it.each([
    ['no destination', { source: source('9.1') }],
    ['another source', { source: { type: 'query', settings: {} }, destination }],
    ['no values', { source: source(), destination }],
    ['a value that is no UID', { source: source('abc'), destination }],
    ['a value of four', { source: source('1/2/3/4'), destination }],
    ['a value that is no text', { source: source(1), destination }],
    ['another destination', { source: source('9.1'), destination: { type: 'file', settings: {} } }],
    ['no container', to({ connectionString: 'UseDevelopmentStorage=true' })],
    ['a container outside', to({ connectionString: 'UseDevelopmentStorage=true', blobContainerName: '../x' })],
    ['a storage account', to({ blobContainerUri: 'https://account.blob.core.windows.net/exports' })],
    ['both forms', to({ ...destination.settings, blobContainerUri: 'http://127.0.0.1:10000/devstoreaccount1/abc' })],
    ['no address', to({ blobContainerUri: 'exports' })],
  ])('to or from %s: 400', async (_, body) => {
    expect((await start(body)).status).toBe(400);
  });
});
