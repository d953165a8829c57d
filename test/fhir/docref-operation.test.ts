/** `DocumentReference/$docref` on the wire: AHDS's three patients with twelve documents each, and its rows, as GET and as POST. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { fhirRequests, type Send } from './fhir-requests.ts';

let server: LocalServer;
let send: Send;
const types = ['55107-7', '74155-3', '51851-4', '67851-6', '34744-3', '34873-0'];
const loinc = 'http://loinc.org';
const now = Date.parse('2026-03-01T12:00:00Z');
/** `hours` and a minute, so that nothing falls on a document's own time. */
const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
const documents = [0, 1, 2].flatMap((patient) =>
  Array.from({ length: 12 }, (_, hour) => ({
    key: `${patient}-${hour}`,
    patient,
    hour,
    codes: [types[hour % 6], ...(hour % 3 === 0 ? [types[(hour + 1) % 6]] : [])],
  })),
);

beforeAll(async () => {
  server = await startLocalServer();
  send = fhirRequests(`${server.url}/fhir`);
  const resources = documents.map(({ key, patient, hour, codes }) => ({
    resourceType: 'DocumentReference',
    id: key,
    status: 'current',
    subject: { reference: `Patient/${patient}` },
    type: { coding: codes.map((code) => ({ system: loinc, code })) },
    content: [{ attachment: { url: `https://test/${key}.pdf` } }],
    context: { period: { start: at(-hour), end: at(-hour) } },
  }));
  const entry = resources.map((resource) => ({
    resource,
    request: { method: 'PUT', url: `DocumentReference/${resource.id}` },
  }));
  expect((await send('POST', '', { resourceType: 'Bundle', type: 'batch', entry })).status).toBe(200);
});
afterAll(() => server.stop());

interface Asked {
  readonly patient?: readonly string[];
  readonly start?: readonly string[];
  readonly end?: readonly string[];
  readonly type?: readonly string[];
  readonly more?: readonly (readonly [string, string])[];
}
const pairsOf = ({ more = [], ...lists }: Asked): [string, string][] => [
  ...Object.entries(lists).flatMap(([name, values]) => values.map((value): [string, string] => [name, value])),
  ...more.map(([name, value]): [string, string] => [name, value]),
];

/** What the documents themselves say should be found. */
function expected({ patient = [], start = [], end = [], type = [] }: Asked): string[] {
  const patients = (patient[0] ?? '').split(',');
  const codes = type.flatMap((value) => value.split(',')).map((value) => value.replace(`${loinc}|`, ''));
  return documents
    .filter((each) => patients.includes(String(each.patient)))
    .filter(({ hour }) => start.every((text) => now - hour * 3_600_000 >= Date.parse(text)))
    .filter(({ hour }) => end.every((text) => now - hour * 3_600_000 <= Date.parse(text)))
    .filter((each) => codes.length === 0 || each.codes.some((code) => codes.includes(String(code))))
    .map(({ key }) => key)
    .sort();
}

interface Found {
  readonly keys: string[];
  readonly issues: { severity: string; code: string }[];
}

/** All pages; a further page is always asked for by GET. */
async function found(first: Promise<Awaited<ReturnType<Send>>>): Promise<Found> {
  const keys: string[] = [];
  const issues: Found['issues'] = [];
  let answer = await first;
  for (;;) {
    expect([answer.status, answer.body.type]).toEqual([200, 'searchset']);
    for (const { resource, search } of answer.body.entry ?? []) {
      if (search.mode === 'match') keys.push(resource.id);
      else issues.push(...resource.issue);
    }
    const next = answer.body.link.find(({ relation }: { relation: string }) => relation === 'next')?.url;
    if (next === undefined) return { keys: keys.sort(), issues };
    answer = await send('GET', next.slice(`${server.url}/fhir`.length));
  }
}

const get = (asked: Asked) => send('GET', `/DocumentReference/$docref?${new URLSearchParams(pairsOf(asked))}`);
const post = (asked: Asked) => {
  const parameter = pairsOf(asked).map(([name, valueString]) => ({ name, valueString }));
  return send('POST', '/DocumentReference/$docref', {
    resourceType: 'Parameters',
    ...(parameter.length > 0 && { parameter }),
  });
};
const type = (...codes: string[]) => codes.map((code) => `${loinc}|${code}`).join(',');

