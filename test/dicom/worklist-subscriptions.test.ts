/** Subscriptions to workitems and their events, as Server-Sent Events. DICOM PS3.18, 11.10 to 11.13; PS3.4, CC.2.3 and CC.2.4. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { performed } from '../../shared/dicom/testing/workitem.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type DicomRequests, dicomRequests } from './dicom-requests.ts';
import { type WorklistRequests, worklistRequests } from './worklist-requests.ts';

const all = '1.2.840.10008.5.1.4.34.5';
const filtered = '1.2.840.10008.5.1.4.34.5.1';
const dataDir = mkdtempSync(path.join(tmpdir(), 'ohds-subscribers-'));

let server: LocalServer;
let api: DicomRequests;
let worklist: WorklistRequests;
const start = async () => {
  server = await startLocalServer({ dataDir });
  api = dicomRequests(`${server.url}/dicom/v2`);
  worklist = worklistRequests(api);
};
beforeAll(start);
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true });
});

let last = 0;
async function created(changes?: Readonly<Record<string, unknown>>): Promise<string> {
  const uid = `1.2.826.0.2.${++last}`;
  expect((await worklist.create(uid, changes)).status).toBe(201);
  return uid;
}
const subscribe = (uid: string, aeTitle: string, query = '') =>
  api.send('POST', `/workitems/${uid}/subscribers/${aeTitle}${query}`);
const unsubscribe = (uid: string, aeTitle: string) => api.send('DELETE', `/workitems/${uid}/subscribers/${aeTitle}`);

interface Told {
  readonly id: number;
  readonly uid: string;
  readonly type: number;
  readonly state: string | undefined;
  readonly dataSet: Record<string, { Value?: unknown[] }>;
}

/** Reads a channel until `count` events have come, then leaves. */
async function listen(aeTitle: string, count: number, lastEventId?: number): Promise<Told[]> {
  const leave = new AbortController();
  const response = await fetch(`${server.url}/dicom/v2/subscribers/${aeTitle}`, {
    headers: { Accept: 'text/event-stream', ...(lastEventId && { 'Last-Event-ID': String(lastEventId) }) },
    signal: AbortSignal.any([leave.signal, AbortSignal.timeout(15_000)]),
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (told(text).length >= count) break;
  }
  leave.abort();
  return told(text);
}

function told(text: string): Told[] {
  return [...text.matchAll(/id: (\d+)\nevent: workitem\ndata: (.*)\n\n/g)].map(([, id, data = '']) => {
    const dataSet = JSON.parse(data);
    return {
      id: Number(id),
      uid: dataSet['00001000'].Value[0],
      type: dataSet['00001002'].Value[0],
      state: dataSet['00741000']?.Value[0],
      dataSet,
    };
  });
}

describe('Subscriptions: one workitem', () => {
  it('tells its state at once, then what happens to it, in order', async () => {
    const uid = await created();
    const { status, headers } = await subscribe(uid, 'ONE', '?deletionlock=true');
    expect([status, headers.get('content-location')]).toEqual([201, `${server.url}/dicom/v2/subscribers/ONE`]);
    await worklist.changeState(uid, 'IN PROGRESS', '9.1');
    await worklist.update(
      uid,
      { ...performed, '00741002': { vr: 'SQ', Value: [{ '00741004': { vr: 'DS', Value: [50] } }] } },
      '9.1',
    );
    const listening = listen('ONE', 4);
    await worklist.changeState(uid, 'COMPLETED', '9.1');
    const events = await listening;
    expect(events.map(({ type, state }) => [type, state])).toEqual([
      [1, 'SCHEDULED'],
      [1, 'IN PROGRESS'],
      [3, undefined],
      [1, 'COMPLETED'],
    ]);
    expect(events[0]?.dataSet).toEqual({
      '00000002': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.34.6.4'] },
      '00000110': { vr: 'US', Value: [events[0]?.id] },
      '00001000': { vr: 'UI', Value: [uid] },
      '00001002': { vr: 'US', Value: [1] },
      '00404041': { vr: 'CS', Value: ['READY'] },
      '00741000': { vr: 'CS', Value: ['SCHEDULED'] },
    });
    expect(JSON.stringify(events)).not.toContain('9.1"');
  });

  it('goes on behind the event that the client names, after a kill too', async () => {
    const uid = await created();
    await subscribe(uid, 'AGAIN');
    await worklist.changeState(uid, 'IN PROGRESS', '9.1');
    const [first] = await listen('AGAIN', 2);
    await server.kill();
    await start();
    const rest = await listen('AGAIN', 1, first?.id);
    expect(rest.map(({ state }) => state)).toEqual(['IN PROGRESS']);
    expect((await listen('AGAIN', 1)).map(({ state }) => state)).toEqual(['IN PROGRESS']);
  });

  it('a claimed one: the request to cancel it is refused where nobody is subscribed, and told where somebody is', async () => {
    const uid = await created();
    await worklist.changeState(uid, 'IN PROGRESS', '9.1');
    const why = { '00741238': { vr: 'LT', Value: ['the patient has gone'] } };
    expect((await worklist.requestCancellation(uid, why)).status).toBe(400);
    await subscribe(uid, 'PERFORMER');
    expect((await worklist.requestCancellation(uid, why)).status).toBe(202);
    const [, request] = await listen('PERFORMER', 2);
    expect([request?.type, request?.dataSet['00741238']]).toEqual([2, why['00741238']]);
    expect((await worklist.retrieve(uid)).json['00741000'].Value).toEqual(['IN PROGRESS']);
  });
});

describe('Subscriptions: more than one', () => {
  it('all: new workitems too, but for one that is left out; suspended: no new ones; ended: none', async () => {
    const before = await created();
    expect((await subscribe(all, 'ALL')).status).toBe(201);
    const after = await created();
    expect((await unsubscribe(before, 'ALL')).status).toBe(200);
    expect((await unsubscribe(before, 'ALL')).status).toBe(404);
    await worklist.changeState(before, 'IN PROGRESS', '9.1');
    await worklist.changeState(after, 'IN PROGRESS', '9.1');
    expect((await api.send('POST', `/workitems/${all}/subscribers/ALL/suspend`)).status).toBe(200);
    await worklist.changeState(await created(), 'IN PROGRESS', '9.1');
    await worklist.update(after, { '00404041': { vr: 'CS', Value: ['INCOMPLETE'] } }, '9.1');
    const events = await listen('ALL', 3);
    expect(events.map(({ uid, type, state }) => [uid, type, state])).toEqual([
      [after, 1, 'SCHEDULED'],
      [after, 1, 'IN PROGRESS'],
      [after, 1, 'IN PROGRESS'],
    ]);
    expect((await unsubscribe(all, 'ALL')).status).toBe(200);
    expect((await api.get('/subscribers/ALL', 'text/event-stream')).status).toBe(404);
  });

  it.each(['?filter=PatientID=ward-7', '?00100020=ward-7'])('those that pass a filter: %s', async (query) => {
    const aeTitle = `FILTER-${query.length}`;
    expect((await subscribe(filtered, aeTitle, query)).status).toBe(201);
    await created();
    const uid = await created({ '00100020': { vr: 'LO', Value: ['ward-7'] } });
    const item = {
      '00080100': { vr: 'SH', Value: ['CT2'] },
      '00080102': { vr: 'SH', Value: ['99LOCAL'] },
      '00080104': { vr: 'LO', Value: ['CT, room 2'] },
    };
    expect((await worklist.update(uid, { '00404025': { vr: 'SQ', Value: [item] } })).status).toBe(200);
    const events = await listen(aeTitle, 2);
    expect(events.map(({ uid: told, type }) => [told, type])).toEqual([
      [uid, 1],
      [uid, 5],
    ]);
    await unsubscribe(filtered, aeTitle);
  });
});

it('a server that stops does not wait for channels', async () => {
  await subscribe(all, 'STAYS');
  const response = await fetch(`${server.url}/dicom/v2/subscribers/STAYS`);
  const reading = response.text().catch(() => 'cut');
  const started = performance.now();
  expect(await server.stop()).toBe(0);
  expect(performance.now() - started).toBeLessThan(9000);
  expect(await reading).toBe('cut');
  await start();
});

describe('Subscriptions: what is refused', () => {
  it.each([
    ['an AE title that is too long', 400, 'POST', `/workitems/${all}/subscribers/SEVENTEEN-LETTERS`],
    ['a filter without conditions', 400, 'POST', `/workitems/${filtered}/subscribers/A`],
    ['an attribute that is not searched by', 400, 'POST', `/workitems/${filtered}/subscribers/A?filter=Rows=1`],
    ['a lock that is neither true nor false', 400, 'POST', `/workitems/${all}/subscribers/A?deletionlock=maybe`],
    ['a workitem that is not there', 404, 'POST', '/workitems/1.2.3/subscribers/A'],
    ['the end of what was not begun', 404, 'DELETE', `/workitems/${all}/subscribers/NOBODY`],
    ['a pause of one workitem', 400, 'POST', '/workitems/1.2.3/subscribers/A/suspend'],
    ['the events of nobody', 404, 'GET', '/subscribers/NOBODY'],
  ])('%s: %i', async (_, status, method, at) => {
    expect((await api.send(method, at)).status).toBe(status);
  });

  it('events in another form: 406', async () => {
    expect((await api.get('/subscribers/NOBODY', 'application/dicom+json')).status).toBe(406);
  });
});
