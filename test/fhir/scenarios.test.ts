/** What a client does to single resources, as AHDS answers it, in each format. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalServer, startLocalServer } from '../local-server.ts';
import { fhirRequests, type Send } from './fhir-requests.ts';

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
});
afterAll(() => server.stop());

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

describe.each(['json', 'xml'] as const)('with %s', (format) => {
  let send: Send;
  let base: string;
  beforeAll(() => {
    base = `${server.url}/fhir`;
    send = fhirRequests(base, format);
  });

  const observation = (more: object = {}) => ({
    resourceType: 'Observation',
    status: 'final',
    code: { text: 'x' },
    ...more,
  });
  const patient = (more: object = {}) => ({ resourceType: 'Patient', ...more });
  const tagged = (value: string, more: object = {}) =>
    patient({ identifier: [{ system: `urn:${format}`, value }], ...more });
  const by = (value: string) => `identifier=urn:${format}|${value}`;
  const id = (name: string) => `${format}-${name}`;

  describe('Create: a new resource', () => {
    it('201 with a GUID, version 1, Location, ETag, Last-Modified and the resource', async () => {
      const { status, headers, body } = await send('POST', '/Observation', observation());
      expect(status).toBe(201);
      expect(body.id).toMatch(guid);
      expect(body.meta.versionId).toBe('1');
      expect(headers.get('location')).toBe(`${base}/Observation/${body.id}/_history/1`);
      expect(headers.get('etag')).toBe('W/"1"');
      expect(Date.parse(headers.get('last-modified') ?? '')).toBe(
        Math.floor(Date.parse(body.meta.lastUpdated) / 1000) * 1000,
      );
    });

    it("the client's id, version and time are not taken", async () => {
      const meta = { versionId: '7', lastUpdated: '2001-01-01T00:00:00Z', tag: [{ code: 'kept' }] };
      const { body } = await send('POST', '/Observation', observation({ id: 'mine', meta }));
      expect(body.id).not.toBe('mine');
      expect([body.meta.versionId, body.meta.tag]).toEqual(['1', [{ code: 'kept' }]]);
      expect(body.meta.lastUpdated.startsWith('2001')).toBe(false);
    });

    it.each([
      ['an invalid date', patient({ birthDate: '2020-13-01' }), 400],
      ['an invalid code', patient({ gender: 'x' }), 400],
      ['a mandatory element that is missing', { resourceType: 'Observation', status: 'final' }, 400],
      ['another type than the address', { resourceType: 'Device' }, 400],
    ])('%s is %s', async (_, resource, status) => {
      const type = resource.resourceType === 'Observation' ? 'Observation' : 'Patient';
      expect((await send('POST', `/${type}`, resource)).status).toBe(status);
    });

    it.each([
      ['a script', '<div xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></div>', 400],
      ['an event', '<div xmlns="http://www.w3.org/1999/xhtml" onclick="x()">a</div>', 400],
      ['a table', '<div xmlns="http://www.w3.org/1999/xhtml"><table><tr><td>a</td></tr></table></div>', 201],
    ])('a narrative with %s is %s', async (_, div, status) => {
      expect((await send('POST', '/Patient', patient({ text: { status: 'generated', div } }))).status).toBe(status);
    });

    it('text that looks like a script outside of the narrative is data', async () => {
      const { status, body } = await send(
        'POST',
        '/Patient',
        patient({ name: [{ text: '<script>alert(1)</script>' }] }),
      );
      expect([status, body.name[0].text]).toEqual([201, '<script>alert(1)</script>']);
    });

    it('a content type that is not offered, or none, is 415', async () => {
      expect((await send('POST', '/Patient', 'x', { 'Content-Type': 'text/plain' })).status).toBe(415);
      const answer = await fetch(`${base}/Patient`, { method: 'POST', body: Buffer.from('x') });
      expect(answer.status).toBe(415);
    });

    it('a reference by criteria is resolved: one match, else 400', async () => {
      await send('PUT', `/Patient/${id('subject')}`, tagged('subject', { id: id('subject') }));
      const about = (criteria: string) =>
        send('POST', '/Observation', observation({ subject: { reference: `Patient?${criteria}` } }));
      expect((await about(by('subject'))).body.subject.reference).toBe(`Patient/${id('subject')}`);
      expect((await about(by('nobody'))).status).toBe(400);
    });
  });

  describe('Read, VRead: a version', () => {
    it('the resource with its version and time; a version by its number', async () => {
      const { body: created } = await send('POST', '/Patient', patient({ active: true }));
      await send('PUT', `/Patient/${created.id}`, patient({ id: created.id, active: false }));
      const current = await send('GET', `/Patient/${created.id}`);
      expect([current.status, current.headers.get('etag'), current.body.active]).toEqual([200, 'W/"2"', false]);
      const first = await send('GET', `/Patient/${created.id}/_history/1`);
      expect([first.status, first.headers.get('etag'), first.body]).toEqual([200, 'W/"1"', created]);
    });

    it('an id or a version that is not there is 404', async () => {
      const { body } = await send('POST', '/Patient', patient());
      for (const address of ['never', `${body.id}/_history/2`, `${body.id}/_history/x`, `${body.id}/_history/0`]) {
        const answer = await send('GET', `/Patient/${address}`);
        expect([answer.status, answer.issue]).toEqual([404, 'not-found']);
      }
      expect((await send('GET', `/Device/${body.id}`)).status).toBe(404);
    });
  });

  describe('Update: a new version', () => {
    it('of what is not there is 201, again 200, of the same 200 without a version', async () => {
      const address = `/Patient/${id('up')}`;
      expect((await send('PUT', address, patient({ id: id('up') }))).status).toBe(201);
      const changed = patient({ id: id('up'), active: true });
      const second = await send('PUT', address, changed);
      expect([second.status, second.headers.get('etag')]).toEqual([200, 'W/"2"']);
      const same = await send('PUT', address, { ...second.body });
      expect([same.status, same.headers.get('etag'), same.body]).toEqual([200, 'W/"2"', second.body]);
    });

    it.each([
      ['no id', 'a', patient(), 400],
      ['another id', 'a', patient({ id: 'b' }), 400],
      ['a malformed id', 'a_b', patient({ id: 'a_b' }), 404],
      ['an id of 65 characters', 'a'.repeat(65), patient({ id: 'a'.repeat(65) }), 400],
    ])('%s', async (_, address, resource, status) => {
      expect((await send('PUT', `/Patient/${address}`, resource)).status).toBe(status);
    });

    it.each([
      ['W/"1"', 200],
      ['W/"2"', 412],
      ['"1"', 400],
      ['1', 400],
      ['W/1', 400],
    ])('If-Match: %s is %i', async (tag, status) => {
      const { body } = await send('POST', '/Patient', patient());
      const answer = await send('PUT', `/Patient/${body.id}`, patient({ id: body.id, active: true }), {
        'If-Match': tag,
      });
      expect(answer.status).toBe(status);
    });

    it('If-Match of what is not there is 404', async () => {
      const resource = patient({ id: id('absent') });
      expect((await send('PUT', `/Patient/${id('absent')}`, resource, { 'If-Match': 'W/"1"' })).status).toBe(404);
    });
  });

  describe('Delete: a tombstone', () => {
    it('204 with the ETag of the tombstone, then 410; again 204 without another version', async () => {
      const { body } = await send('POST', '/Patient', patient());
      const deleted = await send('DELETE', `/Patient/${body.id}`);
      expect([deleted.status, deleted.headers.get('etag'), deleted.body]).toEqual([204, 'W/"2"', {}]);
      const gone = await send('GET', `/Patient/${body.id}`);
      expect([gone.status, gone.issue, gone.headers.get('etag')]).toEqual([410, 'deleted', 'W/"2"']);
      expect((await send('DELETE', `/Patient/${body.id}`)).headers.get('etag')).toBe('W/"2"');
      expect((await send('DELETE', '/Patient/never')).status).toBe(204);
    });

    it.each(['_hardDelete', 'hardDelete'])('%s=true leaves nothing, allowPartialSuccess is taken', async (name) => {
      const { body } = await send('POST', '/Patient', patient());
      await send('PUT', `/Patient/${body.id}`, patient({ id: body.id, active: true }));
      expect((await send('DELETE', `/Patient/${body.id}?${name}=true&allowPartialSuccess=true`)).status).toBe(204);
      for (const address of ['', '/_history/1', '/_history']) {
        expect((await send('GET', `/Patient/${body.id}${address}`)).status).toBe(404);
      }
      expect((await send('DELETE', `/Patient/${body.id}?${name}=maybe`)).status).toBe(400);
    });
  });

  describe('History: of a resource, a type, the service', () => {
    it('of a resource: every version, newest first, in the order of the changes', async () => {
      const { body } = await send('POST', '/Patient', patient());
      await send('PUT', `/Patient/${body.id}`, patient({ id: body.id, active: true }));
      await send('DELETE', `/Patient/${body.id}`);
      const history = await send('GET', `/Patient/${body.id}/_history`);
      expect([history.status, history.body.type, history.body.total]).toEqual([200, 'history', 3]);
      const lines = history.body.entry.map(
        (each: { request: { method: string }; response: { status: string; etag: string } }) =>
          `${each.request.method} ${each.response.status} ${each.response.etag}`,
      );
      expect(lines).toEqual(['DELETE 204 NoContent W/"3"', 'PUT 200 OK W/"2"', 'POST 201 Created W/"1"']);
    });

    it('of an id that never was is 404', async () => {
      expect((await send('GET', '/Patient/never/_history')).status).toBe(404);
    });
  });

  describe('ConditionalCreate: no, one, several matches', () => {
    const create = (criteria: string, value: string) =>
      send('POST', '/Patient', tagged(value), { 'If-None-Exist': criteria });

    it('no match 201, one match 200 with what is there, several 412', async () => {
      const first = await create(by('create'), 'create');
      const second = await create(by('create'), 'create');
      expect([first.status, second.status, second.body]).toEqual([201, 200, first.body]);
      expect(second.headers.get('location')).toBe(first.headers.get('location'));
      await send('POST', '/Patient', tagged('create'));
      const third = await create(by('create'), 'create');
      expect([third.status, third.issue]).toEqual([412, 'multiple-matches']);
    });

    it.each([
      ['return=minimal', undefined],
      ['return=representation', 'Patient'],
      ['return=OperationOutcome', 'OperationOutcome'],
    ])('a match with Prefer: %s', async (prefer, type) => {
      const headers = { 'If-None-Exist': by('prefer'), Prefer: prefer };
      await send('POST', '/Patient', tagged('prefer'), headers);
      const { status, body } = await send('POST', '/Patient', tagged('prefer'), headers);
      expect([status, body.resourceType]).toEqual([200, type]);
    });

    it('empty criteria are 400, none that select 412', async () => {
      expect((await create('', 'x')).status).toBe(400);
      expect((await create('_count=1', 'x')).status).toBe(412);
      expect((await create('nonsense=1', 'x')).status).toBe(412);
    });
  });

  describe('ConditionalUpdate: no, one, several matches', () => {
    const update = (value: string, more: object = {}) => send('PUT', `/Patient?${by(value)}`, tagged(value, more));

    it('no match: 201 under a new id, or under the one that is sent', async () => {
      const created = await update('u1');
      expect([created.status, guid.test(created.body.id)]).toEqual([201, true]);
      const upserted = await update('u2', { id: id('u2') });
      expect([upserted.status, upserted.body.id]).toEqual([201, id('u2')]);
    });

    it('one match: 200; with another id 400; several 412; no criteria 400', async () => {
      await update('u3');
      const updated = await update('u3', { active: true });
      expect([updated.status, updated.body.meta.versionId]).toEqual([200, '2']);
      expect((await update('u3', { id: id('other') })).status).toBe(400);
      await send('POST', '/Patient', tagged('u3'));
      expect((await update('u3')).status).toBe(412);
      expect((await send('PUT', '/Patient', tagged('u3'))).status).toBe(400);
      expect((await send('PUT', '/Patient?_meta-history=false', tagged('u3'))).status).toBe(400);
    });

    it('If-Match must hold for the match', async () => {
      await update('u4');
      const headers = { 'If-Match': 'W/"5"' };
      expect((await send('PUT', `/Patient?${by('u4')}`, tagged('u4', { active: true }), headers)).status).toBe(412);
    });
  });

  describe('ConditionalDelete: no, one, several matches', () => {
    const create = (value: string, count: number) =>
      Promise.all(Array.from({ length: count }, () => send('POST', '/Patient', tagged(value))));
    const total = async (value: string) => (await send('GET', `/Patient?${by(value)}&_summary=count`)).body.total;

    it('no match 204, one match 204, several 412, no criteria 412', async () => {
      expect((await send('DELETE', `/Patient?${by('none')}`)).status).toBe(204);
      await create('d1', 1);
      expect((await send('DELETE', `/Patient?${by('d1')}`)).status).toBe(204);
      expect(await total('d1')).toBe(0);
      await create('d2', 2);
      expect((await send('DELETE', `/Patient?${by('d2')}`)).status).toBe(412);
      expect(await total('d2')).toBe(2);
      for (const query of ['', '?_count=5', '?_hardDelete=true', '?_include=Patient:organization']) {
        expect((await send('DELETE', `/Patient${query}`)).status).toBe(412);
      }
    });

    it.each([0, 101, -1, 'x'])('_count=%s is 400', async (count) => {
      expect((await send('DELETE', `/Patient?${by('d3')}&_count=${count}`)).status).toBe(400);
    });

    it('_count deletes up to that many and says how many', async () => {
      await create('d4', 5);
      const deleted = await send('DELETE', `/Patient?${by('d4')}&_count=3`);
      expect([deleted.status, deleted.headers.get('items-deleted'), await total('d4')]).toEqual([204, '3', 2]);
      const rest = await send('DELETE', `/Patient?${by('d4')}&_count=100`);
      expect([rest.headers.get('items-deleted'), await total('d4')]).toEqual(['2', 0]);
    });

    it.each(['_hardDelete', 'hardDelete'])('%s leaves nothing', async (name) => {
      const [one] = await create('d5', 2);
      expect((await send('DELETE', `/Patient?${by('d5')}&_count=2&${name}=true`)).status).toBe(204);
      expect((await send('GET', `/Patient/${one?.body.id}/_history`)).status).toBe(404);
    });

    it('what _include and _revinclude add is deleted too', async () => {
      const organization = await send('POST', '/Organization', { resourceType: 'Organization', name: format });
      const managingOrganization = { reference: `Organization/${organization.body.id}` };
      const { body } = await send('POST', '/Patient', tagged('d6', { managingOrganization }));
      const subject = { reference: `Patient/${body.id}` };
      const observations = await Promise.all([1, 2].map(() => send('POST', '/Observation', observation({ subject }))));
      const kept = await send('POST', '/Observation', observation());
      const includes = '_include=Patient:organization&_revinclude=Observation:subject';
      const deleted = await send('DELETE', `/Patient?${by('d6')}&${includes}`);
      expect([deleted.status, deleted.headers.get('items-deleted')]).toEqual([204, '4']);
      for (const address of [
        `Patient/${body.id}`,
        `Organization/${organization.body.id}`,
        ...observations.map((each) => `Observation/${each.body.id}`),
      ]) {
        expect((await send('GET', `/${address}`)).status).toBe(410);
      }
      expect((await send('GET', `/Observation/${kept.body.id}`)).status).toBe(200);
    });

    it('an include that is not understood is 400 and deletes nothing', async () => {
      await create('d7', 1);
      for (const include of ['_include=Patient', '_include=Patient:colour', '_revinclude=Foo:subject']) {
        expect((await send('DELETE', `/Patient?${by('d7')}&${include}`)).status).toBe(400);
      }
      expect(await total('d7')).toBe(1);
    });
  });
});

describe('ConditionalDelete: more than a search would include', () => {
  it('is 400 and deletes nothing', async () => {
    const send = fhirRequests(`${server.url}/fhir`);
    await send('PUT', '/Patient/large', { resourceType: 'Patient', id: 'large' });
    const entry = Array.from({ length: 500 }, () => ({
      resource: { resourceType: 'Basic', code: { text: 'x' }, subject: { reference: 'Patient/large' } },
      request: { method: 'POST', url: 'Basic' },
    }));
    for (let each = 0; each < 3; each += 1)
      await send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
    const answer = await send('DELETE', '/Patient?_id=large&_revinclude=Basic:patient');
    expect([answer.status, answer.issue]).toEqual([400, 'too-costly']);
    expect((await send('GET', '/Patient/large')).status).toBe(200);
    expect((await send('GET', '/Basic?patient=large&_summary=count')).body.total).toBe(1500);
  });
});
