/** Headers, formats and the addresses that describe the service, as AHDS answers them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { fhirRequests, type Send } from './fhir-requests.ts';

let server: LocalServer;
let send: Send;
let base: string;
let lastModified: string;
beforeAll(async () => {
  server = await startLocalServer();
  base = `${server.url}/fhir`;
  send = fhirRequests(base);
  const { headers } = await send('PUT', '/Patient/p', { resourceType: 'Patient', id: 'p' });
  lastModified = headers.get('last-modified') ?? '';
});
afterAll(() => server.stop());

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe('Read: a conditional read', () => {
  it.each<[string, () => Record<string, string>, number]>([
    ['the version that the client has', () => ({ 'If-None-Match': 'W/"1"' }), 304],
    ['one of several', () => ({ 'If-None-Match': 'W/"7", W/"1"' }), 304],
    ['any', () => ({ 'If-None-Match': '*' }), 304],
    ['another version', () => ({ 'If-None-Match': 'W/"2"' }), 200],
    ['a malformed tag', () => ({ 'If-None-Match': 'x' }), 200],
    ['not changed since', () => ({ 'If-Modified-Since': lastModified }), 304],
    ['changed since', () => ({ 'If-Modified-Since': new Date(0).toUTCString() }), 200],
    ['a malformed date', () => ({ 'If-Modified-Since': 'yesterday' }), 200],
    [
      'another version, not changed since',
      () => ({ 'If-None-Match': 'W/"2"', 'If-Modified-Since': lastModified }),
      200,
    ],
  ])('%s', async (_, headers, status) => {
    for (const address of ['/Patient/p', '/Patient/p/_history/1']) {
      const answer = await send('GET', address, undefined, headers());
      expect([answer.status, answer.headers.get('etag')]).toEqual([status, 'W/"1"']);
      expect(Object.keys(answer.body).length > 0).toBe(status === 200);
    }
  });

  it('in a batch', async () => {
    const request = { method: 'GET', url: 'Patient/p', ifNoneMatch: 'W/"1"' };
    const { body } = await send('POST', '', { resourceType: 'Bundle', type: 'batch', entry: [{ request }] });
    expect(body.entry[0]).toMatchObject({ response: { status: '304', etag: 'W/"1"' } });
    expect(body.entry[0].resource).toBeUndefined();
  });
});

describe('CustomHeaders: taken, checked, answered', () => {
  it('every answer has a request id of ours; the one of the client comes back as correlation id', async () => {
    const { headers } = await send('GET', '/Patient/p', undefined, { 'X-Request-Id': 'mine' });
    expect(headers.get('x-request-id')).toMatch(guid);
    expect(headers.get('x-correlation-id')).toBe('mine');
    expect((await send('GET', '/Patient/p')).headers.get('x-correlation-id')).toBeNull();
    expect([headers.get('x-content-type-options'), headers.get('x-frame-options')]).toEqual(['nosniff', 'SAMEORIGIN']);
    expect(headers.get('content-security-policy')).toBe("frame-src 'self';");
  });

  it('an outcome has the request id as its id', async () => {
    const { headers, body } = await send('GET', '/Patient/never');
    expect([body.id, typeof body.meta.lastUpdated]).toEqual([headers.get('x-request-id'), 'string']);
  });

  it.each([
    ['10 audit headers', 10, 10, 200],
    ['11 audit headers', 11, 10, 431],
    ['a value of 2,048 characters', 1, 2048, 200],
    ['a value of 2,049 characters', 1, 2049, 431],
  ])('%s: %i', async (_, count, length, status) => {
    const headers = Array.from({ length: count }, (_each, n) => [`X-MS-AZUREFHIR-AUDIT-${n}`, 'a'.repeat(length)]);
    expect((await send('GET', '/Patient/p', undefined, Object.fromEntries(headers))).status).toBe(status);
  });

  it.each(['1', '2', '3'])('a continuation token limit of %s is taken', async (limit) => {
    const headers = { 'x-ms-documentdb-responsecontinuationtokenlimitinkb': limit };
    expect((await send('GET', '/Patient', undefined, headers)).status).toBe(200);
  });

  it.each(['0', '4', 'x', ''])('a continuation token limit of "%s" is 400', async (limit) => {
    const headers = { 'x-ms-documentdb-responsecontinuationtokenlimitinkb': limit };
    expect((await send('GET', '/Patient', undefined, headers)).status).toBe(400);
  });

  it('headers that steer the store of AHDS are taken and change nothing', async () => {
    const names = [
      'x-ms-consistency-level',
      'x-ms-session-token',
      'x-ms-query-latency-over-efficiency',
      'x-ms-fhiruser',
    ];
    const more = ['x-conditionalquery-processing-logic', 'x-ms-use-partial-indices', 'x-ms-query-cache'];
    const headers = Object.fromEntries([...names, ...more].map((name) => [name, 'x']));
    expect((await send('GET', '/Patient/p', undefined, headers)).status).toBe(200);
  });
});

describe('Prefer', () => {
  const post = (prefer: string, more: Record<string, string> = {}) =>
    send('POST', '/Patient', { resourceType: 'Patient', active: true }, { Prefer: prefer, ...more });

  it('return=minimal has no body, return=OperationOutcome an outcome, several preferences hold together', async () => {
    expect((await post('return=minimal')).body).toEqual({});
    expect((await post('return=OperationOutcome')).body.resourceType).toBe('OperationOutcome');
    const { status, body } = await post('handling=strict, return=minimal');
    expect([status, body]).toEqual([201, {}]);
  });

  it('a value that is none is 400, and nothing is written', async () => {
    const total = async () => (await send('GET', '/_history?_count=0')).body.total;
    const before = await total();
    for (const prefer of ['return=nothing', 'handling=loose', 'return=minimal,handling=x']) {
      expect((await post(prefer)).status).toBe(400);
      expect(
        (await send('PUT', '/Patient/p', { resourceType: 'Patient', id: 'p', active: true }, { Prefer: prefer }))
          .status,
      ).toBe(400);
      expect((await send('DELETE', '/Patient/p', undefined, { Prefer: prefer })).status).toBe(400);
      for (const type of ['batch', 'transaction']) {
        const entry = [{ resource: { resourceType: 'Patient' }, request: { method: 'POST', url: 'Patient' } }];
        expect((await send('POST', '', { resourceType: 'Bundle', type, entry }, { Prefer: prefer })).status).toBe(400);
      }
    }
    expect(await total()).toBe(before);
  });

  it('If-None-Exist that is empty is 400', async () => {
    expect((await post('return=minimal', { 'If-None-Exist': '' })).status).toBe(400);
  });
});

describe.each(['json', 'xml'] as const)('Exception: failures as OperationOutcome, %s', (format) => {
  it.each([
    ['an unknown address', 'GET', '/a/b/c/d', 404, 'not-found'],
    ['a method that is not served', 'DELETE', '/metadata', 405, 'not-supported'],
    ['an unknown type', 'GET', '/Foo/1', 404, 'not-found'],
    ['a body that is none', 'POST', '/Patient', 400, 'structure'],
  ])('%s', async (_, method, address, status, issue) => {
    const body = method === 'POST' ? 'x' : undefined;
    const answer = await fhirRequests(base, format)(method, address, body);
    expect([answer.status, answer.issue]).toEqual([status, issue]);
    expect(answer.headers.get('content-type')).toContain(format);
  });
});

describe('OperationVersions: $versions', () => {
  const text = async (query: string, accept?: string) => {
    const answer = await fetch(`${base}/$versions${query}`, {
      headers: accept === undefined ? {} : { Accept: accept },
    });
    return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
  };

  it.each([undefined, '*/*', 'application/json', 'application/fhir+json'])('as JSON for %s', async (accept) => {
    const answer = await text('', accept);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { versions: ['4.0'], default: '4.0' }]);
    expect(answer.type).toContain('json');
  });

  it.each(['application/xml', 'application/fhir+xml', 'text/xml'])('as XML for %s', async (accept) => {
    const answer = await text('', accept);
    expect([answer.status, answer.type]).toEqual([200, 'application/xml; charset=utf-8']);
    expect(answer.text).toContain('<version>4.0</version><default>4.0</default>');
  });

  it('anything else is 406', async () => {
    expect((await text('', 'text/html')).status).toBe(406);
    expect((await text('?_format=turtle')).status).toBe(406);
  });
});

