/** STOW-RS: what is stored, what is refused, and what the answer says of it. AHDS's conformance statements, Store. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributes } from '../../shared/dicom/attributes.ts';
import { part10File, type TestElement, text } from '../../shared/dicom/testing/part10-file.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type DicomRequests, dicomJsonType, dicomRequests, multipart } from './dicom-requests.ts';

let server: LocalServer;
let v1: DicomRequests;
let v2: DicomRequests;
beforeAll(async () => {
  server = await startLocalServer();
  v1 = dicomRequests(`${server.url}/dicom/v1`);
  v2 = dicomRequests(`${server.url}/dicom/v2`);
});
afterAll(() => server.stop());

const explicitLittle = '1.2.840.10008.1.2.1';
let last = 0;

interface Uids {
  study: string;
  series: string;
  instance: string;
}

/** UIDs that no other test has. */
function newUids(): Uids {
  last += 1;
  return { study: `1.2.${last}`, series: `1.2.${last}.1`, instance: `1.2.${last}.1.1` };
}

function file(
  { study, series, instance }: Uids,
  more: readonly TestElement[] = [],
  { transferSyntax = explicitLittle, patientId = 'P1' as string | null } = {},
): Buffer {
  const elements = [
    text(attributes.sopClassUid, 'UI', '1.2.840.10008.5.1.4.1.1.7'),
    text(attributes.sopInstanceUid, 'UI', instance),
    ...more,
    ...(patientId === null ? [] : [text(attributes.patientId, 'LO', patientId)]),
    text(attributes.studyInstanceUid, 'UI', study),
    text(attributes.seriesInstanceUid, 'UI', series),
  ];
  return part10File({ transferSyntax, elements }, 7);
}

const reasons = (answer: { json: Record<string, { Value: Record<string, { Value: unknown[] }>[] }> }) =>
  (answer.json['00081198']?.Value ?? []).map((item) => item['00081197']?.Value[0]);

describe('Store: an instance', () => {
  it('that is stored is referred to by its UIDs and address', async () => {
    const uids = newUids();
    const { status, json, headers } = await v2.store([file(uids)]);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe(dicomJsonType);
    expect(json['00081199'].Value).toEqual([
      {
        '00081150': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
        '00081155': { vr: 'UI', Value: [uids.instance] },
        '00081190': {
          vr: 'UR',
          Value: [`${server.url}/dicom/v2/studies/${uids.study}/series/${uids.series}/instances/${uids.instance}`],
        },
        '00741048': { vr: 'SQ' },
      },
    ]);
  });

  it('in the study of the address: the answer has the address of the study', async () => {
    const uids = newUids();
    const { status, json } = await v2.store([file(uids)], `/studies/${uids.study}`);
    expect(status).toBe(200);
    expect(json['00081190'].Value).toEqual([`${server.url}/dicom/v2/studies/${uids.study}`]);
  });

  it('alone, as application/dicom', async () => {
    const headers = { Accept: dicomJsonType, 'Content-Type': 'application/dicom' };
    const { status } = await v2.send('POST', '/studies', { body: new Uint8Array(file(newUids())), headers });
    expect(status).toBe(200);
  });

  it('of which the body is empty or no DICOM: 409 and 272', async () => {
    const headers = { Accept: dicomJsonType, 'Content-Type': 'application/dicom' };
    for (const body of ['', 'GIF89a']) {
      const answer = await v2.send('POST', '/studies', { body, headers });
      expect(answer.status).toBe(409);
      expect(reasons(answer)).toEqual([272]);
    }
  });

  it('that is there already: 409 and 45070; replaced by PUT: 200', async () => {
    const uids = newUids();
    await v2.store([file(uids)]);
    const again = await v2.store([file(uids)]);
    expect([again.status, reasons(again)]).toEqual([409, [45070]]);
    const replaced = await v2.store([file(uids, [text(attributes.modality, 'CS', 'MR')])], '/studies', 'PUT');
    expect(replaced.status).toBe(200);
    const { json } = await v2.get(`/studies/${uids.study}/metadata`);
    expect(json).toHaveLength(1);
    expect(json[0]['00080060'].Value).toEqual(['MR']);
  });

  it('that two clients store at the same time: one 200, one 409 and 45070, one file', async () => {
    const uids = newUids();
    const answers = await Promise.all([1, 2].map(() => v2.store([file(uids)])));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(answers.flatMap(reasons)).toEqual([45070]);
    const { json } = await v2.get(`/studies/${uids.study}/metadata`);
    expect(json).toHaveLength(1);
  });

  it('of another study than the address: 409 and 43265', async () => {
    const answer = await v2.store([file(newUids())], '/studies/1.2.3.4');
    expect([answer.status, reasons(answer)]).toEqual([409, [43265]]);
  });

  it('with implicit VRs is stored with warning 45063: 202 in v2, 200 in v1', async () => {
    const options = { transferSyntax: '1.2.840.10008.1.2' };
    const inV2 = await v2.store([file(newUids(), [], options)]);
    expect(inV2.status).toBe(202);
    expect(inV2.json['00081199'].Value[0]['00081196'].Value).toEqual([45063]);
    expect((await v1.store([file(newUids(), [], options)])).status).toBe(200);
  });

  it('with two values of an indexed attribute: 200 and a Warning header', async () => {
    const { status, headers } = await v2.store([file(newUids(), [text(attributes.modality, 'CS', 'CT\\MR')])]);
    expect(status).toBe(200);
    expect(headers.get('warning')).toMatch(/^299 /);
  });

  it('padded with blanks or NULs is the same study', async () => {
    const uids = newUids();
    const { status } = await v2.store([file({ ...uids, study: `${uids.study} ` })], `/studies/${uids.study}`);
    expect(status).toBe(200);
  });
});

