/** The worklist on the wire: UPS-RS as AHDS has it. DICOM PS3.18, 11; PS3.4, annex CC. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discontinued, performed, workitemJson } from '../../shared/dicom/testing/workitem.ts';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { expectShown, shownRequests } from '../shown-requests.ts';
import { dicomRequests } from './dicom-requests.ts';
import { type WorklistRequests, worklistRequests } from './worklist-requests.ts';

let server: LocalServer;
let worklist: WorklistRequests;
beforeAll(async () => {
  server = await startLocalServer();
  worklist = worklistRequests(dicomRequests(`${server.url}/dicom/v2`));
});
afterAll(() => server.stop());

let last = 0;
const newUid = () => `1.2.826.0.1.${++last}`;
async function created(changes?: Readonly<Record<string, unknown>>): Promise<string> {
  const uid = newUid();
  expect((await worklist.create(uid, changes)).status).toBe(201);
  return uid;
}
async function claimed(transaction: string): Promise<string> {
  const uid = await created();
  expect((await worklist.changeState(uid, 'IN PROGRESS', transaction)).status).toBe(200);
  return uid;
}
const stateOf = async (uid: string) => (await worklist.retrieve(uid)).json['00741000'].Value[0];

describe('Workitems: the way of a workitem', () => {
  it('create, search, claim, update, complete, retrieve', async () => {
    const uid = newUid();
    const { status, headers } = await worklist.create(uid, { '00100020': { vr: 'LO', Value: ['way'] } });
    expect(status).toBe(201);
    const url = `${server.url}/dicom/v2/workitems/${uid}`;
    expect([headers.get('location'), headers.get('content-location')]).toEqual([url, url]);
    const found = await worklist.search('?PatientID=way&ProcedureStepState=SCHEDULED');
    expect(found.json.map((each: Record<string, { Value: string[] }>) => each['00080018']?.Value[0])).toEqual([uid]);

    expect((await worklist.changeState(uid, 'IN PROGRESS', '9.1')).status).toBe(200);
    const updated = await worklist.update(uid, performed, '9.1');
    expect([updated.status, updated.headers.get('content-location')]).toEqual([200, url]);
    expect(updated.headers.get('warning')).toBeNull();
    expect((await worklist.changeState(uid, 'COMPLETED', '9.1')).status).toBe(200);

    const { json } = await worklist.retrieve(uid);
    expect(json['00741000']).toEqual({ vr: 'CS', Value: ['COMPLETED'] });
    expect(json['00741216']).toEqual(performed['00741216']);
    expect(json['00080016'].Value).toEqual(['1.2.840.10008.5.1.4.34.6.1']);
    expect(json['00741202'].Value).toEqual(['worklist']);
    expect(json['00404010'].Value[0]).toMatch(/^\d{14}\.\d{6}\+0000$/);
    expect(JSON.stringify(json)).not.toContain('00081195');
    expect((await worklist.search('?PatientID=way&ProcedureStepState=SCHEDULED')).status).toBe(204);
  });

  it('a performer gives up', async () => {
    const uid = await claimed('9.1');
    expect((await worklist.changeState(uid, 'CANCELED', '9.1')).status).toBe(400);
    expect((await worklist.update(uid, discontinued, '9.1')).status).toBe(200);
    expect((await worklist.changeState(uid, 'CANCELED', '9.1')).status).toBe(200);
    expect(await stateOf(uid)).toBe('CANCELED');
  });

  it('create, cancel; a second cancel is 409 with Warning', async () => {
    const uid = await created();
    const reason = {
      '0074100A': { vr: 'UR', Value: ['tel:+1'] },
      '0074100C': { vr: 'LO', Value: ['Front desk'] },
      '00741238': { vr: 'LT', Value: ['Patient left'] },
    };
    expect((await worklist.requestCancellation(uid, reason)).status).toBe(202);
    const { json } = await worklist.retrieve(uid);
    expect(json['00741000'].Value).toEqual(['CANCELED']);
    const [progress] = json['00741002'].Value;
    expect(progress['00404052'].Value[0]).toMatch(/^\d{14}/);
    expect(progress['00741238'].Value).toEqual(['Patient left']);
    expect(progress['0074100E'].Value).toEqual([{ '00741238': reason['00741238'] }]);
    expect(progress['00741008'].Value).toEqual([{ '0074100A': reason['0074100A'], '0074100C': reason['0074100C'] }]);
    const second = await worklist.requestCancellation(uid, reason);
    expect([second.status, second.headers.get('warning')]).toEqual([409, expect.stringMatching(/^299 \S+ "B304: /)]);
  });

  it('a cancel request needs no body and no reason', async () => {
    const uid = await created();
    const { status } = await worklist.send('POST', `/workitems/${uid}/cancelrequest`, undefined, {
      'Content-Type': '',
    });
    expect(status).toBe(202);
    expect(await stateOf(uid)).toBe('CANCELED');
  });
});

describe('Workitems: states', () => {
  /** Brings a workitem that 9.1 claimed into the state. */
  async function inState(state: string): Promise<string> {
    if (state === 'SCHEDULED') return created();
    const uid = await claimed('9.1');
    if (state === 'IN PROGRESS') return uid;
    await worklist.update(uid, state === 'COMPLETED' ? performed : discontinued, '9.1');
    expect((await worklist.changeState(uid, state, '9.1')).status).toBe(200);
    return uid;
  }

  it.each([
    ['SCHEDULED', 'IN PROGRESS', '9.2', 200, ''],
    ['SCHEDULED', 'COMPLETED', '9.2', 400, 'C310'],
    ['SCHEDULED', 'CANCELED', '9.2', 400, 'C310'],
    ['SCHEDULED', 'SCHEDULED', '9.2', 400, 'C303'],
    ['IN PROGRESS', 'IN PROGRESS', '9.1', 400, 'C302'],
    ['IN PROGRESS', 'IN PROGRESS', '9.2', 400, 'C301'],
    ['IN PROGRESS', 'COMPLETED', '9.2', 400, 'C301'],
    ['IN PROGRESS', 'CANCELED', '9.2', 400, 'C301'],
    ['IN PROGRESS', 'SCHEDULED', '9.1', 400, 'C303'],
    ['COMPLETED', 'IN PROGRESS', '9.1', 400, 'C300'],
    ['COMPLETED', 'COMPLETED', '9.1', 200, 'B306'],
    ['COMPLETED', 'COMPLETED', '9.2', 400, 'C301'],
    ['COMPLETED', 'CANCELED', '9.1', 400, 'C300'],
    ['CANCELED', 'IN PROGRESS', '9.1', 400, 'C300'],
    ['CANCELED', 'COMPLETED', '9.1', 400, 'C300'],
    ['CANCELED', 'CANCELED', '9.1', 200, 'B304'],
  ])('%s to %s by %s: %i %s', async (from, to, transaction, status, code) => {
    const uid = await inState(from);
    const answer = await worklist.changeState(uid, to, transaction);
    expect(answer.status).toBe(status);
    if (code === '') expect(answer.headers.get('warning')).toBeNull();
    else expect(answer.headers.get('warning')).toMatch(new RegExp(`^299 \\S+ "${code}: `));
    if (status === 400) expect(answer.bytes.toString()).toContain(code);
    expect(await stateOf(uid)).toBe(status === 200 ? to : from);
  });

  it.each([
    ['SCHEDULED', 202, ''],
    ['IN PROGRESS', 400, 'C312'],
    ['COMPLETED', 400, 'C311'],
    ['CANCELED', 409, 'B304'],
  ])('%s, a cancel request: %i %s', async (from, status, code) => {
    const uid = await inState(from);
    const answer = await worklist.requestCancellation(uid, {});
    expect([answer.status, answer.bytes.toString()]).toEqual([status, expect.stringContaining(code)]);
    expect(await stateOf(uid)).toBe(status === 202 ? 'CANCELED' : from);
  });

  it('a workitem that is not there: 404, C307', async () => {
    const answers = [
      await worklist.changeState('9.9.9', 'IN PROGRESS', '9.1'),
      await worklist.requestCancellation('9.9.9', {}),
      await worklist.update('9.9.9', {}),
      await worklist.retrieve('9.9.9'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect(answers.every(({ bytes }) => bytes.toString().includes('C307'))).toBe(true);
  });

  it('a request for a state wants a UID and a state: 400', async () => {
    const uid = await created();
    const send = async (body: object) => (await worklist.send('PUT', `/workitems/${uid}/state`, [body])).status;
    expect(await send({ ProcedureStepState: { vr: 'CS', Value: ['IN PROGRESS'] } })).toBe(400);
    expect(await send({ TransactionUID: { vr: 'UI', Value: ['9.1'] } })).toBe(400);
    expect((await worklist.changeState(uid, 'PAUSED', '9.1')).status).toBe(400);
    expect((await worklist.changeState(uid, 'IN PROGRESS', 'mine')).status).toBe(400);
    expect((await worklist.changeState(uid, 'in progress', '9.1')).status).toBe(200);
    expect(await stateOf(uid)).toBe('IN PROGRESS');
  });

  it('of eight that claim a workitem at once one gets it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const uid = await created();
      const transactions = Array.from({ length: 8 }, (_, at) => `9.${at + 1}`);
      const answers = await Promise.all(transactions.map((each) => worklist.changeState(uid, 'IN PROGRESS', each)));
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(statuses.every((status) => [200, 400, 409].includes(status))).toBe(true);
      const winner = transactions[statuses.indexOf(200)] ?? '';
      expect((await worklist.update(uid, {}, winner)).status).toBe(200);
    }
  });

  it('of eight updates at once none that was answered with 200 is lost', async () => {
    const uid = await created();
    const tags = Array.from({ length: 8 }, (_, at) => `0009100${at}`);
    const answers = await Promise.all(
      tags.map((tag) => worklist.update(uid, { [tag]: { vr: 'LO', Value: ['there'] } })),
    );
    const { json } = await worklist.retrieve(uid);
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    for (const [at, { status }] of answers.entries()) {
      expect([200, 409]).toContain(status);
      expect(json[tags[at] ?? '']?.Value?.[0]).toBe(status === 200 ? 'there' : undefined);
    }
  });
});

