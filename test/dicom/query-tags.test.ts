/** Extended query tags: added, searched by, failing, removed. AHDS's documentation of extended query tags. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestElement, text } from '../../shared/dicom/testing/part10-file.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type DicomAnswer, type DicomRequests, dicomRequests } from './dicom-requests.ts';
import { instanceFile, newUids, type Uids } from './instance-file.ts';

let server: LocalServer;
let v1: DicomRequests;
let v2: DicomRequests;
beforeAll(async () => {
  server = await startLocalServer();
  v1 = dicomRequests(`${server.url}/dicom/v1`);
  v2 = dicomRequests(`${server.url}/dicom/v2`);
});
afterAll(() => server.stop());

const headers = { 'Content-Type': 'application/json' };
const add = (...tags: object[]) => v2.send('POST', '/extendedquerytags', { body: JSON.stringify(tags), headers });
const tagOf = async (path: string) => (await v2.get(`/extendedquerytags/${path}`)).json;
const remove = (path: string) => v2.send('DELETE', `/extendedquerytags/${path}`);
const patch = (path: string, queryStatus: string) =>
  v2.send('PATCH', `/extendedquerytags/${path}`, { body: JSON.stringify({ queryStatus }), headers });

async function ended({ json }: DicomAnswer): Promise<DicomAnswer> {
  for (;;) {
    const answer = await v2.get(`/operations/${json.id}`);
    if (answer.status !== 202) return answer;
    expect(answer.headers.get('location')).toBe(json.href);
    await delay(50);
  }
}

async function added(...tags: object[]): Promise<DicomAnswer> {
  const answer = await add(...tags);
  expect(answer.status).toBe(202);
  return ended(answer);
}

async function stored(more: readonly TestElement[], uids: Uids = newUids()): Promise<Uids> {
  expect((await v1.store([instanceFile(uids, more)])).status).toBe(200);
  return uids;
}

async function found(query: string): Promise<string[]> {
  const answer = await v2.get(query);
  expect([query, answer.status === 200 || answer.status === 204]).toEqual([query, true]);
  const tag = query.startsWith('/studies') ? '0020000D' : query.startsWith('/series') ? '0020000E' : '00080018';
  return (answer.json ?? []).map((each: Record<string, { Value: string[] }>) => each[tag]?.Value[0]).toSorted();
}

const number = (tag: number, vr: string, value: number): TestElement => {
  const bytes = Buffer.alloc({ FD: 8, FL: 4, SL: 4, SS: 2, UL: 4, US: 2 }[vr] ?? 0);
  if (vr === 'FD') bytes.writeDoubleLE(value);
  else if (vr === 'FL') bytes.writeFloatLE(value);
  else bytes.writeIntLE(value, 0, bytes.length);
  return { tag, vr, value: bytes };
};

describe('Extended query tags: one that is added', () => {
  it('is found by in what was stored before and after, and is found no more when it is removed', async () => {
    const before = await stored([text(0x00181000, 'LO', 'Device-1')]);
    await stored([text(0x00181000, 'LO', 'Device-2')]);
    const answer = await add({ path: 'DeviceSerialNumber', level: 'Instance' });
    expect(answer.status).toBe(202);
    expect(answer.json.id).toMatch(/^[0-9a-f]{32}$/);
    expect(answer.headers.get('location')).toBe(answer.json.href);
    expect(answer.json.href).toBe(`${server.url}/dicom/v2/operations/${answer.json.id}`);
    const operation = await ended(answer);
    expect(operation.json).toMatchObject({
      operationId: answer.json.id,
      type: 'reindex',
      status: 'succeeded',
      percentComplete: 100,
      resources: [`${server.url}/dicom/v2/extendedquerytags/00181000`],
    });
    expect((await v1.get(`/operations/${answer.json.id}`)).json.status).toBe('completed');
    const after = await stored([text(0x00181000, 'LO', 'device-1')]);
    const both = [before.instance, after.instance].toSorted();
    expect(await found('/instances?DeviceSerialNumber=DEVICE-1')).toEqual(both);
    expect(await found('/instances?00181000=device-1')).toEqual(both);
    const { json } = await v2.get(`/instances?00181000=device-1&SOPInstanceUID=${after.instance}`);
    expect(json[0]['00181000'].Value).toEqual(['device-1']);
    expect(await tagOf('00181000')).toEqual({
      path: '00181000',
      vr: 'LO',
      level: 'instance',
      status: 'ready',
      queryStatus: 'enabled',
    });
    expect((await v2.get('/studies?DeviceSerialNumber=device-1')).status).toBe(400);
    expect((await remove('DeviceSerialNumber')).status).toBe(204);
    expect((await remove('DeviceSerialNumber')).status).toBe(404);
    expect((await v2.get('/instances?DeviceSerialNumber=device-1')).status).toBe(400);
    await added({ path: '00181000', level: 'series' });
    expect(await found('/series?DeviceSerialNumber=device-2')).toHaveLength(1);
    expect((await remove('00181000')).status).toBe(204);
  });

  it('at the level of a study has the value of the newest instance that has one', async () => {
    const uids = newUids();
    const instance = (at: number) => ({ ...uids, instance: `${uids.series}.${at}` });
    await stored([text(0x00102180, 'SH', 'Old')], instance(1));
    await stored([text(0x00102180, 'SH', 'New')], instance(2));
    await stored([], instance(3));
    await added({ path: 'Occupation', level: 'study' });
    expect(await found('/studies?Occupation=new')).toEqual([uids.study]);
    expect(await found('/studies?Occupation=old')).toEqual([]);
    await stored([], instance(4));
    expect(await found('/instances?Occupation=new')).toHaveLength(4);
    await stored([text(0x00102180, 'SH', 'Newest')], instance(5));
    expect(await found('/studies?Occupation=newest')).toEqual([uids.study]);
    expect(await found('/studies?Occupation=new')).toEqual([]);
    expect((await v2.get(`/studies/${uids.study}/series?Occupation=newest`)).status).toBe(400);
    await remove('Occupation');
  });

  it('of a private group is found in the block of its creator', async () => {
    const tag = { path: '12051003', vr: 'CS', privateCreator: 'Creator X', level: 'instance' };
    const there = await stored([text(0x12050010, 'LO', 'Creator X'), text(0x12051003, 'CS', 'YES')]);
    await added(tag);
    const moved = await stored([
      text(0x12050010, 'LO', 'Another'),
      text(0x12050011, 'LO', 'Creator X'),
      text(0x12051003, 'CS', 'NO'),
      text(0x12051103, 'CS', 'YES'),
    ]);
    expect(await found('/instances?12051003=YES')).toEqual([there.instance, moved.instance].toSorted());
    expect(await tagOf('12051003')).toMatchObject({ privateCreator: 'Creator X', vr: 'CS' });
    expect((await remove('12051003')).status).toBe(204);
  });
});

describe('Extended query tags: searches', () => {
  const cases: readonly { path: string; element: TestElement; right: string[]; wrong: string[]; invalid: string[] }[] =
    [
      {
        path: 'AcquisitionDateTime',
        element: text(0x0008002a, 'DT', '20200615103000.5+0100'),
        right: ['20200615103000.5', '20200615-20200616', '2020-', '-20200615103000.500000', '202006-'],
        wrong: ['20200615', '20200615103001-', '-2020'],
        invalid: ['20200615103000+0100', '-', '2020-2019', '20201301', 'x'],
      },
      {
        path: 'AcquisitionTime',
        element: text(0x00080032, 'TM', '1030'),
        right: ['1030', '103000', '10-11', '-1030', '103000.000-'],
        wrong: ['10', '1031-', '-1029'],
        invalid: ['25', '1030-10', '-', '10:30'],
      },
      {
        path: 'AcquisitionDate',
        element: text(0x00080022, 'DA', '20200101'),
        right: ['20200101', '20200101-', '-20200101', '20191231-20200102'],
        wrong: ['20200102', '20200102-'],
        invalid: ['2020', '20200102-20200101'],
      },
      {
        path: 'SeriesNumber',
        element: text(0x00200011, 'IS', ' 07'),
        right: ['7', '07', '+7'],
        wrong: ['8', '-7'],
        invalid: ['7.0', 'x', '9223372036854775808', '99999999999999999999'],
      },
      {
        path: 'PatientWeight',
        element: text(0x00101030, 'DS', '70.50'),
        right: ['70.5', '7.05e1'],
        wrong: ['70'],
        invalid: ['heavy', '1e999'],
      },
      {
        path: 'ExposureTimeInms',
        element: number(0x00189328, 'FD', 0.1),
        right: ['0.1'],
        wrong: ['0.2'],
        invalid: ['0,1'],
      },
      {
        path: '0018602C',
        element: number(0x0018602c, 'FD', -2.5),
        right: ['-2.5'],
        wrong: ['2.5'],
        invalid: ['NaN', 'Infinity'],
      },
      {
        path: 'RegionLocationMinX0',
        element: number(0x00186018, 'UL', 12),
        right: ['12'],
        wrong: ['13'],
        invalid: ['1.5'],
      },
      {
        path: 'ReferencePixelX0',
        element: number(0x00186020, 'SL', -12),
        right: ['-12'],
        wrong: ['12'],
        invalid: ['a'],
      },
      {
        path: 'ReferencePixelPhysicalValueX',
        element: number(0x00186028, 'FD', 3),
        right: ['3', '3.0'],
        wrong: ['4'],
        invalid: ['three'],
      },
      { path: 'Rows', element: number(0x00280010, 'US', 512), right: ['512'], wrong: ['511'], invalid: ['x'] },
      {
        path: 'StationName',
        element: text(0x00081010, 'SH', 'Ärzte'),
        right: ['%C3%84RZTE', '%C3%A4rzte'],
        wrong: ['Arzte', 'rzte'],
        invalid: [''],
      },
      {
        path: 'OperatorsName',
        element: text(0x00081070, 'PN', 'D\u00f6e^Jane'),
        right: ['doe%5EJANE', 'jan&fuzzymatching=true', 'doe%20ja&fuzzymatching=true'],
        wrong: ['jane', 'ane&fuzzymatching=true'],
        invalid: ['%22jane&fuzzymatching=true'],
      },
      {
        path: 'PatientAge',
        element: text(0x00101010, 'AS', '034Y'),
        right: ['034y'],
        wrong: ['035Y'],
        invalid: [''],
      },
      {
        path: 'FrameOfReferenceUID',
        element: text(0x00200052, 'UI', '1.2.3'),
        right: ['1.2.3'],
        wrong: ['1.2'],
        invalid: [''],
      },
    ];
  const latin1 = text(0x00080005, 'CS', 'ISO_IR 100');
  let all: Uids;
  beforeAll(async () => {
    all = await stored([latin1, ...cases.map(({ element }) => element)]);
    await stored([]);
    await added(...cases.map(({ path }) => ({ path, level: 'instance' })));
  });
  afterAll(async () => {
    for (const { path } of cases) expect((await remove(path)).status).toBe(204);
  });

  it.each(cases)('by $path', async ({ path, right, wrong, invalid }) => {
    for (const value of right) {
      expect([value, await found(`/instances?${path}=${value}`)]).toEqual([value, [all.instance]]);
    }
    for (const value of wrong) expect([value, await found(`/instances?${path}=${value}`)]).toEqual([value, []]);
    for (const value of invalid) {
      expect([value, (await v2.get(`/instances?${path}=${value}`)).status]).toEqual([value, 400]);
    }
  });

  it('list their tags page by page', async () => {
    const { json } = await v2.get('/extendedquerytags?limit=2&offset=1');
    expect(json.map(({ vr }: { vr: string }) => vr)).toEqual(['TM', 'DA']);
    for (const query of ['limit=0', 'limit=201', 'offset=-1', 'limit=x']) {
      expect((await v2.get(`/extendedquerytags?${query}`)).status).toBe(400);
    }
  });
});

describe('Extended query tags: values that cannot be indexed', () => {
  it('are errors of the tag, which is disabled until somebody enables it', async () => {
    const wrong = await stored([text(0x00200012, 'IS', 'abc')]);
    const right = await stored([text(0x00200012, 'IS', '5')]);
    await added({ path: 'AcquisitionNumber', level: 'instance' });
    const tag = await tagOf('AcquisitionNumber');
    expect(tag).toMatchObject({ status: 'ready', queryStatus: 'disabled', errors: { count: 1 } });
    const errors = await v2.get('/extendedquerytags/AcquisitionNumber/errors');
    expect(errors.json).toEqual([
      {
        studyInstanceUid: wrong.study,
        seriesInstanceUid: wrong.series,
        sopInstanceUid: wrong.instance,
        partitionName: 'Microsoft.Default',
        createdTime: expect.stringMatching(/^\d{4}-.*\+00:00$/),
        errorMessage: expect.any(String),
      },
    ]);
    expect((await v2.get('/instances?AcquisitionNumber=5')).status).toBe(400);
    expect((await patch('AcquisitionNumber', 'enabled')).json.queryStatus).toBe('enabled');
    const search = await v2.get('/instances?AcquisitionNumber=5');
    expect(search.headers.get('erroneous-dicom-attributes')).toBe('AcquisitionNumber');
    expect(await found('/instances?AcquisitionNumber=5')).toEqual([right.instance]);
    expect((await v2.get('/instances?AcquisitionNumber=6')).headers.get('erroneous-dicom-attributes')).toBe(
      'AcquisitionNumber',
    );
    await v2.send('DELETE', `/studies/${wrong.study}`);
    expect(await tagOf('AcquisitionNumber')).not.toHaveProperty('errors');
    await remove('AcquisitionNumber');
  });

  it('v1 refuses an instance with such a value, v2 stores it with a warning', async () => {
    await added({ path: 'InstanceNumber', level: 'instance' });
    const invalid = () => instanceFile(newUids(), [text(0x00200013, 'IS', 'one')]);
    const refused = await v1.store([invalid()]);
    expect(refused.status).toBe(409);
    expect(refused.json['00081198'].Value[0]['00081197'].Value).toEqual([43264]);
    expect((await v2.store([invalid()])).status).toBe(202);
    expect(await tagOf('InstanceNumber')).toMatchObject({ queryStatus: 'enabled' });
    await remove('InstanceNumber');
  });

  it('several values of one: the first counts, and a header says so', async () => {
    await added({ path: 'ImageType', level: 'instance' });
    const uids = newUids();
    const answer = await v2.store([instanceFile(uids, [text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY')])]);
    expect([answer.status, answer.headers.get('warning')?.slice(0, 3)]).toEqual([200, '299']);
    expect(await found('/instances?ImageType=original')).toEqual([uids.instance]);
    expect(await found('/instances?ImageType=primary')).toEqual([]);
    await remove('ImageType');
  });
});

describe('Extended query tags: requests that are refused', () => {
  const level = 'study';
  it.each([
    ['nothing', []],
    ['no path', [{ level }]],
    ['no level', [{ path: 'PatientAge' }]],
    ['a wrong level', [{ path: 'PatientAge', level: 'patient' }]],
    ['an unknown keyword', [{ path: 'NoSuchThing', level }]],
    ['a path through a sequence', [{ path: '00101002.00100020', level }]],
    ['what every service is searched by', [{ path: 'PatientName', level }]],
    ['a UID of a level', [{ path: 'SOPInstanceUID', level }]],
    [
      'the same twice',
      [
        { path: 'PatientAge', level },
        { path: '00101010', level },
      ],
    ],
    ['another VR', [{ path: 'PatientAge', vr: 'IS', level }]],
    ['a creator of a public tag', [{ path: 'PatientAge', privateCreator: 'X', level }]],
    ['a sequence', [{ path: 'OtherPatientIDsSequence', level }]],
    ['a long text', [{ path: 'PatientComments', level }]],
    ['a private tag without VR', [{ path: '12051003', privateCreator: 'X', level }]],
    ['a private tag without creator', [{ path: '12051003', vr: 'CS', level }]],
    ['a private creator of 65 characters', [{ path: '12051003', vr: 'CS', privateCreator: 'x'.repeat(65), level }]],
    ['a creator of a creator', [{ path: '12050010', vr: 'LO', privateCreator: 'X', level }]],
    [
      'more than 128',
      Array.from({ length: 129 }, (_, at) => ({
        path: `000911${(0x10 + at).toString(16)}`,
        vr: 'LO',
        privateCreator: 'X',
        level,
      })),
    ],
    ['a path that is no text', [{ path: 1, level }]],
    ['an entry that is no object', ['PatientAge']],
  ])('%s: 400', async (_, tags) => {
    expect((await add(...(tags as object[]))).status).toBe(400);
    expect((await v2.get('/extendedquerytags')).json).toEqual([]);
  });

  it('no JSON: 400; another type: 415; unknown tags: 404; bad paths: 400', async () => {
    expect((await v2.send('POST', '/extendedquerytags', { body: '[', headers })).status).toBe(400);
    const type = { 'Content-Type': 'text/plain' };
    expect((await v2.send('POST', '/extendedquerytags', { body: '[]', headers: type })).status).toBe(415);
    for (const path of ['PatientAge', '00101010', 'PatientAge/errors']) {
      expect((await v2.get(`/extendedquerytags/${path}`)).status).toBe(404);
    }
    expect((await remove('PatientAge')).status).toBe(404);
    expect((await patch('PatientAge', 'enabled')).status).toBe(404);
    expect((await patch('PatientAge', 'perhaps')).status).toBe(400);
    expect((await v2.get('/extendedquerytags/x.y')).status).toBe(400);
    expect((await v2.get(`/operations/${'0'.repeat(32)}`)).status).toBe(404);
    expect((await v2.get('/operations/x')).status).toBe(404);
  });

  it('a tag that is there already: 409', async () => {
    await added({ path: 'PatientAge', level });
    expect((await add({ path: 'PatientAge', level: 'series' }, { path: 'PatientSize', level })).status).toBe(409);
    expect((await v2.get('/extendedquerytags/PatientSize')).status).toBe(404);
    await remove('PatientAge');
  });
});

describe('Extended query tags: at the same time', () => {
  it('instances that are stored while tags come and go are found by all of them', async () => {
    let storing = true;
    const all: Uids[] = [];
    const writers = [1, 2, 3].map(async () => {
      while (storing) all.push(await stored([text(0x00181030, 'LO', 'Protocol')]));
    });
    for (let round = 0; round < 3; round += 1) {
      await added({ path: 'ProtocolName', level: 'instance' });
      const known = new Set(await found('/instances?ProtocolName=protocol&limit=200'));
      expect(known.size).toBeGreaterThan(0);
      if (round < 2) await remove('ProtocolName');
    }
    storing = false;
    await Promise.all(writers);
    const missing = [];
    for (const { study, instance } of all) {
      const [only] = await found(`/instances?StudyInstanceUID=${study}&ProtocolName=protocol`);
      if (only !== instance) missing.push(instance);
    }
    expect(missing).toEqual([]);
    await remove('ProtocolName');
  });
});