describe('Store: validation', () => {
  const badDate = [text(attributes.studyDate, 'DA', '20201301')];

  it('v1: an indexed attribute that is wrong is a failure, 43264 with a comment', async () => {
    const answer = await v1.store([file(newUids(), badDate)]);
    expect([answer.status, reasons(answer)]).toEqual([409, [43264]]);
    const [item] = answer.json['00081198'].Value;
    expect(item['00741048'].Value[0]['00000902'].Value[0]).toMatch(/^DICOM100: \(0008,0020\) - /);
  });

  it('v2: it is a warning, and left out of metadata and search', async () => {
    const uids = newUids();
    const answer = await v2.store([file(uids, badDate)]);
    expect(answer.status).toBe(202);
    const [item] = answer.json['00081199'].Value;
    expect(item['00081196'].Value).toEqual([1]);
    expect(item['00741048'].Value[0]['00000902'].Value[0]).toMatch(/^DICOM100: \(0008,0020\) - /);
    const { json } = await v2.get(`/studies/${uids.study}/metadata`);
    expect(json[0]).not.toHaveProperty('00080020');
  });

  it.each([
    ['no study UID', { study: '' }],
    ['a study UID that is none', { study: '1.2.x' }],
    ['an instance UID that is too long', { instance: `1.${'2'.repeat(64)}` }],
  ])('%s: 43264 in both versions', async (_, wrong) => {
    for (const api of [v1, v2]) {
      const answer = await api.store([file({ ...newUids(), ...wrong })]);
      expect([answer.status, reasons(answer)]).toEqual([409, [43264]]);
    }
  });

  it('PatientID: v1 wants a value, v2 wants it to be there', async () => {
    const empty = { patientId: '' };
    expect((await v1.store([file(newUids(), [], empty)])).status).toBe(409);
    expect((await v2.store([file(newUids(), [], empty)])).status).toBe(202);
    expect((await v2.store([file(newUids(), [], { patientId: null })])).status).toBe(409);
  });
});