describe('Workitems: create', () => {
  it('a UID that is there is 409, in whatever state', async () => {
    const uid = await claimed('9.1');
    expect((await worklist.create(uid)).status).toBe(409);
    expect(await stateOf(uid)).toBe('IN PROGRESS');
  });

  it.each([
    ['the UID in the query', '?1.7.1', undefined, 201],
    ['the UID in the body', '', '1.7.2', 201],
    ['the same in both', '?1.7.3', '1.7.3', 201],
    ['two that differ', '?1.7.4', '1.7.5', 400],
    ['none', '', undefined, 400],
    ['one that is none', '?abc', undefined, 400],
  ])('%s: %s %s %i', async (_, query, uid, status) => {
    const body = workitemJson(uid === undefined ? {} : { '00080018': { vr: 'UI', Value: [uid] } });
    expect((await worklist.send('POST', `/workitems${query}`, [body])).status).toBe(status);
  });

  it('takes an array, of which the first item counts, or an object', async () => {
    expect((await worklist.send('POST', '/workitems?1.8.1', [workitemJson(), 'whatever'])).status).toBe(201);
    expect((await worklist.send('POST', '/workitems?1.8.2', workitemJson())).status).toBe(201);
    expect((await worklist.send('POST', '/workitems?1.8.3', [])).status).toBe(400);
    expect((await worklist.send('POST', '/workitems?1.8.3', 'null')).status).toBe(400);
    expect((await worklist.send('POST', '/workitems?1.8.3', '{')).status).toBe(400);
    expect((await worklist.send('POST', '/workitems?1.8.3')).status).toBe(400);
  });

  it('takes keywords, members in any case, null, comments', async () => {
    const uid = newUid();
    const body = JSON.stringify([
      workitemJson({
        '00741204': undefined,
        procedureSTEPlabel: { VR: 'lo', value: ['By keyword'] },
        PatientSex: { vr: 'CS', Value: [null] },
        '00100040': undefined,
        '00380010': null,
        '00100010': { vr: 'PN', Value: [{ alphabetic: 'Roe^Jane', Ideographic: null }] },
      }),
    ]).replace(/\]$/, ', ] // the end');
    expect((await worklist.send('POST', `/workitems?${uid}`, body)).status).toBe(201);
    const { json } = await worklist.retrieve(uid);
    expect(json['00741204']).toEqual({ vr: 'LO', Value: ['By keyword'] });
    expect(json['00100040']).toEqual({ vr: 'CS' });
    expect(json['00380010']).toEqual({ vr: 'LO' });
    expect(json['00100010']).toEqual({ vr: 'PN', Value: [{ Alphabetic: 'Roe^Jane' }] });
  });

  it('refuses another media type with 415, another Accept with 406, a large body with 413', async () => {
    const send = async (headers: Record<string, string>, body: unknown = [workitemJson()]) =>
      (await worklist.send('POST', '/workitems?1.9.1', body, headers)).status;
    expect(await send({ 'Content-Type': 'application/json' })).toBe(415);
    expect(await send({ Accept: 'application/json' })).toBe(406);
    const large = workitemJson({ '00400400': { vr: 'LT', Value: ['x'.repeat(1024 * 1024)] } });
    expect(await send({}, [large])).toBe(413);
    expect(await send({})).toBe(201);
  });

  it('what the service sets, it sets: class, state, modification date and time', async () => {
    const uid = await created({
      '00080016': { vr: 'UI', Value: ['1.2.3'] },
      '00404010': { vr: 'DT', Value: ['1999'] },
      '00741000': { vr: 'CS', Value: ['COMPLETED'] },
      '00741202': { vr: 'LO', Value: ['Morning'] },
    });
    const { json } = await worklist.retrieve(uid);
    expect(json['00080016'].Value).toEqual(['1.2.840.10008.5.1.4.34.6.1']);
    expect(json['00741000'].Value).toEqual(['SCHEDULED']);
    expect(json['00404010'].Value[0]).not.toBe('1999');
    expect(json['00741202'].Value).toEqual(['Morning']);
  });
});

