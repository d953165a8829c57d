/** Workitems in data partitions. AHDS: creating one makes the partition, nothing else does. */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { dicomRequests } from './dicom-requests.ts';
import { worklistRequests } from './worklist-requests.ts';

let server: LocalServer;
const workspace = path.join(tmpdir(), `worklist-partitions-${process.pid}.json`);
beforeAll(async () => {
  const services = { dicom: { kind: 'dicom', partitions: true } };
  writeFileSync(workspace, JSON.stringify({ name: 'test', services }));
  server = await startLocalServer({ env: { WORKSPACE_FILE: workspace } });
});
afterAll(() => server.stop());

describe('Partitions: workitems', () => {
  it('creation makes the partition, in which the workitem stays', async () => {
    const api = dicomRequests(`${server.url}/dicom/v1`);
    const [north, south] = ['/partitions/north', '/partitions/south'].map((each) => worklistRequests(api, each));
    expect((await north?.search())?.status).toBe(400);
    const created = await north?.create('1.2.3');
    expect(created?.status).toBe(201);
    expect(created?.headers.get('location')).toBe(`${server.url}/dicom/v1/partitions/north/workitems/1.2.3`);
    expect((await south?.create('1.2.3'))?.status).toBe(201);
    expect((await north?.changeState('1.2.3', 'IN PROGRESS', '9.1'))?.status).toBe(200);
    expect((await south?.search('?ProcedureStepState=SCHEDULED'))?.json).toHaveLength(1);
    expect((await north?.search('?ProcedureStepState=SCHEDULED'))?.status).toBe(204);
    expect((await worklistRequests(api).create('1.2.4')).status).toBe(400);
    expect((await worklistRequests(api, '/partitions/west').retrieve('1.2.3')).status).toBe(400);
  });
});