describe('Store: several instances', () => {
  it('some stored, some not: 202', async () => {
    const uids = newUids();
    const answer = await v2.store([file(uids), Buffer.from('no DICOM'), file(uids)]);
    expect(answer.status).toBe(202);
    expect(reasons(answer)).toEqual([272, 45070]);
    expect(answer.json['00081199'].Value).toHaveLength(1);
  });

  it('the same instance in many parts: the first is stored, whatever the others are', async () => {
    const uids = newUids();
    const parts = Array.from({ length: 12 }, (_, at) => file(uids, [text(attributes.modality, 'CS', `M${at}`)]));
    const answer = await v2.store(parts);
    expect([answer.status, reasons(answer)]).toEqual([202, Array(11).fill(45070)]);
    const { json } = await v2.get(`/studies/${uids.study}/metadata`);
    expect(json[0]['00080060'].Value).toEqual(['M0']);
  });

  it('the answer names them in the order of the parts', async () => {
    const all = Array.from({ length: 30 }, newUids);
    const { json } = await v2.store(all.map((uids) => file(uids)));
    expect(
      json['00081199'].Value.map((item: Record<string, { Value: string[] }>) => item['00081155']?.Value[0]),
    ).toEqual(all.map(({ instance }) => instance));
  });

  it('a body that ends early: what came whole is stored', async () => {
    const [whole, cut] = [file(newUids()), file(newUids())];
    const body = multipart([whole, cut]);
    const headers = { Accept: dicomJsonType, 'Content-Type': 'multipart/related; boundary=XX' };
    const answer = await v2.send('POST', '/studies', {
      body: new Uint8Array(body.subarray(0, body.length - 40)),
      headers,
    });
    expect([answer.status, reasons(answer)]).toEqual([202, [272]]);
  });

  it('a part that ends between two elements is not taken for a whole file', async () => {
    const [whole, cut] = [file(newUids()), file(newUids(), [], { patientId: 'cut' })];
    const behindLast = 8 + 'XX'.length + 2;
    const body = multipart([whole, Buffer.concat([cut, Buffer.from(' ')])]);
    const headers = { Accept: dicomJsonType, 'Content-Type': 'multipart/related; boundary=XX' };
    const sent = new Uint8Array(body.subarray(0, body.length - behindLast + 1));
    const answer = await v2.send('POST', '/studies', { body: sent, headers });
    expect([answer.status, reasons(answer)]).toEqual([202, [272]]);
    expect((await v2.get('/studies?PatientID=cut')).status).toBe(204);
  });

  it('a large part that cannot be read does not hold up the next', async () => {
    const answer = await v2.store([Buffer.alloc(3_000_000, 1), file(newUids())]);
    expect([answer.status, reasons(answer)]).toEqual([202, [272]]);
  });

  it('none: 204', async () => {
    expect((await v2.store([])).status).toBe(204);
  });
});

describe('Store: requests that are refused', () => {
  const headers = { Accept: dicomJsonType };
  it.each([
    ['no type', 415, {}],
    ['another type', 415, { 'Content-Type': 'application/json' }],
    ['a parameter of application/dicom', 415, { 'Content-Type': 'application/dicom; x=1' }],
    ['no boundary', 415, { 'Content-Type': 'multipart/related' }],
    ['a start', 400, { 'Content-Type': 'multipart/related; boundary=XX; start="x"' }],
    ['a wrong Accept', 406, { 'Content-Type': 'application/dicom', Accept: 'application/xml' }],
  ])('%s: %i', async (_, status, more) => {
    const answer = await v2.send('POST', '/studies', { body: new Uint8Array(4), headers: { ...headers, ...more } });
    expect(answer.status).toBe(status);
  });

  it('a part of another type: 415', async () => {
    const body = new Uint8Array(multipart([file(newUids())], 'application/pdf'));
    const type = { 'Content-Type': 'multipart/related; boundary=XX' };
    expect((await v2.send('POST', '/studies', { body, headers: { ...headers, ...type } })).status).toBe(415);
  });

  it('a body that is not framed: 400', async () => {
    const type = { 'Content-Type': 'multipart/related; boundary=XX' };
    expect(
      (await v2.send('POST', '/studies', { body: 'x'.repeat(5000), headers: { ...headers, ...type } })).status,
    ).toBe(400);
  });

  it('a study in the address that is no UID: 400', async () => {
    expect((await v2.store([file(newUids())], '/studies/abc')).status).toBe(400);
  });
});
