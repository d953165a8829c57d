/** Bulk update: patient and order data changed in all instances of studies. AHDS's documentation of `$bulkUpdate`. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributes } from '../../shared/dicom/attributes.ts';
import { type TestElement, text } from '../../shared/dicom/testing/part10-file.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type DicomRequests, dicomRequests } from './dicom-requests.ts';
import { instanceFile, newUids, type Uids } from './instance-file.ts';

let server: LocalServer;
let v2: DicomRequests;
beforeAll(async () => {
  server = await startLocalServer();
  v2 = dicomRequests(`${server.url}/dicom/v2`);
});
afterAll(() => server.stop());

const headers = { 'Content-Type': 'application/json' };
const update = (studyInstanceUids: unknown, changeDataset: unknown, api = v2) =>
  api.send('POST', '/studies/$bulkUpdate', { body: JSON.stringify({ studyInstanceUids, changeDataset }), headers });
const newName = { '00100010': { vr: 'PN', Value: [{ Alphabetic: 'New^Name' }] } };

async function updated(studies: readonly string[], dataSet: object) {
  const answer = await update(studies, dataSet);
  expect([answer.status, answer.headers.get('location')]).toEqual([202, answer.json.href]);
  for (;;) {
    const operation = await v2.get(`/operations/${answer.json.id}`);
    if (operation.status === 200) return operation.json;
    await delay(50);
  }
}

const name = (value: string) => text(attributes.patientName, 'PN', value);
const pixels: TestElement = { tag: 0x7fe00010, vr: 'OB', value: Buffer.alloc(5_000_000, 9) };

async function stored(more: readonly TestElement[], uids: Uids = newUids(), transferSyntax?: string): Promise<Buffer> {
  const file = instanceFile(uids, more, transferSyntax);
  expect((await v2.store([file])).status).toBeLessThan(300);
  return file;
}

const addressOf = ({ study, series, instance }: Uids) => `/studies/${study}/series/${series}/instances/${instance}`;
const whole = async (uids: Uids, original = false) => {
  const accept = 'application/dicom; transfer-syntax=*';
  const answer = await v2.send('GET', addressOf(uids), {
    headers: { Accept: accept, ...(original && { 'msdicom-request-original': 'true' }) },
  });
  return answer.status === 200 ? answer.bytes : answer.status;
};

describe('Update: a study', () => {
  it('has the new values in files, metadata, search and feed; the original is there on demand', async () => {
    const uids = newUids();
    const other = { ...uids, instance: `${uids.instance}.2` };
    const file = await stored([name('Old^Name'), pixels], uids);
    await stored([text(0x00100020, 'LO', 'P1')], other);
    const dataSet = { PatientName: newName['00100010'], '00100021': { vr: 'LO', Value: ['Issuer'] } };
    expect(await updated([uids.study, '9.9.9'], dataSet)).toMatchObject({
      type: 'update',
      status: 'succeeded',
      percentComplete: 100,
      results: { studyUpdated: 1, studyFailed: 0, instanceUpdated: 2 },
    });
    const expected = instanceFile(uids, [name('New^Name'), text(0x00100021, 'LO', 'Issuer'), pixels]);
    expect(expected.equals((await whole(uids)) as Buffer)).toBe(true);
    expect(file.equals((await whole(uids, true)) as Buffer)).toBe(true);
    const { json } = await v2.get(`/studies/${uids.study}/metadata`);
    for (const each of json) {
      expect(each['00100010'].Value).toEqual([{ Alphabetic: 'New^Name' }]);
      expect(each['00100021'].Value).toEqual(['Issuer']);
    }
    const accept = { Accept: 'application/dicom+json', 'msdicom-request-original': 'true' };
    const before = await v2.send('GET', `${addressOf(uids)}/metadata`, { headers: accept });
    expect(before.json[0]['00100010'].Value).toEqual([{ Alphabetic: 'Old^Name' }]);
    expect((await v2.get(`/studies?StudyInstanceUID=${uids.study}&PatientName=new%5Ename`)).status).toBe(200);
    expect((await v2.get(`/studies?StudyInstanceUID=${uids.study}&PatientName=old%5Ename`)).status).toBe(204);
    const feed = (await v2.get('/changefeed?limit=200&includemetadata=false')).json.filter(
      (entry: { studyInstanceUid: string }) => entry.studyInstanceUid === uids.study,
    );
    expect(feed.map(({ action, state }: { action: string; state: string }) => [action, state])).toEqual([
      ['create', 'replaced'],
      ['create', 'replaced'],
      ['update', 'current'],
      ['update', 'current'],
    ]);
  });

  it('that is updated twice keeps the first file as the original; a delete takes both', async () => {
    const uids = newUids();
    const file = await stored([name('First')], uids);
    await updated([uids.study], { PatientName: { vr: 'PN', Value: [{ Alphabetic: 'Second' }] } });
    await updated([uids.study], { PatientName: { vr: 'PN', Value: [{ Alphabetic: 'Third' }] } });
    expect(instanceFile(uids, [name('Third')]).equals((await whole(uids)) as Buffer)).toBe(true);
    expect(file.equals((await whole(uids, true)) as Buffer)).toBe(true);
    expect((await v2.send('DELETE', `/studies/${uids.study}`)).status).toBe(204);
    expect([await whole(uids), await whole(uids, true)]).toEqual([404, 404]);
  });

  it.each(['1.2.840.10008.1.2', '1.2.840.10008.1.2.2'])('in transfer syntax %s', async (syntax) => {
    const uids = newUids();
    await stored([name('Old^Name')], uids, syntax);
    await updated([uids.study], newName);
    expect(instanceFile(uids, [name('New^Name')], syntax).equals((await whole(uids)) as Buffer)).toBe(true);
  });

  it('with frames: they are the same as before', async () => {
    const uids = newUids();
    const frames = [0x80, 0x81, 0x82].map((byte) => Buffer.alloc(1000, byte));
    const encapsulated: TestElement = { tag: 0x7fe00010, vr: 'OB', fragments: [Buffer.alloc(0), ...frames] };
    const count = text(0x00280008, 'IS', '3');
    await stored([name('A'), count, encapsulated], uids, '1.2.840.10008.1.2.5');
    await updated([uids.study], {
      PatientName: { vr: 'PN', Value: [{ Alphabetic: 'A much longer name than before' }] },
    });
    const accept = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
    const answer = await v2.get(`${addressOf(uids)}/frames/2`, accept);
    expect(answer.status).toBe(200);
    expect(answer.bytes.includes(frames[1] as Buffer)).toBe(true);
    expect(answer.bytes.includes(frames[2] as Buffer)).toBe(false);
  });

  it('is found by an extended query tag that changed', async () => {
    const uids = newUids();
    await stored([text(0x00102180, 'SH', 'Baker')], uids);
    const tag = await v2.send('POST', '/extendedquerytags', {
      body: JSON.stringify([{ path: 'Occupation', level: 'study' }]),
      headers,
    });
    while ((await v2.get(`/operations/${tag.json.id}`)).status === 202) await delay(50);
    expect((await v2.get('/studies?Occupation=baker')).status).toBe(200);
    await updated([uids.study], { Occupation: { vr: 'SH', Value: ['Miller'] } });
    expect((await v2.get('/studies?Occupation=baker')).status).toBe(204);
    expect((await v2.get('/studies?Occupation=miller')).status).toBe(200);
  });

  it('whose character set does not have a new character: the operation fails, the study stays', async () => {
    const [plain, unicode] = [newUids(), newUids()];
    const file = await stored([name('Old')], plain);
    await stored([text(0x00080005, 'CS', 'ISO_IR 192'), name('Old')], unicode);
    const operation = await updated([plain.study, unicode.study], {
      PatientName: { vr: 'PN', Value: [{ Alphabetic: 'Ōe', Ideographic: '大江' }] },
    });
    expect(operation).toMatchObject({
      status: 'failed',
      results: { studyUpdated: 1, studyFailed: 1, instanceUpdated: 1, errors: expect.any(Array) },
    });
    expect(file.equals((await whole(plain)) as Buffer)).toBe(true);
    const { json } = await v2.get(`/studies/${unicode.study}/metadata`);
    expect(json[0]['00100010'].Value).toEqual([{ Alphabetic: 'Ōe', Ideographic: '大江' }]);
  });
});

describe('Update: requests that are refused', () => {
  it('v1: 404', async () => {
    expect((await update(['1.2'], newName, dicomRequests(`${server.url}/dicom/v1`))).status).toBe(404);
  });

  it.each([
    ['no studies', [], newName],
    ['more than 50 studies', Array.from({ length: 51 }, (_, at) => `1.${at}`), newName],
    ['a study that is no UID', ['abc'], newName],
    ['no list', '1.2', newName],
    ['no data set', ['1.2'], undefined],
    ['an empty data set', ['1.2'], {}],
  ])('%s: 400 as text', async (_, studies, dataSet) => {
    const answer = await update(studies, dataSet);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'text/plain; charset=utf-8']);
  });

  it.each([
    ['a UID', { StudyInstanceUID: { vr: 'UI', Value: ['1.2'] } }],
    ['another attribute', { Modality: { vr: 'CS', Value: ['CT'] } }],
    ['an unknown key', { NoSuchThing: { vr: 'LO', Value: ['x'] } }],
    ['another VR', { PatientName: { vr: 'LO', Value: ['x'] } }],
    ['no value', { PatientID: { vr: 'LO' } }],
    ['an empty value', { PatientID: { vr: 'LO', Value: [''] } }],
    ['a wrong date', { PatientBirthDate: { vr: 'DA', Value: ['2020-01-01'] } }],
    ['a long text', { PatientID: { vr: 'LO', Value: ['x'.repeat(65)] } }],
    ['the same twice', { PatientID: { vr: 'LO', Value: ['x'] }, '00100020': { vr: 'LO', Value: ['y'] } }],
  ])('%s: 400 as a data set', async (_, dataSet) => {
    const answer = await update(['1.2'], dataSet);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/dicom+json']);
    expect(answer.json['00741048'].Value[0]['00000902'].Value[0]).toMatch(/^DICOM100: \(/);
  });
});