const valid: [string, Asked][] = [
  ['a patient', { patient: ['0'] }],
  ['two patients', { patient: ['0,2'] }],
  ['a patient that does not exist', { patient: ['nonexistent'] }],
  ['a start', { patient: ['1'], start: [at(-3.02)] }],
  ['a start, three patients', { patient: ['0,1,2'], start: [at(-1.02)] }],
  ['a start in the future', { patient: ['1'], start: [at(0.05)] }],
  ['an end', { patient: ['1'], end: [at(-4.02)] }],
  ['an end, two patients', { patient: ['0,1'], end: [at(-10.02)] }],
  ['start and end', { patient: ['1'], start: [at(-8.02)], end: [at(-2.02)] }],
  ['start and end at one time', { patient: ['1'], start: [at(-4)], end: [at(-4)] }],
  ['an end before the start', { patient: ['1'], start: [at(-2.02)], end: [at(-8.02)] }],
  ['a type', { patient: ['0'], type: [type('55107-7')] }],
  ['alternative types', { patient: ['0'], type: [type('55107-7', '34873-0')] }],
  ['types in two parameters, alternatives too', { patient: ['0'], type: [type('74155-3'), type('55107-7')] }],
  ['a type that no document has', { patient: ['1'], type: [type('nonexistent')] }],
  ['start, end and type', { patient: ['2'], start: [at(-11.02)], end: [at(-1.02)], type: [type('55107-7')] }],
  [
    'start, end and types, two patients',
    { patient: ['0,2'], start: [at(-9.02)], end: [at(-3.02)], type: [type('55107-7', '34873-0')] },
  ],
  [
    'a wide range and two types, all patients',
    { patient: ['0,1,2'], start: [at(-33)], end: [at(27)], type: [type('74155-3'), type('55107-7')] },
  ],
];
const invalid: [string, Asked][] = [
  ['no parameters', {}],
  ['no patient', { start: [at(-1)] }],
  ['two patient parameters', { patient: ['0', '1'] }],
  ['two starts', { patient: ['2'], start: [at(-1), at(-5)] }],
  ['two ends', { patient: ['2'], end: [at(-10), at(-9)] }],
  ['two dates in start', { patient: ['1'], start: [`${at(-8)},${at(-2)}`] }],
  ['two dates in end', { patient: ['1'], end: [`${at(-8)},${at(-2)}`] }],
  ['a start that is no date', { patient: ['1'], start: ['yesterday'] }],
];
const unsupported: [string, Asked][] = [
  ['on-demand', { patient: ['0'], more: [['on-demand', 'true']] }],
  ['profile', { patient: ['0'], more: [['profile', `${loinc}/55107-7`]] }],
  [
    'both',
    {
      patient: ['0'],
      more: [
        ['profile', `${loinc}/55107-7`],
        ['on-demand', 'true'],
      ],
    },
  ],
];

for (const [method, ask] of [
  ['GET', get],
  ['POST', post],
] as const) {
  describe(`DocRefOperation: ${method}`, () => {
    it.each(valid)('%s', async (_, asked) => {
      expect(await found(ask(asked))).toEqual({ keys: expected(asked), issues: [] });
    });

    it.each(invalid)('%s is 400', async (_, asked) => {
      expect((await ask(asked)).status).toBe(400);
    });

    it.each(unsupported)('%s is not supported: an issue in an otherwise empty Bundle', async (_, asked) => {
      expect(await found(ask(asked))).toMatchObject({
        keys: [],
        issues: [{ severity: 'error', code: 'not-supported' }],
      });
    });

    it('an unknown parameter is a warning', async () => {
      const asked: Asked = { patient: ['0'], more: [['unknown', 'value']] };
      const { keys, issues } = await found(ask(asked));
      expect(keys).toEqual(expected({ patient: ['0'] }));
      expect(issues[0]).toMatchObject({ severity: 'warning', code: 'not-supported' });
    });
  });
}

describe('DocRefOperation: details', () => {
  it('the table finds documents and leaves some out', () => {
    expect(expected({ patient: ['0'] })).toHaveLength(12);
    expect(valid.filter(([, asked]) => expected(asked).length > 0).length).toBeGreaterThan(12);
  });

  it('an unknown parameter is 400 with strict handling', async () => {
    const answer = await send('GET', '/DocumentReference/$docref?patient=0&unknown=x', undefined, {
      Prefer: 'handling=strict',
    });
    expect([answer.status, answer.issue]).toEqual([400, 'not-supported']);
  });

  it('the parameters have their names in any case, a type can be a Coding, an id an id', async () => {
    const parameter = [
      { name: 'Patient', valueId: '0' },
      { name: 'TYPE', valueCoding: { system: loinc, code: '55107-7' } },
    ];
    const answer = send('POST', '/DocumentReference/$docref', { resourceType: 'Parameters', parameter });
    expect((await found(answer)).keys).toEqual(expected({ patient: ['0'], type: [type('55107-7')] }));
  });

  it.each([
    ['a resource that is no Parameters', { resourceType: 'Patient' }],
    [
      'a value that no search can take',
      { resourceType: 'Parameters', parameter: [{ name: 'patient', valuePeriod: {} }] },
    ],
  ])('POST of %s is 400', async (_, body) => {
    expect((await send('POST', '/DocumentReference/$docref', body)).status).toBe(400);
  });

  it('pages of a POST go on by GET', async () => {
    const parameter = [
      { name: 'patient', valueString: '0,1,2' },
      { name: '_count', valueInteger: 5 },
    ];
    const { keys } = await found(send('POST', '/DocumentReference/$docref', { resourceType: 'Parameters', parameter }));
    expect(keys).toEqual(expected({ patient: ['0,1,2'] }));
  });
});