describe('Workitems: update', () => {
  it('SCHEDULED takes no transaction UID; IN PROGRESS takes that of the owner; then there is no update', async () => {
    const label = { ProcedureStepLabel: { vr: 'LO', Value: ['Neck'] } };
    const uid = await created();
    expect((await worklist.update(uid, label, '9.1')).status).toBe(400);
    expect((await worklist.update(uid, label)).status).toBe(200);
    await worklist.changeState(uid, 'IN PROGRESS', '9.1');
    expect((await worklist.update(uid, label)).status).toBe(400);
    expect((await worklist.update(uid, label, '9.2')).status).toBe(400);
    expect((await worklist.update(uid, performed, '9.1')).status).toBe(200);
    await worklist.changeState(uid, 'COMPLETED', '9.1');
    const { status, bytes, headers } = await worklist.update(uid, label, '9.1');
    expect([status, bytes.toString()]).toEqual([400, expect.stringContaining('C300')]);
    expect(headers.get('warning')).toContain('C300');
    expect((await worklist.retrieve(uid)).json['00741204'].Value).toEqual(['Neck']);
  });

  it('replaces attributes and whole sequences, and leaves the others', async () => {
    const uid = await created();
    const before = (await worklist.retrieve(uid)).json;
    const station = { '00080104': { vr: 'LO', Value: ['Second CT'] } };
    await worklist.update(uid, { '00404025': { vr: 'SQ', Value: [station] } });
    const after = (await worklist.retrieve(uid)).json;
    expect(after['00404025'].Value).toEqual([station]);
    expect(after['00404010'].Value[0] >= before['00404010'].Value[0]).toBe(true);
    const rest = ({ '00404025': _, '00404010': __, ...others }: Record<string, unknown>) => others;
    expect(rest(after)).toEqual(rest(before));
  });

  it('passes over what only the service sets, with Warning', async () => {
    const uid = await created();
    const { status, headers } = await worklist.update(uid, {
      TransactionUID: { vr: 'UI', Value: ['9.9'] },
      ScheduledProcedureStepModificationDateTime: { vr: 'DT', Value: ['1999'] },
      ProcedureStepLabel: { vr: 'LO', Value: ['Neck'] },
    });
    expect([status, headers.get('warning')]).toEqual([200, expect.stringMatching(/^299 /)]);
    const { json } = await worklist.retrieve(uid);
    expect(json['00741204'].Value).toEqual(['Neck']);
    expect(json['00404010'].Value[0]).not.toBe('1999');
    expect(json['00081195']).toBeUndefined();
  });

  it('a workitem does not grow without end: 413', async () => {
    const uid = await created();
    const text = (tag: string) => ({ [tag]: { vr: 'UT', Value: ['x'.repeat(900_000)] } });
    expect((await worklist.update(uid, text('00091001'))).status).toBe(200);
    expect((await worklist.update(uid, text('00091002'))).status).toBe(413);
    expect((await worklist.retrieve(uid)).json['00091002']).toBeUndefined();
  });
});

