/** `Observation/$lastn` on the wire. The grouping itself is the store's contract (`contract/latest.ts`). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { type FhirAnswer, fhirRequests, type Send } from './fhir-requests.ts';

let server: LocalServer;
let send: Send;
const category = (code: string) => ({
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code }],
});
const loinc = (...codes: string[]) => ({ coding: codes.map((code) => ({ system: 'http://loinc.org', code })) });

function observation(id: string, date: string | undefined, code: object, kind = 'vital-signs', patient = 'p') {
  return {
    resourceType: 'Observation',
    id,
    status: id.startsWith('error') ? 'entered-in-error' : 'final',
    category: [category(kind)],
    code,
    subject: { reference: `Patient/${patient}` },
    ...(date && { effectiveDateTime: date }),
    valueQuantity: { value: 1.5, unit: 'x' },
  };
}

beforeAll(async () => {
  server = await startLocalServer();
  send = fhirRequests(`${server.url}/fhir`);
  const resources = [
    { resourceType: 'Patient', id: 'p' },
    observation('pulse-1', '2024-01-01', loinc('8867-4')),
    observation('pulse-3', '2024-03-01', loinc('8867-4')),
    observation('pulse-2', '2024-02-01', loinc('8867-4')),
    observation('weight', '2020-01-01', loinc('29463-7')),
    observation('weight-undated', undefined, loinc('29463-7')),
    observation('glucose', '2024-05-01', loinc('2339-0'), 'laboratory'),
    observation('glucose-translated', '2024-04-01', loinc('2339-0', '2345-7'), 'laboratory'),
    observation('glucose-other', '2024-06-01', loinc('2345-7'), 'laboratory'),
    observation('text-only', '2024-01-01', { text: 'Mood' }, 'survey'),
    observation('text-only-later', '2024-01-02', { text: 'Mood' }, 'survey'),
    observation('error', '2025-01-01', loinc('error'), 'procedure'),
    observation('of-q', '2025-01-01', loinc('8867-4'), 'vital-signs', 'q'),
  ];
  const entry = resources.map((resource) => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  }));
  expect((await send('POST', '', { resourceType: 'Bundle', type: 'batch', entry })).status).toBe(200);
});
afterAll(() => server.stop());

const idsOf = ({ body }: FhirAnswer, mode = 'match'): string[] =>
  (body.entry ?? [])
    .filter(({ search }: { search: { mode: string } }) => search.mode === mode)
    .map(({ resource }: { resource: { id: string } }) => resource.id);
const lastn = (query: string) => send('GET', `/Observation/$lastn?${query}`);

describe('$lastn: the latest of each code', () => {
  it.each([
    ['patient=p&category=vital-signs', ['pulse-3', 'weight']],
    ['patient=p&category=vital-signs&max=2', ['pulse-3', 'pulse-2', 'weight', 'weight-undated']],
    ['subject=Patient/p&code=http://loinc.org|8867-4&max=9', ['pulse-3', 'pulse-2', 'pulse-1']],
    ['patient=p&category=vital-signs&date=lt2024-03-01', ['pulse-2', 'weight']],
    ['patient=p&category=laboratory', ['glucose-other']],
    ['patient=p&category=laboratory&max=3', ['glucose-other', 'glucose', 'glucose-translated']],
    ['patient=p&category=survey', ['text-only-later']],
    ['patient=p&category=procedure', ['error']],
    ['patient=p&category=procedure&status=final', []],
    ['patient=p,q&code=8867-4', ['of-q']],
    ['patient=nobody&category=vital-signs', []],
    ['patient._id=p&category=survey', ['text-only-later']],
  ])('%s gives %j', async (query, ids) => {
    const answer = await lastn(query);
    expect([answer.status, answer.body.type, answer.body.total, idsOf(answer)]).toEqual([
      200,
      'searchset',
      ids.length,
      ids,
    ]);
  });

  it('a stored text comes back with its digits, an include with it', async () => {
    const answer = await lastn('patient=p&code=29463-7&_include=Observation:subject');
    expect(idsOf(answer, 'include')).toEqual(['p']);
    expect(answer.body.entry[0].resource.valueQuantity.value).toBe(1.5);
  });

  it('by POST with Parameters too', async () => {
    const parameter = [
      { name: 'patient', valueString: 'p' },
      { name: 'category', valueCoding: { code: 'vital-signs' } },
      { name: 'max', valuePositiveInt: 2 },
    ];
    const answer = await send('POST', '/Observation/$lastn', { resourceType: 'Parameters', parameter });
    expect(idsOf(answer)).toEqual(['pulse-3', 'pulse-2', 'weight', 'weight-undated']);
  });

  it('_elements and _summary=count shape the answer; _count and _sort are said to be ignored', async () => {
    const thin = await lastn('patient=p&code=29463-7&_elements=status&_count=1&_sort=date');
    expect(thin.body.entry[1].resource.subject).toBeUndefined();
    expect(thin.body.entry[0].resource.issue.map(({ severity }: { severity: string }) => severity)).toEqual([
      'information',
      'information',
    ]);
    const counted = await lastn('patient=p&category=vital-signs&_summary=count');
    expect([counted.body.total, counted.body.entry]).toEqual([2, undefined]);
  });
});

describe('$lastn: bad requests', () => {
  it.each([
    ['', 400],
    ['patient=p', 400],
    ['category=vital-signs', 400],
    ['subject:missing=false&category=vital-signs', 400],
    ['patient=p&category:not=vital-signs', 400],
    ['patient=&category=vital-signs', 400],
    ['patient=p&category=vital-signs&max=0', 400],
    ['patient=p&category=vital-signs&max=-1', 400],
    ['patient=p&category=vital-signs&max=1.5', 400],
    ['patient=p&category=vital-signs&max=100000000000', 400],
    ['patient=p&category=vital-signs&max=1&max=2', 400],
    ['patient=p&category=vital-signs&date=x', 400],
    ['patient=p&code:above=x', 400],
    ['patient=p&category=vital-signs&code:exact=x', 403],
  ])('%s is %i', async (query, status) => {
    expect((await lastn(query)).status).toBe(status);
  });

  it('an unknown parameter is a warning, 400 with strict handling', async () => {
    const answer = await lastn('patient=p&category=survey&foo=bar');
    expect(answer.body.entry[0].resource.issue[0].code).toBe('not-supported');
    const strict = await send('GET', '/Observation/$lastn?patient=p&category=survey&foo=bar', undefined, {
      Prefer: 'handling=strict',
    });
    expect(strict.status).toBe(400);
  });

  it('more than one answer can hold is 400, not a long wait', async () => {
    const entry = Array.from({ length: 500 }, (_, at) => ({
      resource: { ...observation(`many-${at}`, '2024-01-01', loinc('same')), subject: { reference: 'Patient/many' } },
      request: { method: 'POST', url: 'Observation' },
    }));
    for (let round = 0; round < 11; round += 1) {
      await send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
    }
    const answer = await lastn('patient=many&code=same');
    expect([answer.status, answer.issue]).toEqual([400, 'too-costly']);
  });
});