describe('ResourceTypeCaseSensitivity: a type in other case is another type', () => {
  it.each([
    ['GET', '/patient'],
    ['GET', '/PATIENT/p'],
    ['GET', '/patient/_history'],
    ['GET', '/patient/p/_history/1'],
    ['GET', '/Patient/p/observation'],
    ['POST', '/patient'],
    ['PUT', '/patient/p'],
    ['PATCH', '/patient/p'],
    ['DELETE', '/patient/p'],
    ['DELETE', '/patient?_id=p'],
  ])('%s %s is 404', async (method, address) => {
    const body = {
      POST: { resourceType: 'Patient' },
      PUT: { resourceType: 'Patient', id: 'p' },
      PATCH: { resourceType: 'Parameters' },
    };
    const answer = await send(method, address, (body as Record<string, object>)[method]);
    expect([answer.status, answer.issue]).toEqual([404, 'not-found']);
  });
});

describe.each(['json', 'xml'] as const)('Metadata: in %s', (format) => {
  const metadata = (query = '') => fhirRequests(base, format)('GET', `/metadata${query}`);

  it('lists what each type offers; an AuditEvent is not changed', async () => {
    const { status, body } = await metadata();
    expect([status, body.resourceType, body.patchFormat.length]).toEqual([200, 'CapabilityStatement', 3]);
    const codes = (type: string) => {
      const found = body.rest[0].resource.find((each: { type: string }) => each.type === type);
      return found.interaction.map(({ code }: { code: string }) => code);
    };
    expect(codes('Patient')).toEqual(expect.arrayContaining(['read', 'update', 'patch', 'delete']));
    expect(codes('AuditEvent')).toEqual(expect.not.arrayContaining(['update', 'patch', 'delete']));
    expect(codes('AuditEvent')).toContain('create');
  });

  it('_summary and _elements leave the mandatory elements and what they ask for', async () => {
    const summary = await metadata('?_summary=true');
    expect([summary.status, summary.body.kind, summary.body.rest[0].resource[0].searchParam]).toEqual([
      200,
      'capability',
      undefined,
    ]);
    const elements = await metadata('?_elements=fhirVersion');
    expect([elements.status, elements.body.fhirVersion, elements.body.rest]).toEqual([200, '4.0.1', undefined]);
    expect(elements.body.meta.tag[0].code).toBe('SUBSETTED');
  });

  it.each(['full', 'normative', 'terminology'])('mode=%s is taken', async (mode) => {
    expect((await metadata(`?mode=${mode}`)).status).toBe(200);
  });

  it.each(['mode=all', '_summary=x', '_elements=', '_pretty=maybe', '_summary=true&_elements=url'])(
    '%s is 400',
    async (query) => {
      expect((await metadata(`?${query}`)).status).toBe(400);
    },
  );
});

describe('Metadata: formats', () => {
  it.each([
    ['_format=json', 200, 'application/fhir+json'],
    ['_format=application/fhir%2Bjson', 200, 'application/fhir+json'],
    ['_format=xml', 200, 'application/fhir+xml'],
    ['_format=text/turtle', 406, 'json'],
  ])('%s', async (query, status, type) => {
    const answer = await fetch(`${base}/metadata?${query}`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, expect.stringContaining(type)]);
  });

  it('_pretty breaks lines', async () => {
    expect(await (await fetch(`${base}/metadata?_pretty=true`)).text()).toContain('\n  "resourceType"');
  });

  it('a caller needs no right, an Accept that is not offered is 406', async () => {
    expect((await fetch(`${base}/metadata`, { headers: { Accept: 'text/html' } })).status).toBe(406);
  });
});