describe('Workitems: search', () => {
  const label = 'search test';
  beforeAll(async () => {
    const named = (uid: string, name: string, start: string, station: string) =>
      worklist.create(uid, {
        '00100010': { vr: 'PN', Value: [{ Alphabetic: name }] },
        '00100020': { vr: 'LO', Value: [label] },
        '0020000D': { vr: 'UI', Value: [`${uid}.5`] },
        '00404005': { vr: 'DT', Value: [start] },
        '00404025': {
          vr: 'SQ',
          Value: [{ '00080100': { vr: 'SH', Value: [station] }, '00080104': { vr: 'LO', Value: [station] } }],
        },
      });
    await named('1.5.1', 'Müller^Änne', '20260101', 'CT1');
    await named('1.5.2', 'Muller^Anton', '20260102120000', 'CT2');
    await named('1.5.3', 'Smith^Ann', '20260103130000+0200', 'MR1');
  });
  const found = async (query: string) => {
    const { status, json } = await worklist.search(`?PatientID=Search+Test&${query}`);
    expect([200, 204, 400]).toContain(status);
    return status === 200
      ? json.map((each: Record<string, { Value: string[] }>) => each['00080018']?.Value[0])
      : status;
  };

  it.each<[string, string[] | number]>([
    ['', ['1.5.3', '1.5.2', '1.5.1']],
    ['limit=1&offset=1', ['1.5.2']],
    ['offset=3', 204],
    ['PatientName=muller^anne', ['1.5.1']],
    ['PatientName=mul+an&fuzzymatching=true', ['1.5.2', '1.5.1']],
    ['00100010=Smith^Ann', ['1.5.3']],
    ['ScheduledStationNameCodeSequence.CodeValue=ct2', ['1.5.2']],
    ['00404025.00080100=MR1', ['1.5.3']],
    ['ScheduledStationClassCodeSequence.CodeValue=CT&limit=2', ['1.5.3', '1.5.2']],
    ['ScheduledStationGeographicLocationCodeSequence.CodeValue=WEST', 204],
    ['ReferencedRequestSequence.AccessionNumber=A-17', ['1.5.3', '1.5.2', '1.5.1']],
    ['ReferencedRequestSequence.RequestedProcedureID=RP-5', 204],
    ['StudyInstanceUID=1.5.2.5', ['1.5.2']],
    ['ProcedureStepState=SCHEDULED&limit=1', ['1.5.3']],
    ['ScheduledProcedureStepStartDateTime=20260102', ['1.5.2']],
    ['ScheduledProcedureStepStartDateTime=20260102-', ['1.5.3', '1.5.2']],
    ['ScheduledProcedureStepStartDateTime=-20260102', ['1.5.2', '1.5.1']],
    ['ScheduledProcedureStepStartDateTime=20260101-20260102', ['1.5.2', '1.5.1']],
    ['ScheduledProcedureStepStartDateTime=20260103110000', ['1.5.3']],
    ['ScheduledProcedureStepStartDateTime=20260103130000%2B0200', ['1.5.3']],
    ['ScheduledProcedureStepStartDateTime=20260102130000', 204],
  ])('%s', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  it.each([
    'ProcedureStepLabel=Head',
    'NoSuchKeyword=1',
    'AccessionNumber=A-17',
    'A.B.C=1',
    'ReferencedRequestSequence.AccessionNumber.CodeValue=1',
    'PatientName=',
    'PatientName=a&00100010=b',
    'ScheduledProcedureStepStartDateTime=tomorrow',
    'ScheduledProcedureStepStartDateTime=20260103-20260101',
    'ScheduledProcedureStepStartDateTime=-',
    'limit=0',
    'limit=201',
    'offset=-1',
    'fuzzymatching=maybe',
    'includefield=NoSuchKeyword',
    'includefield=ReferencedRequestSequence.AccessionNumber',
    'PatientName=%3Cscript',
  ])('%s: 400', async (query) => {
    expect((await worklist.search(`?${query}`)).status).toBe(400);
  });

  it('shows the default attributes, those asked for, or all', async () => {
    const shown = async (query: string) => {
      const { json } = await worklist.search(`?StudyInstanceUID=1.5.2.5${query}`);
      return Object.keys(json[0]);
    };
    const usual = await shown('');
    expect(usual).toContain('00741000');
    expect(usual).not.toContain('00400400');
    expect(await shown('&includefield=CommentsOnTheScheduledProcedureStep')).toContain('00400400');
    const { json } = await worklist.retrieve('1.5.2');
    expect((await shown('&includefield=all')).toSorted()).toEqual(Object.keys(json).toSorted());
    await worklist.changeState('1.5.2', 'IN PROGRESS', '9.1');
    expect(await shown('&includefield=TransactionUID')).not.toContain('00081195');
  });

  it('wants DICOM JSON to be accepted: 406', async () => {
    expect((await worklist.send('GET', '/workitems', undefined, { Accept: 'text/html' })).status).toBe(406);
    expect((await worklist.send('GET', '/workitems/1.5.1', undefined, { Accept: 'text/html' })).status).toBe(406);
  });
});

describe('Workitems: the requests of docs/worklist.md', () => {
  it.each(shownRequests('docs/worklist.md'))('$command', ({ command, expected }) =>
    expectShown(server.url, command, expected),
  );
});
